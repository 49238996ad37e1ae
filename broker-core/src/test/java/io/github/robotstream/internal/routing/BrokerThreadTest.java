package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.FlushTask;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop on a thread of its own, which parks for ever unless it is woken. */
@Timeout(120)
class BrokerThreadTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

    private final Semaphore routed = new Semaphore(0);
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private final RobotLane lane = lane(1024);
    private final BrokerLoop loop = new BrokerLoop(BrokerClock.SYSTEM, lane, 0, fault::set, TimeUnit.HOURS.toNanos(1));

    private RobotLane lane(int messages) {
        return new RobotLane(messages, 1 << 20, Messages.run(), run -> routed.release(run.size()));
    }

    private void publish(RoutedMessage message) {
        lane.offer(message);
        loop.entranceHasMore();
    }

    @AfterEach
    void end() {
        loop.end(LIMIT);
    }

    private static final class Bell extends LoopTask {
        private final Semaphore rung = new Semaphore(0);

        @Override
        protected boolean take() {
            rung.release();
            return false;
        }
    }

    private void await(Semaphore semaphore, int permits) throws InterruptedException {
        assertThat(semaphore.tryAcquire(permits, LIMIT, TimeUnit.NANOSECONDS))
                .as("the broker thread sleeps though something waits")
                .isTrue();
    }

    @Test
    void noWakeUpIsLostHoweverTheThreadFallsAsleep() throws InterruptedException {
        TopicState pose = Messages.topic("pose");
        Bell bell = new Bell();
        loop.startThread();
        for (int i = 0; i < 20_000; i++) {
            switch (i % 3) {
                case 0 -> {
                    publish(Messages.message(pose, i));
                    await(routed, 1);
                }
                case 1 -> {
                    loop.wake(bell);
                    await(bell.rung, 1);
                }
                default -> {
                    CountDownLatch reached = new CountDownLatch(1);
                    loop.execute(reached::countDown);
                    assertThat(loop.await(reached, LIMIT)).isTrue();
                }
            }
        }
    }

    @Test
    void noWakeUpIsLostWithManyThreads() throws InterruptedException {
        int each = 5_000;
        AtomicInteger done = new AtomicInteger();
        loop.startThread();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            TopicState own = Messages.topic("t" + t);
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    CountDownLatch reached = new CountDownLatch(1);
                    publish(Messages.message(own, i));
                    loop.execute(reached::countDown);
                    if (!loop.await(reached, LIMIT)) {
                        return;
                    }
                    done.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(done).hasValue(4 * each);
        await(routed, 4 * each);
    }

    /** A loop that has just flushed, and naps for an hour unless something wakes it. */
    private BrokerLoop napping(RobotLane of) {
        BrokerLoop drowsy = new BrokerLoop(
                BrokerClock.SYSTEM, of, TimeUnit.HOURS.toNanos(1), fault::set, TimeUnit.HOURS.toNanos(1));
        drowsy.startThread();
        CountDownLatch reached = new CountDownLatch(1); // before that, the command has a place in the lane
        drowsy.execute(() -> {
            drowsy.flushAfterwards(new FlushTask(() -> {}));
            reached.countDown();
        });
        assertThat(drowsy.await(reached, LIMIT)).isTrue();
        return drowsy;
    }

    @Test
    void whatClientsAskForIsDoneWhileAFlushIsWaitedFor() throws InterruptedException {
        RobotLane entrance = lane(64);
        BrokerLoop drowsy = napping(entrance);
        Bell bell = new Bell();
        for (int i = 0; i < 5_000; i++) {
            drowsy.wake(bell);
            await(bell.rung, 1);
            CountDownLatch reached = new CountDownLatch(1);
            drowsy.execute(reached::countDown);
            assertThat(drowsy.await(reached, LIMIT)).isTrue();
        }
        drowsy.end(LIMIT);
    }

    @Test
    void aLaneThatFillsUpIsEmptiedWhileAFlushIsWaitedFor() throws InterruptedException {
        RobotLane entrance = lane(64);
        BrokerLoop drowsy = napping(entrance);
        TopicState pose = Messages.topic("pose");
        int offered = 0;
        int taken = 0;
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < 32; i++) {
                entrance.offer(Messages.message(pose, i));
                drowsy.entranceHasMore();
                offered++;
            }
            // Half of the lane's 64 places may be taken while the thread sleeps, and there is room for as much again:
            // none is lost.
            int due = offered - 32 - taken;
            await(routed, due);
            taken += due;
        }
        drowsy.end(LIMIT);
    }

    @Test
    void theEndComesWhileAFlushIsWaitedFor() {
        RobotLane entrance = lane(64);
        BrokerLoop drowsy = napping(entrance);
        long began = System.nanoTime();
        drowsy.end(LIMIT);
        assertThat(System.nanoTime() - began).isLessThan(LIMIT);
    }

    @Test
    void aTimerWakesTheThreadByItself() throws InterruptedException {
        Semaphore came = new Semaphore(0);
        loop.startThread();
        loop.execute(() -> loop.schedule(1_000_000, came::release));
        await(came, 1);
    }

    @Test
    void theThreadOutlivesErrors() throws InterruptedException {
        loop.startThread();
        loop.execute(() -> {
            throw new StackOverflowError("deep");
        });
        CountDownLatch reached = new CountDownLatch(1);
        loop.execute(reached::countDown);
        assertThat(loop.await(reached, LIMIT)).isTrue();
        assertThat(fault.get()).hasMessage("deep");
    }

    @Test
    void afterTheEndNothingIsDoneAndNobodyWaits() throws InterruptedException {
        AtomicReference<Thread> broker = new AtomicReference<>();
        CountDownLatch reached = new CountDownLatch(1);
        loop.startThread();
        loop.execute(() -> {
            broker.set(Thread.currentThread());
            reached.countDown();
        });
        assertThat(loop.await(reached, LIMIT)).isTrue();
        assertThat(broker.get().getName()).isEqualTo("robotstream-broker");
        assertThat(broker.get().isDaemon()).isTrue();
        loop.end(LIMIT);
        assertThat(broker.get().isAlive()).isFalse();
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 10_000; i++) {
            loop.execute(never::countDown);
        }
        assertThat(never.getCount()).isEqualTo(1);
    }

    @Test
    void theBrokerThreadMayEndItself() throws InterruptedException {
        AtomicReference<Thread> broker = new AtomicReference<>();
        Semaphore ended = new Semaphore(0);
        loop.startThread();
        loop.execute(() -> {
            broker.set(Thread.currentThread());
            loop.end(LIMIT);
            ended.release();
        });
        await(ended, 1);
        broker.get().join();
    }
}
