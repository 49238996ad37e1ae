package io.github.robotstream.internal.routing;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A topic's one place beside the robot lane, for the newest message that found the lane full. It is due once everything was
 * taken from the lane that its publisher can have put there before it: messages of the topic, and commands of any kind.
 */
final class OverflowPlace {
    private final AtomicReference<@Nullable Waiting> waiting = new AtomicReference<>();
    /** The place after that of the topic's last message in the lane. */
    private final AtomicLong afterLast = new AtomicLong();

    private final AtomicBoolean listed = new AtomicBoolean();

    /**
     * A message that waits.
     *
     * @param due the lane's head, when its turn comes
     * @param lost how many messages it replaced, one after the other
     */
    record Waiting(RoutedMessage message, long due, long lost) {}

    // Any thread that publishes.

    @Nullable
    Waiting waiting() {
        return waiting.get();
    }

    /** A message of the topic got a place in the lane. */
    void isInLaneAt(long place) {
        raise(afterLast, place + 1);
    }

    /**
     * Puts a message in the place of the one that waits.
     *
     * @param present what waits, or null
     * @param afterCommands the place after that of the last command in the lane
     * @return false if something else waits by now
     */
    boolean replace(@Nullable Waiting present, RoutedMessage message, long afterCommands) {
        long lost = present == null ? 0 : present.lost() + 1;
        return waiting.compareAndSet(present, new Waiting(message, Math.max(afterCommands, afterLast.get()), lost));
    }

    /** Whether the topic has to be put on the list of those that have something here: it is there once. */
    boolean beginsToBeListed() {
        return !listed.get() && listed.compareAndSet(false, true);
    }

    // The broker thread.

    /** Takes the message if it is due, and tells it how many are lost before it. */
    @Nullable
    RoutedMessage take(long laneHead) {
        for (Waiting next = waiting.get(); next != null && next.due() <= laneHead; next = waiting.get()) {
            if (waiting.compareAndSet(next, null)) {
                next.message().lostBefore(next.lost());
                return next.message();
            }
        }
        return null;
    }

    /** Whether the topic goes back on the list after it was looked at. */
    boolean staysListed() {
        if (waiting.get() != null) {
            return true;
        }
        listed.set(false);
        // Whoever put something here before that line took the topic for listed.
        return waiting.get() != null && beginsToBeListed();
    }

    static void raise(AtomicLong number, long to) {
        long present = number.get();
        while (present < to && !number.compareAndSet(present, to)) {
            present = number.get();
        }
    }
}
