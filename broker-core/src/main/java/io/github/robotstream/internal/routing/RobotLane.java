package io.github.robotstream.internal.routing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The robot's entrance to the broker thread: messages and commands of robot code, in the order of the calls. Producers take
 * no lock and never wait for a message's place.
 *
 * <p>Messages are bounded by count and bytes. One that finds no place becomes its topic's overflow message, and replaces the
 * one that waited there: that one is lost, and its number is missing from the sequence. So of each topic the newest value
 * always arrives. It follows the topic's messages in the lane: it is taken once none of them is left there.
 */
public final class RobotLane {
    private static final long COMMAND_WAIT_NANOS = 100_000;

    private final MpscRing<Object> ring;
    private final int maxMessages;
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean closed;
    /** Topics that have an overflow message, each once: it is bounded by the number of topics. */
    private final Queue<TopicState> overflowing = new ConcurrentLinkedQueue<>();

    /**
     * An empty lane.
     *
     * @param maxMessages how many messages it holds; as many commands find room beside them
     * @param maxBytes how many bytes of messages it holds
     */
    public RobotLane(int maxMessages, long maxBytes) {
        this.ring = new MpscRing<>(2 * maxMessages);
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Takes a message; any thread. It is never refused, but it may push out an older one of its topic. */
    void offer(RoutedMessage message) {
        TopicState topic = message.topic();
        while (true) {
            RoutedMessage waiting = topic.overflow.get();
            if (waiting != null) {
                message.replaces(waiting);
                if (topic.overflow.compareAndSet(waiting, message)) {
                    return;
                }
            } else if (offerInOrder(message)) {
                return;
            } else if (topic.overflow.compareAndSet(null, message)) {
                overflowing.add(topic);
                return;
            }
        }
    }

    private boolean offerInOrder(RoutedMessage message) {
        int size = message.envelope().size();
        if (ring.size() >= maxMessages || bytes.get() + size > maxBytes) {
            return false;
        }
        // Counted first: the broker thread must not take the overflow message that may follow before this one.
        message.topic().inLane.incrementAndGet();
        bytes.addAndGet(size);
        if (ring.offer(message)) {
            return true;
        }
        bytes.addAndGet(-size);
        message.topic().inLane.decrementAndGet();
        return false;
    }

    /**
     * Takes a command; any thread but the broker's. Waits while as many commands stand before it as the lane holds, unless
     * the lane is closed, which leaves the command undone.
     */
    void offer(Runnable command) {
        while (!closed && !ring.offer(command)) {
            LockSupport.parkNanos(this, COMMAND_WAIT_NANOS);
        }
    }

    /** Nothing is taken out any more. */
    void close() {
        closed = true;
    }

    /**
     * Hands over what stands first; broker thread.
     *
     * @return whether there was something
     */
    boolean take(Consumer<RoutedMessage> messages) {
        Object next = ring.poll();
        if (next == null) {
            return false;
        }
        if (next instanceof RoutedMessage message) {
            bytes.addAndGet(-message.envelope().size());
            message.topic().inLane.decrementAndGet();
            messages.accept(message);
        } else {
            ((Runnable) next).run();
        }
        return true;
    }

    /**
     * Hands over overflow messages whose turn has come; broker thread.
     *
     * @param most at most how many topics are looked at
     */
    void takeOverflow(Consumer<RoutedMessage> messages, int most) {
        for (int i = 0; i < most; i++) {
            TopicState topic = overflowing.poll();
            if (topic == null) {
                return;
            }
            RoutedMessage message = takeOverflow(topic);
            if (message == null) {
                overflowing.add(topic);
            } else {
                messages.accept(message);
            }
        }
    }

    private static @Nullable RoutedMessage takeOverflow(TopicState topic) {
        // Read in this order: whoever put this message here has counted what it put into the lane before.
        RoutedMessage message = topic.overflow.get();
        if (message != null && topic.inLane.get() == 0 && topic.overflow.compareAndSet(message, null)) {
            return message;
        }
        return null;
    }

    boolean isEmpty() {
        return ring.isEmpty() && overflowing.isEmpty();
    }
}
