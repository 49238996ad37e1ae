package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.FlushTask;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop's steps, taken by hand. */
class BrokerLoopTest {
    private final ManualClock clock = new ManualClock();
    private final TopicState pose = Messages.topic("pose");
    private final List<String> done = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private Consumer<RoutedMessage> route = message -> done.add("message " + Messages.value(message));
    private final RobotLane lane = new RobotLane(8192, 1 << 20, Messages.run(), run -> run.forEach(route));
    private final BrokerLoop loop = new BrokerLoop(clock, lane, 0, faults::add);

    /** Does {@code work} turns, one at a time. */
    private final class Countdown extends LoopTask {
        private final String name;
        private int work;

        Countdown(String name, int work) {
            this.name = name;
            this.work = work;
        }

        @Override
        protected boolean take() {
            done.add(name);
            work--;
            return work > 0;
        }
    }

    private static final class Broken extends LoopTask {
        @Override
        protected boolean take() {
            throw new IllegalStateException("turn");
        }
    }

    private void publish(int count) {
        for (int i = 1; i <= count; i++) {
            lane.offer(Messages.message(pose, i));
        }
    }

    private void stepOn() {
        while (loop.step()) {}
    }

    @Test
    void aStepTakesAtMost4096Messages() {
        publish(5000);
        assertThat(loop.step()).isTrue();
        assertThat(done).hasSize(4096);
        assertThat(loop.step()).isFalse();
        assertThat(done).hasSize(5000).endsWith("message 5000");
    }

    @Test
    void aStepTakesMessagesForAboutAMillisecond() {
        Consumer<RoutedMessage> notes = route;
        route = message -> {
            clock.advance(Duration.ofNanos(40_000));
            notes.accept(message);
        };
        publish(5000);
        loop.step();
        assertThat(done).as("a millisecond, looked at now and then").hasSize(32);
    }

    @Test
    void messagesDoNotKeepTurnsAndTimersWaiting() {
        publish(5000);
        loop.wake(new Countdown("turn", 1));
        loop.schedule(0, () -> done.add("timer"));
        loop.step();
        assertThat(done).hasSize(4098).contains("turn", "timer");
    }

    @Test
    void aQueueThatFillsUpIsFlushedBeforeTheNextTurnAddsToIt() {
        FlushTask flush = new FlushTask(() -> done.add("flush"));
        Consumer<RoutedMessage> notes = route;
        Runnable fillsUp = () -> {
            loop.flushAfterwards(flush);
            loop.flushSoon();
        };
        route = message -> {
            notes.accept(message);
            fillsUp.run();
        };
        publish(1);
        loop.wake(new LoopTask() {
            @Override
            protected boolean take() {
                done.add("a");
                fillsUp.run();
                return false;
            }
        });
        loop.wake(new Countdown("b", 1));
        loop.step();
        assertThat(done).containsExactly("message 1", "flush", "a", "flush", "b");
    }

    @Test
    void turnsComeRoundRobin() {
        loop.wake(new Countdown("a", 3));
        loop.wake(new Countdown("b", 1));
        loop.wake(new Countdown("c", 2));
        stepOn();
        assertThat(done).containsExactly("a", "b", "c", "a", "c", "a");
    }

    @Test
    void aStepTakesAtMost64Turns() {
        for (int i = 0; i < 100; i++) {
            loop.wake(new Countdown("turn " + i, 1));
        }
        assertThat(loop.step()).isTrue();
        assertThat(done).hasSize(64);
        assertThat(loop.step()).isFalse();
        assertThat(done).hasSize(100);
    }

    @Test
    void aTurnThatAlwaysAsksForTheNextHasAStepForAbout100Microseconds() {
        AtomicInteger turns = new AtomicInteger();
        loop.wake(new LoopTask() {
            @Override
            protected boolean take() {
                turns.incrementAndGet();
                clock.advance(Duration.ofNanos(40_000));
                return true;
            }
        });
        assertThat(loop.step()).as("more waits").isTrue();
        assertThat(turns).hasValue(3);
    }

    @Test
    void aTurnWaitsOnceHoweverOftenItAsks() {
        LoopTask turn = new Countdown("turn", 1);
        loop.wake(turn);
        loop.wake(turn);
        loop.wake(turn);
        stepOn();
        assertThat(done).containsExactly("turn");
        loop.wake(turn);
        stepOn();
        assertThat(done).containsExactly("turn", "turn");
    }

    @Test
    void aTurnThatIsAskedForWhileItIsTakenComesAgain() {
        loop.wake(new LoopTask() {
            @Override
            protected boolean take() {
                done.add("turn");
                if (done.size() == 1) {
                    loop.wake(this);
                }
                return false;
            }
        });
        stepOn();
        assertThat(done).containsExactly("turn", "turn");
    }

    @Test
    void timersComeInTheOrderOfTheirTimesAndThoseOfOneTimeInTheOrderOfTheCalls() {
        loop.schedule(2_000, () -> done.add("late"));
        for (int i = 0; i < 20; i++) {
            String name = "early " + i;
            loop.schedule(1_000, () -> done.add(name));
        }
        clock.advance(Duration.ofNanos(2_000));
        stepOn();
        assertThat(done)
                .hasSize(21)
                .startsWith("early 0", "early 1", "early 2", "early 3")
                .endsWith("late");
        assertThat(done.subList(0, 20))
                .isEqualTo(java.util.stream.IntStream.range(0, 20)
                        .mapToObj(i -> "early " + i)
                        .toList());
    }

    @Test
    void aTimerIsNeverEarlyAndComesOnce() {
        loop.schedule(1_000, () -> done.add("timer"));
        clock.advance(Duration.ofNanos(999));
        assertThat(loop.step()).isFalse();
        assertThat(done).isEmpty();
        clock.advance(Duration.ofNanos(1));
        stepOn();
        stepOn();
        assertThat(done).containsExactly("timer");
    }

    @Test
    void aTimerThatWasCancelledDoesNotCome() {
        Timers.Timer timer = loop.schedule(1_000, () -> done.add("cancelled"));
        loop.schedule(1_000, () -> done.add("kept"));
        loop.cancel(timer);
        clock.advance(Duration.ofSeconds(1));
        stepOn();
        assertThat(done).containsExactly("kept");
    }

    @Test
    void aTimerThatSchedulesItselfForNowDoesNotHoldTheStep() {
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            done.add("timer");
            loop.schedule(0, again[0]);
        };
        loop.schedule(0, again[0]);
        assertThat(loop.step()).as("more is due").isTrue();
        assertThat(done).hasSize(64);
    }

    @Test
    void whatThrowsIsToldAndHarmsNothingElse() {
        route = message -> {
            if (Messages.value(message) == 2) {
                throw new AssertionError("message");
            }
            done.add("message " + Messages.value(message));
        };
        for (int i = 1; i <= 3; i++) {
            lane.offer(Messages.message(Messages.topic("t" + i), i)); // each a run of its own
        }
        loop.execute(() -> {
            throw new IllegalStateException("command");
        });
        loop.execute(() -> done.add("command"));
        loop.wake(new Broken());
        loop.wake(new Countdown("turn", 1));
        loop.schedule(0, () -> {
            throw new IllegalStateException("timer");
        });
        loop.schedule(0, () -> done.add("timer"));
        loop.flushAfterwards(new FlushTask(() -> {
            throw new IllegalStateException("flush");
        }));
        loop.flushAfterwards(new FlushTask(() -> done.add("flush")));
        stepOn();
        assertThat(done).containsExactly("message 1", "message 3", "command", "turn", "timer", "flush");
        assertThat(faults)
                .extracting(Throwable::getMessage)
                .containsExactly("message", "command", "turn", "timer", "flush");
    }

    /** What there is to be done throws this often before it is done. */
    private Runnable passing(int times, String name) {
        int[] left = {times};
        return () -> {
            if (left[0]-- > 0) {
                throw new OutOfMemoryError(name);
            }
            done.add(name);
        };
    }

    private void stepLater() {
        clock.advance(Duration.ofMillis(99));
        stepOn();
        assertThat(done).as("not at once: it would throw at once").isEmpty();
        clock.advance(Duration.ofMillis(1));
        stepOn();
    }

    @Test
    void aTurnThatThrewComesAgainLaterThoughNobodyAsks() {
        Runnable work = passing(1, "turn");
        loop.wake(new LoopTask() {
            @Override
            protected boolean take() {
                work.run();
                return false;
            }
        });
        stepOn();
        stepLater();
        assertThat(done).containsExactly("turn");
        assertThat(faults).hasSize(1);
    }

    @Test
    void aTimerThatThrewComesAgainLater() {
        loop.schedule(0, passing(1, "timer"));
        stepOn();
        stepLater();
        clock.advance(Duration.ofSeconds(5));
        stepOn();
        assertThat(done).containsExactly("timer");
    }

    @Test
    void aTimerThatThrewAfterItWasCancelledDoesNotCome() {
        Timers.Timer[] own = new Timers.Timer[1];
        own[0] = loop.schedule(0, () -> {
            loop.cancel(own[0]);
            throw new OutOfMemoryError("timer");
        });
        stepOn();
        clock.advance(Duration.ofSeconds(5));
        stepOn();
        assertThat(faults).hasSize(1);
    }

    @Test
    void aFlushThatThrewComesAgainLater() {
        loop.flushAfterwards(new FlushTask(passing(1, "flush")));
        stepOn();
        stepLater();
        clock.advance(Duration.ofSeconds(5));
        stepOn();
        assertThat(done).containsExactly("flush");
    }

    @Test
    void whatIsRepeatedGoesOnAfterItThrew() {
        loop.repeat(2_000, passing(2, "sweep"));
        for (int i = 0; i < 4; i++) {
            stepOn();
            clock.advance(Duration.ofNanos(2_000));
        }
        assertThat(done).containsExactly("sweep", "sweep");
    }

    @Test
    void whoeverIsToldOfFaultsMayThrowToo() {
        RobotLane throwing = new RobotLane(1024, 1 << 20, Messages.run(), message -> {
            throw new IllegalStateException("message");
        });
        BrokerLoop deaf = new BrokerLoop(clock, throwing, 0, fault -> {
            throw new IllegalStateException("told", fault);
        });
        throwing.offer(Messages.message(pose, 1));
        deaf.execute(() -> done.add("command"));
        while (deaf.step()) {}
        assertThat(done).containsExactly("command");
    }

    @Test
    void overflowMessagesAreTakenThoughTheLaneIsAlwaysFull() {
        RobotLane narrow = new RobotLane(
                16, 1 << 20, Messages.run(), run -> done.add(run.first().topic().name()));
        BrokerLoop small = new BrokerLoop(clock, narrow, 0, faults::add);
        TopicState battery = Messages.topic("battery");
        for (int i = 1; i <= 16; i++) {
            narrow.offer(Messages.message(pose, i));
        }
        narrow.offer(Messages.message(battery, 1));
        small.step();
        assertThat(done).contains("battery");
    }

    @Test
    @Timeout(60)
    void whoeverWaitsTakesTheStepsItselfAndNotForLongerThanItSaid() {
        CountDownLatch reached = new CountDownLatch(1);
        publish(5000);
        loop.execute(reached::countDown);
        assertThat(loop.await(reached, TimeUnit.SECONDS.toNanos(30))).isTrue();
        assertThat(done).hasSize(5000);
        assertThat(loop.await(new CountDownLatch(1), 1_000_000)).isFalse();
    }
}
