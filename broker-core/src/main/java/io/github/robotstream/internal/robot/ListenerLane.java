package io.github.robotstream.internal.robot;

import io.github.robotstream.LossCause;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicListener;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Subscriber;
import io.github.robotstream.internal.routing.Tally;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of robot code with a listener: a bounded queue that one callback thread at a time empties.
 *
 * <pre>
 * IDLE ── offer() ──> SERVED ── the queue is empty, or the executor refused ──> IDLE
 * </pre>
 *
 * <p>Its lock is held for a few steps only, never while the listener runs.
 */
final class ListenerLane<T> extends Subscriber {
    private static final int MESSAGES_A_TURN = 64;

    private final Reader<T> reader;
    private final TopicListener<? super T> listener;
    private final Callbacks callbacks;
    private final Tally tally;
    private final SubscriptionLog log;
    private final LocalQueue queue;
    private boolean served;
    private boolean closed;
    private long dropped;
    private boolean behind;
    private long untold;

    /** Makes what a listener hears out of a message. */
    interface Reader<T> {
        T read(RoutedMessage message) throws Exception;
    }

    ListenerLane(
            TopicFilter filter,
            Reader<T> reader,
            TopicListener<? super T> listener,
            LocalQueue.Bounds bounds,
            Callbacks callbacks,
            Tally tally,
            SubscriptionLog log) {
        super(filter);
        this.reader = reader;
        this.listener = listener;
        this.queue = new LocalQueue(bounds);
        this.callbacks = callbacks;
        this.tally = tally;
        this.log = log;
    }

    @Override
    protected Object owner() {
        return this;
    }

    @Override
    protected void offer(RoutedMessage message) {
        long lost;
        boolean begins;
        synchronized (this) {
            if (closed) {
                tally.lost(LossCause.ENDED, 1);
                return;
            }
            lost = add(message);
            begins = !served;
            served = true;
        }
        if (lost > 0) {
            log.fellBehind(lost);
        }
        if (begins) {
            callbacks.run(this);
        }
    }

    /** Returns a number of losses to be told: the first ones at once, those that follow when the listener has caught up. */
    private long add(RoutedMessage message) {
        int lost = queue.add(message);
        if (lost == 0) {
            return 0;
        }
        dropped += lost;
        tally.lost(LossCause.QUEUE_FULL, lost);
        if (behind) {
            untold += lost;
            return 0;
        }
        behind = true;
        return lost;
    }

    /** Calls the listener with some of what waits; true if there may be more. */
    boolean serve() {
        for (int i = 0; i < MESSAGES_A_TURN; i++) {
            RoutedMessage message = next();
            if (message == null) {
                return false;
            }
            try {
                call(message);
            } catch (Throwable t) {
                log.failed(t);
            }
        }
        return true;
    }

    private @Nullable RoutedMessage next() {
        long lost;
        synchronized (this) {
            RoutedMessage message = callbacks.hasEnded() ? null : queue.poll();
            if (message != null) {
                return message;
            }
            served = false;
            behind = false;
            lost = untold;
            untold = 0;
        }
        if (lost > 0) {
            log.fellBehind(lost);
        }
        return null;
    }

    private void call(RoutedMessage message) throws Exception {
        T value;
        try {
            value = reader.read(message);
        } catch (Throwable t) {
            begins();
            throw t;
        }
        if (begins()) {
            listener.onMessage(value);
        }
    }

    /** Counts a message whose call begins, unless the subscription was closed after the message was taken. */
    private synchronized boolean begins() {
        if (closed) {
            tally.lost(LossCause.ENDED, 1);
        } else {
            tally.add(Tally.Count.DELIVERED, 1);
        }
        return !closed;
    }

    /** Nobody serves it after all: the next message tries again. */
    synchronized void notServed() {
        served = false;
    }

    synchronized long dropped() {
        return dropped;
    }

    /** No call of the listener begins after this. Returns whether it was open. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        tally.lost(LossCause.ENDED, queue.takeAll().size());
        return first;
    }
}
