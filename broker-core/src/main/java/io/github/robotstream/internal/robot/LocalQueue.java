package io.github.robotstream.internal.robot;

import io.github.robotstream.internal.routing.BoundedQueue;
import io.github.robotstream.internal.routing.RoutedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one subscription of robot code, bounded by count and bytes; one message always has room. Guarded
 * by the lock of whoever owns it.
 *
 * <p>A ring that grows as it is needed, by halves. It grows before a message is put in: an {@code ArrayDeque} that has no memory to grow forgets
 * all that is in it.
 */
final class LocalQueue implements BoundedQueue {
    private static final int FIRST_SLOTS = 8;

    private final Bounds bounds;
    private @Nullable RoutedMessage[] slots = new @Nullable RoutedMessage[FIRST_SLOTS];
    private int oldest;
    private int size;
    private long bytes;
    private long lost;

    LocalQueue(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Adds a message, and returns how many are lost for it, perhaps itself: it is also if there is no memory for it. */
    int add(RoutedMessage message) {
        long before = lost;
        int messageBytes = message.envelope().size();
        boolean hasRoom = !isFull(messageBytes) || BoundedQueue.makeRoom(this, messageBytes, bounds.policy());
        if (hasRoom && (size < slots.length || grow())) {
            slots[wrapped(oldest + size)] = message;
            size++;
            bytes += messageBytes;
        } else {
            lost++;
        }
        return (int) (lost - before);
    }

    @Override
    public boolean isFull(int messageBytes) {
        return size > 0 && (size >= bounds.maxMessages() || bytes + messageBytes > bounds.maxBytes());
    }

    @Override
    public boolean dropOldest() {
        lost++;
        return poll() != null;
    }

    /** {@return how many messages were lost as there was no room} */
    long lost() {
        return lost;
    }

    private int wrapped(int slot) {
        return slot < slots.length ? slot : slot - slots.length;
    }

    private boolean grow() {
        try {
            @Nullable RoutedMessage[] more = new @Nullable RoutedMessage[slots.length + slots.length / 2];
            int tillEnd = slots.length - oldest;
            System.arraycopy(slots, oldest, more, 0, tillEnd);
            System.arraycopy(slots, 0, more, tillEnd, oldest);
            slots = more;
            oldest = 0;
            return true;
        } catch (OutOfMemoryError passing) {
            return false;
        }
    }

    /** The oldest message, or null. */
    @Nullable
    RoutedMessage poll() {
        RoutedMessage message = slots[oldest];
        if (message != null) {
            slots[oldest] = null;
            oldest = wrapped(oldest + 1);
            size--;
            bytes -= message.envelope().size();
        }
        return message;
    }

    /** Takes all, oldest first. */
    List<RoutedMessage> takeAll() {
        List<RoutedMessage> all = new ArrayList<>(size);
        for (RoutedMessage next = poll(); next != null; next = poll()) {
            all.add(next);
        }
        return all;
    }

    /** Forgets all, and returns how many there were. */
    int clear() {
        int all = size;
        Arrays.fill(slots, null);
        oldest = 0;
        size = 0;
        bytes = 0;
        return all;
    }
}
