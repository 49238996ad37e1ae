package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads publish and give commands; whatever the lane's size, the account of each topic is exact. */
@Timeout(120)
class RobotLaneStressTest {
    private static final int PRODUCERS = 4;
    private static final int EACH = 60_000;
    private static final int COMMAND_EVERY = 97;

    /** What has come of each topic; touched by the consuming thread alone. */
    private final Map<String, Long> last = new HashMap<>();

    /** What each topic's producer had published when it gave the last command that was done. */
    private final Map<String, Long> beforeCommand = new HashMap<>();

    private final List<String> faults = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger(PRODUCERS);
    private int commands;

    @ParameterizedTest
    @ValueSource(ints = {2, 16, 1024})
    void everyTopicsNumbersAreWithoutAGapButForWhatWasTold(int messages) throws InterruptedException {
        long[] sharedCount = new long[1];
        RobotLane lane = new RobotLane(
                messages, 1 << 20, Messages.run(), run -> run.forEach(message -> account(message, sharedCount)));
        TopicState shared = Messages.topic("shared");
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            TopicState own = Messages.topic("own " + p);
            Thread thread = new Thread(() -> produce(lane, own, shared, start));
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        while (running.get() > 0 || !lane.isEmpty()) {
            boolean some = false;
            for (int i = 0; i < 5; i++) {
                some |= lane.take() > 0;
            }
            lane.takeOverflow(64);
            if (!some) {
                LockSupport.parkNanos(1_000);
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(faults).isEmpty();
        assertThat(commands).isEqualTo(PRODUCERS * (EACH / COMMAND_EVERY));
        for (int p = 0; p < PRODUCERS; p++) {
            assertThat(last).as("the newest value arrives").containsEntry("own " + p, (long) EACH);
        }
        assertThat(sharedCount[0]).as("came or told as lost").isEqualTo((long) PRODUCERS * EACH);
    }

    @Test
    void aMessageThatComesWhileItsForerunnerIsTakenIsNotLeftBehind() throws InterruptedException {
        AtomicLong taken = new AtomicLong();
        RobotLane lane = new RobotLane(16, 1, Messages.run(), run -> taken.set(Messages.value(run.first())));
        TopicState topic = Messages.topic("overflowing");
        AtomicBoolean stop = new AtomicBoolean();
        Thread consumer = new Thread(() -> {
            while (!stop.get()) {
                lane.takeOverflow(64);
            }
        });
        consumer.start();
        for (long i = 1; i <= 4_000; i += 2) {
            lane.offer(Messages.message(topic, i));
            while (topic.overflow.waiting() != null) {
                Thread.onSpinWait();
            }
            lane.offer(Messages.message(topic, i + 1));
            while (taken.get() <= i) {
                Thread.onSpinWait();
            }
        }
        stop.set(true);
        consumer.join();
    }

    private void produce(RobotLane lane, TopicState own, TopicState shared, CountDownLatch start) {
        try {
            start.await();
            for (long i = 1; i <= EACH; i++) {
                lane.offer(Messages.message(own, i));
                lane.offer(Messages.message(shared, i));
                if (i % COMMAND_EVERY == 0) {
                    long published = i;
                    lane.offer(() -> command(own, published));
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            running.decrementAndGet();
        }
    }

    private void account(RoutedMessage message, long[] sharedCount) {
        String topic = message.topic().name();
        if (topic.equals("shared")) {
            sharedCount[0] += 1 + message.lostBefore();
            return;
        }
        long before = last.getOrDefault(topic, 0L);
        long value = Messages.value(message);
        if (value != before + message.lostBefore() + 1) {
            faults.add(topic + ": " + value + " after " + before + " and " + message.lostBefore() + " lost");
        }
        if (value <= beforeCommand.getOrDefault(topic, 0L)) {
            faults.add(topic + ": " + value + " came after a command that was given later");
        }
        last.put(topic, value);
    }

    private void command(TopicState own, long published) {
        commands++;
        long came = last.getOrDefault(own.name(), 0L);
        if (came > published) {
            faults.add(own.name() + ": " + came + " came before the command that was given after " + published);
        }
        beforeCommand.put(own.name(), published);
    }
}
