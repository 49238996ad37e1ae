package io.github.robotstream.examples.robot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a clock that only parking and the steps themselves move. */
class ControlLoopTest {
    private static final long START = Long.MAX_VALUE - 35; // nanoTime may overflow, so the loop meets it here

    private final List<Long> steps = new ArrayList<>();
    private long now = START;
    private ControlLoop loop = looping(left -> now += left);

    @Test
    void aLateStepDoesNotDelayThoseAfterIt() {
        runStepsThatTake(4, 4, 13, 4, 4);
        assertThat(steps).containsExactly(0L, 10L, 20L, 33L, 40L);
    }

    @Test
    void aWakeUpBeforeTheDeadlineIsNotAStep() {
        loop = looping(left -> now += Math.max(1, left / 2));
        runStepsThatTake(4, 4, 4);
        assertThat(steps).containsExactly(0L, 10L, 20L);
    }

    @Test
    void aLongPauseIsNotMadeUpForInABurst() {
        runStepsThatTake(4, 1_000, 4, 4);
        assertThat(steps).containsExactly(0L, 10L, 1_010L, 1_020L);
    }

    @Test
    void anInterruptEndsIt() {
        loop.run(() -> {
            steps.add(now);
            Thread.currentThread().interrupt();
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(steps).hasSize(1);
    }

    private ControlLoop looping(java.util.function.LongConsumer park) {
        return new ControlLoop(Duration.ofNanos(10), () -> now, park);
    }

    private void runStepsThatTake(long... durations) {
        Iterator<Long> each = java.util.Arrays.stream(durations).iterator();
        loop.run(() -> {
            steps.add(now - START);
            now += each.next();
            if (!each.hasNext()) {
                loop.stop();
            }
        });
    }
}
