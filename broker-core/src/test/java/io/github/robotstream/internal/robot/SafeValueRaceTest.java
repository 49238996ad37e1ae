package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.Input;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogSink;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;

/** Commands that come about when the silence is too long, on the threads and the clock of a robot. */
class SafeValueRaceTest {
    private static final Topic<Integer> STEP = Topic.command("step", "int", Integer.class);
    private static final int SAFE = 0;
    private static final int COMMANDS = 300;
    private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    @RepeatedTest(3)
    void noCommandIsHeardTwiceOrAfterALaterOneAndTheLastThatIsHeardIsTheSafeValue() throws Exception {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        Random random = new Random(17);
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                        .withoutNetwork()
                        .logSink(LogSink.none())
                        .topic(STEP, topic -> topic.watchdog(Duration.ofNanos(SILENCE_NANOS), SAFE))
                        .subscribe(STEP, heard::add)
                        .start();
                Input<Integer> input = broker.input(STEP)) {
            for (int i = 1; i <= COMMANDS; i++) {
                broker.publish(STEP, i);
                // Mostly less, and now and then about as long as may be.
                long pause = random.nextInt(4) == 0 ? SILENCE_NANOS + random.nextInt(200_000) - 100_000 : 1_000_000;
                long until = System.nanoTime() + pause;
                while (System.nanoTime() - until < 0) {
                    LockSupport.parkNanos(until - System.nanoTime());
                }
            }
            Awaitility.await("rest")
                    .until(() -> broker.stats().queued() == 0
                            && !heard.isEmpty()
                            && heard.get(heard.size() - 1) == SAFE
                            && input.latestOr(-1, Duration.ZERO) == SAFE);
            BrokerStats stats = broker.stats();
            assertThat(stats.offered()).isEqualTo(stats.delivered() + stats.dropped() + stats.skipped());
        }
        List<Integer> commands = heard.stream().filter(step -> step != SAFE).toList();
        assertThat(commands).isSorted().doesNotHaveDuplicates().isNotEmpty();
    }
}
