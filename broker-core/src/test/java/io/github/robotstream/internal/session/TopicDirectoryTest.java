package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.protocol.TopicNotice;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.History;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.RobotLane;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.StoredPage;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.TopicTable;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Topics by numbers, for sessions that are told of them; the test takes the broker thread's steps. */
class TopicDirectoryTest {
    private static final Duration A_LOOK = Duration.ofMillis(250);
    private static final int MOST_A_TURN = 64;

    private final ManualClock clock = new ManualClock();
    private final TopicTable topics = new TopicTable("e1", 20_000, 1 << 20, 0);
    private final Router router = new Router(clock, topics, 1 << 20, new Counters(), new NoHistory(), logged -> {});
    private final BrokerLoop loop =
            new BrokerLoop(clock, new RobotLane(16, 1024, new MessageRun(32, 1024), router::route), 0, fault -> {
                throw new AssertionError(fault);
            });
    private final TopicDirectory directory =
            new TopicDirectory(new RoutingContext(clock, loop, router, logged -> {}, (what, cause) -> {}));
    private final AtomicInteger news = new AtomicInteger();
    private final Runnable reader = news::incrementAndGet;

    private void declare(String name) {
        topics.declare(Topic.state(name, "float", Double.class));
    }

    private void run() {
        while (loop.step()) {}
    }

    private int known() {
        int count = 0;
        for (TopicNotice next = directory.next(0); next != null; next = directory.next(next.number())) {
            count++;
        }
        return count;
    }

    @Test
    void tenThousandTopicsAreFoundInShortTurns() {
        for (int i = 0; i < 10_000; i++) {
            declare("t/" + i);
        }
        directory.join(reader);
        loop.step();

        int before = known();
        assertThat(before).isLessThan(10_000);
        for (boolean more = true; more; before = known()) {
            more = directory.take();
            assertThat(known() - before).as("found in a turn").isLessThanOrEqualTo(MOST_A_TURN);
        }
        assertThat(before).isEqualTo(10_000);
    }

    @Test
    void aLongRoundIsFollowedByALongRest() {
        for (int i = 0; i < 10_000; i++) {
            declare("t/" + i);
        }
        directory.join(reader);
        run();
        declare("late");

        clock.advance(A_LOOK.multipliedBy(4));
        run();
        assertThat(known()).isEqualTo(10_000);
        for (int i = 0; i < 16; i++) {
            clock.advance(A_LOOK);
            run();
        }
        assertThat(known()).isEqualTo(10_001);
    }

    @Test
    void nobodyIsToldAndNothingIsLookedAtWhileNothingChanges() {
        declare("pose");
        directory.join(reader);
        run();
        assertThat(news).hasValue(1);

        clock.advance(A_LOOK.multipliedBy(4));
        assertThat(loop.step()).as("a look at the number of changes").isFalse();
        run();

        assertThat(news).hasValue(1);
    }

    @Test
    void withoutReadersNothingIsDone() {
        declare("pose");
        run();
        assertThat(known()).isZero();

        directory.join(reader);
        run();
        directory.leave(reader);
        declare("speed");
        clock.advance(A_LOOK);
        run();

        assertThat(known()).isEqualTo(1);
        assertThat(news).hasValue(1);
    }

    @Test
    void eachTopicHasANumberOfItsOwn() {
        declare("a");
        declare("b");
        directory.join(reader);
        run();
        declare("c");
        clock.advance(A_LOOK);
        run();

        Set<Integer> numbers = new HashSet<>();
        for (TopicNotice next = directory.next(0); next != null; next = directory.next(next.number())) {
            assertThat(numbers.add(next.number())).isTrue();
            assertThat(directory.find(next.number())).contains(next);
        }
        assertThat(numbers).hasSize(3);
        assertThat(directory.find(99)).isEmpty();
    }

    private static final class NoHistory implements History {
        @Override
        public void keep(RoutedMessage message) {}

        @Override
        public void forget(String topic) {}

        @Override
        public boolean isReadable() {
            return false;
        }

        @Override
        public void read(TopicState topic, long afterSequence, int limit, Consumer<StoredPage> then) {
            throw new UnsupportedOperationException();
        }
    }
}
