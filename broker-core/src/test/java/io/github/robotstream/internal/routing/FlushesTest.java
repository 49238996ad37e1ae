package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.FlushTask;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a step of the loop flushes. */
class FlushesTest {
    private final ManualClock clock = new ManualClock();
    private final List<String> done = new ArrayList<>();
    private final RobotLane lane =
            new RobotLane(16, 1 << 20, Messages.run(), run -> run.forEach(message -> done.add("message")));
    private final BrokerLoop loop = loop(0);
    private final BrokerLoop paced = loop(2_000_000);

    private BrokerLoop loop(long intervalNanos) {
        return new BrokerLoop(clock, lane, intervalNanos, fault -> {
            throw new AssertionError(fault);
        });
    }

    @Test
    void eachTouchedSessionIsFlushedAtTheEndOfTheStep() {
        loop.execute(() -> loop.flushAfterwards(new FlushTask(() -> done.add("flush"))));
        TopicState pose = Messages.topic("pose");
        for (int i = 0; i < 3; i++) {
            lane.offer(Messages.message(pose, i));
        }
        loop.step();
        assertThat(done).containsExactly("message", "message", "message", "flush");
    }

    @Test
    void aFlushThatHasMoreToFlushWaitsForTheNextStep() {
        FlushTask[] again = new FlushTask[1];
        again[0] = new FlushTask(() -> {
            done.add("flush");
            loop.flushAfterwards(again[0]);
        });
        loop.flushAfterwards(again[0]);
        assertThat(loop.step()).as("more waits").isTrue();
        assertThat(done).containsExactly("flush");
    }

    @Test
    void withAnIntervalAFlushComesAtOnceAfterRestAndThenNotBeforeTheIntervalIsOver() {
        paced.flushAfterwards(new FlushTask(() -> done.add("first")));
        paced.step();
        assertThat(done).containsExactly("first");
        clock.advance(Duration.ofMillis(1));
        paced.flushAfterwards(new FlushTask(() -> done.add("second")));
        paced.flushAfterwards(new FlushTask(() -> done.add("third")));
        assertThat(paced.step()).as("more to do now").isFalse();
        assertThat(done).containsExactly("first");
        clock.advance(Duration.ofMillis(1));
        paced.step();
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void aQueueThatFillsUpDoesNotWaitForTheInterval() {
        paced.flushAfterwards(new FlushTask(() -> done.add("first")));
        paced.step();
        paced.flushAfterwards(new FlushTask(() -> {
            done.add("half of it");
            paced.flushAfterwards(new FlushTask(() -> done.add("the rest")));
            paced.flushSoon();
        }));
        paced.flushSoon();
        assertThat(paced.step()).as("more to do now").isTrue();
        paced.step();
        assertThat(done).containsExactly("first", "half of it", "the rest");
    }
}
