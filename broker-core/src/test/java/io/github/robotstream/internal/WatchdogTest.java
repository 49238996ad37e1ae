package io.github.robotstream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.RobotLane;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.WatchedThread;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.Standstill;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {
    private final List<LogEntry> told = new CopyOnWriteArrayList<>();

    private final List<Throwable> deaths = new CopyOnWriteArrayList<>();

    /** A thread of which the test says how it goes. */
    private static final class Told implements WatchedThread {
        private long pulse;

        @Override
        public Optional<Thread> thread() {
            return Optional.of(Thread.currentThread());
        }

        @Override
        public long pulse() {
            return pulse;
        }
    }

    private Watchdog over(WatchedThread... watched) {
        return new Watchdog(List.of(watched), entry -> told.add(entry.at(Instant.EPOCH)), deaths::add);
    }

    private static void look(Watchdog dog, int times) {
        for (int i = 0; i < times; i++) {
            dog.look();
        }
    }

    private List<String> events() {
        return told.stream().map(LogEntry::event).toList();
    }

    @Test
    void aThreadThatStandsStillIsToldOfOnceAndOnceMoreWhenItGoesOn() {
        Told thread = new Told();
        Watchdog dog = over(thread);
        look(dog, Watchdog.LOOKS_UNTIL_STUCK);
        assertThat(told).isEmpty();
        look(dog, 100);
        assertThat(events()).containsExactly("thread_stuck");
        assertThat(told.get(0).message())
                .startsWith(Thread.currentThread().getName() + " has stood still for a second, in ")
                .contains("getStackTrace");
        thread.pulse++;
        look(dog, 1);
        thread.pulse = WatchedThread.AT_REST;
        look(dog, 100);

        assertThat(events()).containsExactly("thread_stuck", "thread_goes_on");
        assertThat(told.get(1).attributes())
                .containsEntry("thread", Thread.currentThread().getName());
    }

    @Test
    void aThreadThatRestsOrWorksIsNotToldOf() {
        Told resting = new Told();
        resting.pulse = WatchedThread.AT_REST;
        Told working = new Told();
        Watchdog dog = over(resting, working);
        for (int i = 0; i < 100; i++) {
            working.pulse += i % 3 == 0 ? 1 : 0;
            dog.look();
        }

        assertThat(told).isEmpty();
    }

    @Test
    void aThreadThatHasDiedIsToldOfAndEndsTheBroker() throws Exception {
        Thread dead = new Thread(() -> {}, "dead");
        dead.start();
        dead.join();
        Watchdog dog = over(new WatchedThread() {
            @Override
            public Optional<Thread> thread() {
                return Optional.of(dead);
            }

            @Override
            public long pulse() {
                return 1;
            }
        });
        look(dog, 100);
        assertThat(told)
                .singleElement()
                .satisfies(entry -> assertThat(entry.message()).isEqualTo("dead has ended"));
        assertThat(deaths).singleElement().satisfies(death -> assertThat(death).hasMessage("the thread dead has died"));
    }

    @Test
    void theBrokerThreadIsSeenToStandStillAndToGoOn() throws Exception {
        BrokerLoop loop = new BrokerLoop(
                BrokerClock.SYSTEM, new RobotLane(16, 1024, new MessageRun(32, 1024)), 0, message -> {}, fault -> {
                    throw new AssertionError(fault);
                });
        loop.startThread();
        BrokerProbe probe = new BrokerProbe(loop);
        long first = probe.pulse();
        await().until(() -> probe.pulse() > first + 2);
        Watchdog dog = over(probe);

        try (Standstill standstill = new Standstill()) {
            loop.execute(standstill::here);
            standstill.awaitReached();
            await().until(() -> {
                dog.look();
                return !told.isEmpty();
            });
            assertThat(told.get(0).message()).startsWith("robotstream-broker ").contains("Standstill");
        }
        await().until(() -> {
            dog.look();
            return told.size() > 1;
        });
        loop.end(1_000_000_000);
        assertThat(events()).containsExactly("thread_stuck", "thread_goes_on");
    }
}
