package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Input;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Subscription;
import io.github.robotstream.SubscriptionSettings;
import io.github.robotstream.Topic;
import io.github.robotstream.testing.SteppedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors of the application's: whatever they do, the broker goes on. */
@Timeout(120)
class CallbackExecutorTest {
    private static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);

    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Long> heard = new CopyOnWriteArrayList<>();
    private SteppedBroker stepped;

    private RobotStreamBroker start(Executor executor) throws IOException {
        stepped = new SteppedBroker(builder -> builder.callbackExecutor(executor));
        return stepped.broker;
    }

    @AfterEach
    void close() {
        release.countDown();
        if (stepped != null) {
            stepped.close();
        }
    }

    private void publish(long... values) {
        for (long value : values) {
            stepped.broker.publish(COUNT, value);
        }
        stepped.settle();
    }

    private void awaitRelease() {
        try {
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void listenersRunThere() throws IOException {
        AtomicReference<String> thread = new AtomicReference<>();
        ExecutorService pool = Executors.newSingleThreadExecutor(work -> new Thread(work, "of the application"));
        try {
            start(pool)
                    .subscribe(COUNT, value -> thread.set(Thread.currentThread().getName()));
            publish(1);
            stepped.await("the listener", () -> thread.get() != null);
            assertThat(thread.get()).isEqualTo("of the application");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void oneThatRunsListenersRightThereDoesNotRunThemOnTheBrokerThread() throws Exception {
        RobotStreamBroker broker = start(Runnable::run);
        AtomicReference<Thread> runner = new AtomicReference<>();
        broker.subscribe(COUNT, value -> {
            runner.set(Thread.currentThread());
            awaitRelease();
            heard.add(value);
        });
        Input<Long> input = broker.input(COUNT);
        publish(1, 2, 3);
        stepped.await("the listener", () -> runner.get() != null);
        assertThat(runner.get()).isNotEqualTo(Thread.currentThread());
        assertThat(runner.get().getName()).startsWith("robotstream-dispatch-");
        assertThat(input.drain()).as("the broker goes on").containsExactly(1L, 2L, 3L);
        release.countDown();
        stepped.await("all", () -> heard.size() == 3);
        assertThat(heard).containsExactly(1L, 2L, 3L);
    }

    @Test
    void oneThatBlocksDelaysListenersOnly() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        RobotStreamBroker broker = start(work -> {
            entered.countDown();
            awaitRelease();
            work.run();
        });
        broker.subscribe(COUNT, heard::add);
        Input<Long> input = broker.input(COUNT);
        publish(1);
        assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
        publish(2, 3);
        assertThat(input.drain()).containsExactly(1L, 2L, 3L);
        assertThat(heard).isEmpty();
        release.countDown();
        stepped.await("all", () -> heard.size() == 3);
    }

    /** Refuses the first calls. */
    private static final class Refusing implements Executor {
        private final AtomicInteger calls = new AtomicInteger();
        private final int refused;
        private final Throwable with;

        Refusing(int refused, Throwable with) {
            this.refused = refused;
            this.with = with;
        }

        @Override
        public void execute(Runnable work) {
            if (calls.incrementAndGet() <= refused) {
                if (with instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) with;
            }
            work.run();
        }
    }

    @Test
    void oneThatRefusesForAWhileIsAskedAgainSoThatTheNewestValueIsHeard() throws Exception {
        start(new Refusing(3, new RejectedExecutionException("full")))
                .subscribe(COUNT, heard::add, SubscriptionSettings::keepAll);
        publish(1, 2, 3);
        awaitLater("all, though nothing else was published", () -> heard.size() == 3);
        assertThat(heard).containsExactly(1L, 2L, 3L);
        assertThat(stepped.logged("internal_fault")).isNotEmpty();
    }

    @Test
    void oneThatThrowsAnErrorHurtsNobody() throws Exception {
        start(new Refusing(2, new OutOfMemoryError("not really")))
                .subscribe(COUNT, heard::add, SubscriptionSettings::keepAll);
        publish(1, 2, 3);
        awaitLater("all", () -> heard.size() == 3);
    }

    /** Waits for what is tried again after a while. */
    private void awaitLater(String what, SteppedBroker.Condition condition) {
        stepped.await(what, () -> {
            stepped.clock.advance(Duration.ofMillis(100));
            return condition.holds();
        });
    }

    @Test
    void oneThatAlwaysRefusesCostsMessagesAndNothingElse() throws Exception {
        RobotStreamBroker broker = start(new Refusing(Integer.MAX_VALUE, new RejectedExecutionException("ended")));
        Subscription subscription = broker.subscribe(COUNT, heard::add, settings -> settings.queueLimit(2));
        Input<Long> input = broker.input(COUNT);
        publish(1, 2, 3, 4, 5);
        assertThat(input.drain()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(subscription.dropped()).isEqualTo(3);
        assertThat(heard).isEmpty();
    }

    @Test
    void oneThatRunsEverythingTwiceIsNoReasonToHearAnythingTwice() throws Exception {
        start(work -> {
                    work.run();
                    work.run();
                })
                .subscribe(COUNT, heard::add);
        publish(1, 2, 3);
        stepped.await("all", () -> heard.size() >= 3);
        publish(4);
        stepped.await("one more", () -> heard.contains(4L));
        assertThat(heard).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void oneThatRunsEverythingOnTwoThreadsIsNoReasonToBeHeardTwiceAtOnce() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        start(work -> {
                    new Thread(work).start();
                    new Thread(work).start();
                })
                .subscribe(COUNT, value -> {
                    together.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(100_000);
                    inside.decrementAndGet();
                    heard.add(value);
                });
        for (long i = 1; i <= 100; i++) {
            publish(i);
        }
        stepped.await("all", () -> heard.size() == 100);
        assertThat(together).hasValue(1);
        assertThat(heard).isSorted();
    }

    @Test
    void oneThatThrowsAfterItRanTheListenerIsNotAskedAgain() throws Exception {
        start(work -> {
                    work.run();
                    throw new IllegalStateException("too late");
                })
                .subscribe(COUNT, heard::add);
        publish(1);
        stepped.await("the first", () -> heard.size() == 1);
        publish(2);
        stepped.await("the second", () -> heard.size() == 2);
        assertThat(heard).containsExactly(1L, 2L);
    }

    /** Keeps what it is given until the test does it, one at a time. */
    private static final class ByHand implements Executor {
        private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

        @Override
        public void execute(Runnable work) {
            waiting.add(work);
        }

        void doNext() {
            Runnable next = waiting.poll();
            assertThat(next).as("something waits").isNotNull();
            next.run();
        }
    }

    @Test
    void aBusySubscriptionLetsOthersHaveTheirTurn() throws Exception {
        ByHand executor = new ByHand();
        RobotStreamBroker broker = start(executor);
        Topic<Long> other = Topic.state("other", "int", Long.class);
        List<Long> others = new CopyOnWriteArrayList<>();
        broker.subscribe(COUNT, heard::add);
        broker.subscribe(other, others::add);
        for (long i = 1; i <= 200; i++) {
            broker.publish(COUNT, i);
        }
        broker.publish(other, 1L);
        stepped.await("both wait", () -> executor.waiting.size() == 2);
        executor.doNext();
        executor.doNext();
        assertThat(others).containsExactly(1L);
        assertThat(heard).hasSizeLessThan(200);
        while (heard.size() < 200) {
            stepped.await("the rest", () -> !executor.waiting.isEmpty());
            executor.doNext();
        }
    }
}
