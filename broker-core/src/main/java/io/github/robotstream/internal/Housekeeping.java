package io.github.robotstream.internal;

import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.time.Instant;

/** What the broker looks after now and then: topics that nobody uses, and a wall clock that somebody sets. Broker thread. */
final class Housekeeping {
    private static final Duration TOPICS_EVERY = Duration.ofSeconds(10);
    /** Between the steps of one round, so that one step of the broker thread has one of them. */
    private static final Duration TOPICS_STEP = Duration.ofMillis(1);

    private static final Duration CLOCK_EVERY = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofSeconds(1);
    /** Two readings that are further apart tell nothing of each other. */
    private static final long SLOW_READING_NANOS = 500_000_000;

    private final RoutingContext routing;
    private final BrokerClock clock;
    private final Duration topicIdle;
    private final Runnable onClockStep;
    private long lastNanos;
    private Instant lastWall;
    /** Whether the next step of a round is scheduled already. */
    private boolean sweepWaits;

    /**
     * Looks after nothing yet.
     *
     * @param topicIdle how long nobody uses a topic until it is forgotten
     * @param onClockStep told when the wall clock was set
     */
    Housekeeping(RoutingContext routing, Duration topicIdle, Runnable onClockStep) {
        this.routing = routing;
        this.clock = routing.clock();
        this.topicIdle = topicIdle;
        this.onClockStep = onClockStep;
        this.lastNanos = clock.nanoTime();
        this.lastWall = clock.now();
    }

    void begin() {
        routing.loop().repeat(TOPICS_EVERY.toNanos(), this::beginSweep);
        routing.loop().repeat(CLOCK_EVERY.toNanos(), this::lookAtClock);
    }

    private void beginSweep() {
        if (!sweepWaits) {
            sweepTopics();
        }
    }

    private void sweepTopics() {
        sweepWaits = false;
        if (routing.router().sweepTopics(topicIdle)) {
            routing.loop().schedule(TOPICS_STEP.toNanos(), this::sweepTopics);
            sweepWaits = true;
        }
    }

    private void lookAtClock() {
        long nanos = clock.nanoTime();
        Instant wall = clock.now();
        if (clock.nanoTime() - nanos < SLOW_READING_NANOS) {
            Duration stepped = Duration.between(lastWall.plusNanos(nanos - lastNanos), wall);
            lastNanos = nanos;
            lastWall = wall;
            if (stepped.abs().compareTo(STEP) > 0) {
                tell(stepped);
                onClockStep.run();
            }
        }
    }

    private void tell(Duration stepped) {
        String how = stepped.isNegative() ? " s back" : " s ahead";
        routing.log()
                .accept(LogEntry.of(
                                LogEntry.Level.WARN,
                                "clock_stepped",
                                "the robot's wall clock was set "
                                        + stepped.abs().toSeconds() + how)
                        .attribute("seconds", stepped.toSeconds()));
    }
}
