package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.worker.IntrusiveQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A topic's one place beside the robot lane, for the newest message that found the lane full. It is due once everything was
 * taken from the lane that its publisher can have put there before it: messages of the topic, and commands of any kind.
 */
final class OverflowPlace extends IntrusiveQueue.Node {
    /** At least the place after that of the topic's last message in the lane. */
    final AtomicLong afterLast = new AtomicLong();

    private final AtomicReference<@Nullable Waiting> waiting = new AtomicReference<>();

    /**
     * A message that waits.
     *
     * @param due the lane's head, when its turn comes
     * @param lost how many messages it replaced, one after the other
     */
    record Waiting(RoutedMessage message, long due, long lost) {}

    /** What waits, or null; any thread. */
    @Nullable
    Waiting waiting() {
        return waiting.get();
    }

    /**
     * Puts a message in the place of the one that waits; any thread that publishes.
     *
     * @param present what waits, or null
     * @param laneTail what the lane's head will have reached when it has taken all that is in it now
     * @param afterCommands at least the place after that of the last command in the lane
     * @return false if something else waits by now
     */
    boolean replace(@Nullable Waiting present, RoutedMessage message, long laneTail, long afterCommands) {
        long lost = present == null ? 0 : present.lost() + 1;
        long due = Math.min(laneTail, Math.max(afterCommands, afterLast.get()));
        return waiting.compareAndSet(present, new Waiting(message, due, lost));
    }

    /** Takes the message if it is due, and tells it how many are lost before it; broker thread. */
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
}
