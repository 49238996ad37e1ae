package io.github.robotstream.internal.robot;

import io.github.robotstream.LossCause;
import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicListener;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Subscriber;
import io.github.robotstream.internal.routing.Tally;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of robot code with a listener: a bounded queue that one callback thread at a time empties. Its lock is held
 * for a few steps only, never while the listener runs.
 */
final class ListenerLane<T> extends Subscriber {
    private static final int MESSAGES_A_TURN = 64;

    private final Reader<T> reader;
    private final TopicListener<? super T> listener;
    private final int limit;
    private final OverflowPolicy policy;
    private final Callbacks callbacks;
    private final Tally tally;
    private final Consumer<Throwable> onFault;
    private final ArrayDeque<RoutedMessage> waiting = new ArrayDeque<>();
    private boolean serving;
    private boolean closed;
    private long dropped;

    /** Makes what a listener hears out of a message. */
    interface Reader<T> {
        T read(RoutedMessage message) throws Exception;
    }

    ListenerLane(
            TopicFilter filter,
            Reader<T> reader,
            TopicListener<? super T> listener,
            int limit,
            OverflowPolicy policy,
            Callbacks callbacks,
            Tally tally,
            Consumer<Throwable> onFault) {
        super(filter);
        this.reader = reader;
        this.listener = listener;
        this.limit = limit;
        this.policy = policy;
        this.callbacks = callbacks;
        this.tally = tally;
        this.onFault = onFault;
    }

    @Override
    protected Object owner() {
        return this;
    }

    @Override
    protected void offer(RoutedMessage message) {
        if (takes(message)) {
            callbacks.run(this);
        }
    }

    /** Queues a message, and says whether a callback thread has to be found. */
    private synchronized boolean takes(RoutedMessage message) {
        if (closed) {
            tally.lost(LossCause.ENDED, 1);
            return false;
        }
        if (waiting.size() >= limit) {
            dropped++;
            tally.lost(LossCause.QUEUE_FULL, 1);
            if (policy == OverflowPolicy.DROP_NEWEST) {
                return false;
            }
            waiting.remove();
        }
        waiting.add(message);
        boolean begins = !serving;
        serving = true;
        return begins;
    }

    /** Calls the listener with some of what waits; true if there may be more. */
    boolean serve() {
        for (int i = 0; i < MESSAGES_A_TURN; i++) {
            RoutedMessage message = next();
            if (message == null) {
                return false;
            }
            try {
                listener.onMessage(reader.read(message));
            } catch (Throwable t) {
                onFault.accept(t);
            }
        }
        return true;
    }

    private synchronized @Nullable RoutedMessage next() {
        RoutedMessage message = waiting.poll();
        if (message == null) {
            serving = false;
        } else {
            tally.add(Tally.Count.DELIVERED, 1);
        }
        return message;
    }

    /** The executor refused: the next message tries again. */
    synchronized void notServed() {
        serving = false;
    }

    synchronized long dropped() {
        return dropped;
    }

    /** No call of the listener begins after this. */
    synchronized void close() {
        closed = true;
        tally.lost(LossCause.ENDED, waiting.size());
        waiting.clear();
    }
}
