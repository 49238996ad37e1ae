package io.github.robotstream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.RobotLane;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.Heartbeat;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.Standstill;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {
    private final List<LogEntry> told = new CopyOnWriteArrayList<>();

    private final List<Throwable> deaths = new CopyOnWriteArrayList<>();

    private final Heartbeat heartbeat = new Heartbeat(Thread.currentThread());

    private Watchdog over(Heartbeat... watched) {
        return new Watchdog(() -> List.of(watched), entry -> told.add(entry.at(Instant.EPOCH)), deaths::add);
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
        heartbeat.beat();
        Watchdog dog = over(heartbeat);
        look(dog, Watchdog.LOOKS_UNTIL_STUCK);
        assertThat(told).isEmpty();
        look(dog, 100);
        assertThat(events()).containsExactly("thread_stuck");
        assertThat(told.get(0).message())
                .as("where is for the robot's own people")
                .isEqualTo(Thread.currentThread().getName() + " has stood still for a second");
        assertThat(told.get(0).detail().orElseThrow()).contains("getStackTrace");
        heartbeat.beat();
        heartbeat.beat();
        look(dog, 1);
        heartbeat.beat();
        look(dog, 100);

        assertThat(events()).containsExactly("thread_stuck", "thread_goes_on");
        assertThat(told.get(1).attributes())
                .containsEntry("thread", Thread.currentThread().getName());
    }

    @Test
    void aThreadThatRestsOrWorksIsNotToldOf() {
        Heartbeat working = new Heartbeat(Thread.currentThread());
        working.beat();
        Watchdog dog = over(heartbeat, working);
        for (int i = 0; i < 100; i++) {
            if (i % 3 == 0) {
                working.beat();
                working.beat();
            }
            dog.look();
        }

        assertThat(told).isEmpty();
    }

    @Test
    void aThreadThatHasDiedIsToldOfAndEndsTheBroker() throws Exception {
        Thread dead = new Thread(() -> {}, "dead");
        dead.start();
        dead.join();
        Watchdog dog = over(new Heartbeat(dead));
        look(dog, 100);
        assertThat(told)
                .singleElement()
                .satisfies(entry -> assertThat(entry.message()).isEqualTo("dead has ended"));
        assertThat(deaths).singleElement().satisfies(death -> assertThat(death).hasMessage("the thread dead has died"));
    }

    @Test
    void theBrokerThreadIsSeenToStandStillAndToGoOn() throws Exception {
        BrokerLoop loop = new BrokerLoop(
                BrokerClock.SYSTEM, new RobotLane(16, 1024, new MessageRun(32, 1024), message -> {}), 0, fault -> {
                    throw new AssertionError(fault);
                });
        loop.startThread();
        Heartbeat broker = loop.heartbeat().orElseThrow();
        await().until(() -> broker.count() == Heartbeat.AT_REST);
        Watchdog dog = over(broker);
        look(dog, 100);
        assertThat(told).isEmpty();

        try (Standstill standstill = new Standstill()) {
            loop.execute(standstill::here);
            standstill.awaitReached();
            await().until(() -> {
                dog.look();
                return !told.isEmpty();
            });
            assertThat(told.get(0).message()).startsWith("robotstream-broker ");
            assertThat(told.get(0).detail().orElseThrow()).contains("Standstill");
        }
        await().until(() -> {
            dog.look();
            return told.size() > 1;
        });
        loop.end(1_000_000_000);
        assertThat(events()).containsExactly("thread_stuck", "thread_goes_on");
    }
}
