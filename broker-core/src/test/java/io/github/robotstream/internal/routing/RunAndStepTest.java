package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.FlushTask;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.testing.Standstill;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps that another thread takes while the broker thread is parked, which it is for ever unless it is woken. */
@Timeout(120)
class RunAndStepTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

    private final Semaphore routed = new Semaphore(0);
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final RobotLane lane = new RobotLane(1024, 1 << 20, Messages.run(), run -> routed.release(run.size()));
    private final BrokerLoop loop = loop(0);

    private BrokerLoop loop(long flushIntervalNanos) {
        return new BrokerLoop(BrokerClock.SYSTEM, lane, flushIntervalNanos, faults::add, TimeUnit.HOURS.toNanos(1));
    }

    @BeforeEach
    void begin() {
        loop.startThread();
    }

    @AfterEach
    void end() {
        loop.end(LIMIT);
    }

    /** A turn that does something, and by whom it was taken. */
    private static final class Turn extends LoopTask {
        private final Semaphore taken = new Semaphore(0);
        private final Runnable action;
        private volatile Thread thread = Thread.currentThread();
        private volatile String by = "";

        Turn(Runnable action) {
            this.action = action;
        }

        @Override
        protected boolean take() {
            thread = Thread.currentThread();
            by = thread.getName();
            taken.release();
            action.run();
            return false;
        }
    }

    /** A turn that does something only where it is taken inline. */
    private static Turn inlineTurn(Runnable action) {
        return new Turn(() -> {
            if (Thread.currentThread().getName().equals("inline")) {
                action.run();
            }
        });
    }

    private static void take(Semaphore semaphore) throws InterruptedException {
        assertThat(semaphore.tryAcquire(LIMIT, TimeUnit.NANOSECONDS))
                .as("the broker thread sleeps though something waits")
                .isTrue();
    }

    /** Asks for the turn on a thread of this name until that takes it itself. */
    private static Thread takeInline(BrokerLoop loop, Turn turn) {
        Thread thread = new Thread(
                () -> {
                    while (!turn.by.equals("inline")) {
                        loop.runAndStep(() -> loop.wake(turn));
                        Thread.onSpinWait();
                    }
                },
                "inline");
        thread.start();
        return thread;
    }

    @Test
    void whoBringsWorkWhileTheBrokerThreadIsParkedTakesTheStep() throws Exception {
        Turn turn = new Turn(() -> {});
        takeInline(loop, turn).join();
        assertThat(turn.by).isEqualTo("inline");
    }

    @Test
    void theBrokerThreadGoesOnWhereAnotherHasTakenAStep() throws Exception {
        takeInline(loop, new Turn(() -> {})).join();
        Turn turn = new Turn(() -> {});
        loop.wake(turn);
        take(turn.taken);
        assertThat(turn.by).isEqualTo("robotstream-broker");
    }

    @Test
    void whileOneThreadTakesAStepNoOtherTakesOne() throws Exception {
        Standstill standstill = new Standstill();
        Thread inline = takeInline(loop, inlineTurn(standstill::here));
        standstill.awaitReached();
        Turn other = new Turn(() -> {});
        loop.runAndStep(() -> loop.wake(other));
        assertThat(other.taken.availablePermits()).isZero();
        standstill.close();
        take(other.taken);
        inline.join();
    }

    @Test
    void allThatManyThreadsAskForIsDoneAndEachStepSeesWhatTheLastDid() throws Exception {
        int each = 20_000;
        int[] count = new int[1]; // plain: handed over with the step
        AtomicInteger taken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            boolean inline = t % 2 == 0;
            Turn turn = new Turn(() -> {
                count[0]++;
                taken.incrementAndGet();
            });
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    if (inline) {
                        loop.runAndStep(() -> loop.wake(turn));
                    } else {
                        loop.wake(turn);
                    }
                    turn.taken.acquireUninterruptibly();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        CountDownLatch last = new CountDownLatch(1);
        loop.execute(last::countDown);
        assertThat(loop.await(last, LIMIT)).isTrue();
        assertThat(count[0]).isEqualTo(taken.get()).isEqualTo(4 * each);
    }

    @Test
    void whatOthersAskForDuringAStepIsDoneAfterIt() throws Exception {
        for (int i = 0; i < 200; i++) {
            Standstill standstill = new Standstill();
            Turn held = inlineTurn(standstill::here);
            Thread inline = takeInline(loop, held);
            standstill.awaitReached();
            Turn other = new Turn(() -> {});
            loop.wake(other);
            lane.offer(Messages.message(Messages.topic("pose"), i));
            loop.entranceHasMore();
            standstill.close();
            take(other.taken);
            take(routed);
            inline.join();
        }
    }

    @Test
    void theBrokerThreadWaitsForTheEndOfAStepAndThenGoesOn() throws Exception {
        Turn broker = new Turn(() -> {});
        loop.wake(broker);
        take(broker.taken);
        Standstill standstill = new Standstill();
        Turn held = inlineTurn(standstill::here);
        Thread inline = takeInline(loop, held);
        standstill.awaitReached();
        Turn other = new Turn(() -> {});
        loop.wake(other);
        await().until(() -> Arrays.stream(broker.thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("own")));
        assertThat(other.taken.availablePermits()).isZero();
        standstill.close();
        take(other.taken);
        inline.join();
    }

    @Test
    void aTimerThatIsDueEarlierThanTheBrokerThreadIsParkedComes() throws Exception {
        Semaphore came = new Semaphore(0);
        Turn turn = inlineTurn(() -> loop.schedule(1_000_000, came::release));
        takeInline(loop, turn).join();
        take(came);
    }

    @Test
    void aFlushThatIsNotDueYetComes() throws Exception {
        BrokerLoop slow = loop(20_000_000);
        slow.startThread();
        Semaphore flushed = new Semaphore(0);
        FlushTask flush = new FlushTask(flushed::release);
        for (int i = 0; i < 5; i++) {
            // A flush by the broker thread would have it nap, not park.
            Turn turn = inlineTurn(() -> slow.flushAfterwards(flush));
            Thread inline = takeInline(slow, turn);
            inline.join();
            take(flushed);
        }
        slow.end(LIMIT);
    }

    @Test
    void aTurnThatThrowsIsToldAndComesAgain() throws Exception {
        Turn turn = inlineTurn(() -> {
            throw new IllegalStateException("turn");
        });
        takeInline(loop, turn).join();
        await().until(() -> turn.by.equals("robotstream-broker"));
        assertThat(faults).isNotEmpty().allSatisfy(fault -> assertThat(fault).hasMessage("turn"));
    }

    @Test
    void whatTheWorkThrowsComesOutAndHarmsNothing() throws Exception {
        for (int i = 0; i < 100; i++) {
            Turn turn = new Turn(() -> {});
            assertThatThrownBy(() -> loop.runAndStep(() -> {
                        loop.wake(turn);
                        throw new IllegalStateException("work");
                    }))
                    .hasMessage("work");
            take(turn.taken);
        }
    }

    @Test
    void afterTheEndNobodyTakesAStep() {
        loop.end(LIMIT);
        Turn turn = new Turn(() -> {});
        loop.runAndStep(() -> loop.wake(turn));
        assertThat(turn.by).isEmpty();
    }
}
