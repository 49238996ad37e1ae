package io.github.robotstream.endurance;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A topic on which a robot commands itself now and then and falls silent, to see how late its listener hears the safe value. */
final class WatchedTopic {
    static final Duration SILENCE = Duration.ofMillis(100);

    private static final Topic<Integer> SPEED = Topic.command("watched", "int", Integer.class);
    private static final int SAFE = 0;
    private static final int DRIVES = 1;
    /** For the episode and its safe value, however late. */
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    private volatile long drivenNanos;
    private volatile long safeNanos;
    private int episodes;
    private int ended;
    private long slowestNanos;

    /** Declares it. */
    void on(BrokerBuilder builder) {
        builder.topic(SPEED, topic -> topic.watchdog(SILENCE, SAFE)).subscribe(SPEED, this::hear);
    }

    private void hear(int speed) {
        if (speed == SAFE) {
            safeNanos = System.nanoTime();
        } else {
            drivenNanos = System.nanoTime();
        }
    }

    /** One episode: a command, and the wait for what comes of it. A command that comes too late to be heard begins none. */
    void episode(RobotStreamBroker broker) {
        long began = System.nanoTime();
        broker.publish(SPEED, DRIVES);
        while (System.nanoTime() - began < PERIOD_NANOS) {
            LockSupport.parkNanos(this, began + PERIOD_NANOS - System.nanoTime());
        }
        if (drivenNanos - began >= 0) {
            episodes++;
            if (safeNanos - began >= 0) {
                ended++;
                slowestNanos = Math.max(slowestNanos, safeNanos - began - SILENCE.toNanos());
            }
        }
    }

    // After the end.

    /** Episodes in which the listener heard the command. */
    int episodes() {
        return episodes;
    }

    /** Those in which it heard the safe value. */
    int ended() {
        return ended;
    }

    /** How much later than the silence that is allowed it heard that at worst. */
    long slowestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(slowestNanos);
    }
}
