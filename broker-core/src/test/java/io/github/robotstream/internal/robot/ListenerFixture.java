package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicListener;
import io.github.robotstream.testing.SteppedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A broker that is stepped by hand, and a listener that stands still, for tests of listeners. */
abstract class ListenerFixture {
    static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);

    final CountDownLatch release = new CountDownLatch(1);
    SteppedBroker stepped;
    RobotStreamBroker broker;

    @BeforeEach
    void start() throws IOException {
        stepped = new SteppedBroker();
        broker = stepped.broker;
    }

    @AfterEach
    void close() {
        release.countDown();
        stepped.close();
    }

    void publish(long... values) {
        for (long value : values) {
            broker.publish(COUNT, value);
        }
        stepped.settle();
    }

    /** Lets so much time go by, and listeners hear what is due by then. */
    void advance(Duration time) {
        stepped.clock.advance(time);
        stepped.settle();
        long began = System.nanoTime();
        while (!TestHooks.isIdle(broker)) {
            assertThat(System.nanoTime() - began)
                    .as("a wait for listeners")
                    .isLessThan(SteppedBroker.PATIENCE.toNanos());
            LockSupport.parkNanos(20_000);
            stepped.settle();
        }
    }

    void awaitRelease() {
        try {
            assertThat(release.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A listener that stands still in its first call until the test lets it go. */
    final class Stuck implements TopicListener<Long> {
        final List<Long> heard = new CopyOnWriteArrayList<>();
        final CountDownLatch entered = new CountDownLatch(1);

        @Override
        public void onMessage(Long value) {
            heard.add(value);
            entered.countDown();
            awaitRelease();
        }

        void awaitEntered() throws InterruptedException {
            assertThat(entered.await(SteppedBroker.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }
}
