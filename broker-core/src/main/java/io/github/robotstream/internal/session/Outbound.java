package io.github.robotstream.internal.session;

import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.FlushTask;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way from a session's queue to its connection: at the end of a step of the broker thread everything that waits is
 * handed over, as far as the socket takes it and so much at a time that others have their turn. Broker thread.
 */
final class Outbound {
    private static final int BYTES_A_FLUSH = 64 * 1024;

    private final Connection connection;
    private final BrokerLoop loop;
    private final Router router;
    private final BooleanSupplier hasRequests;
    private final Runnable onMore;
    private final DeliveryQueue queue;
    private final FlushTask flush = new FlushTask(this::flush);
    private final Share share = new Share();
    private final AtomicLong delivered = new AtomicLong();
    private volatile boolean open = true;
    private boolean socketFull;

    /**
     * A way on which nothing waits.
     *
     * @param onLoss told each time a message is lost
     * @param hasRequests whether requests wait that can be done once there is room for their replies
     * @param onMore told when a flush leaves work for the session's next turn
     */
    Outbound(
            Connection connection,
            Dialect dialect,
            SessionContext context,
            Runnable onLoss,
            BooleanSupplier hasRequests,
            Runnable onMore) {
        this.connection = connection;
        this.loop = context.routing.loop();
        this.router = context.routing.router();
        this.hasRequests = hasRequests;
        this.onMore = onMore;
        this.queue = new DeliveryQueue(
                dialect, context.queueBounds, context.queueBudget, router.counters(), this::messageWaits, onLoss);
    }

    DeliveryQueue queue() {
        return queue;
    }

    private void messageWaits() {
        flushAfterwards();
        if (!socketFull && queue.isHalfFull()) {
            loop.flushSoon();
        }
    }

    /** Sends a reply to a request, if anybody reads it. */
    void reply(byte[] text) {
        reply(OutboundMessage.text(text));
    }

    /** Sends what is no message of a topic, if anybody reads it. */
    void reply(OutboundMessage message) {
        if (open) {
            queue.reply(message);
            flushAfterwards();
        }
    }

    /** Sends what waits at the end of this step. */
    void flushAfterwards() {
        if (open) {
            loop.flushAfterwards(flush);
        }
    }

    /** The socket takes something again. */
    void socketHasRoom() {
        socketFull = false;
        flushAfterwards();
    }

    private void flush() {
        if (socketFull || !open) {
            return;
        }
        handOver();
        queue.replayMore(router.topics());
        boolean goesOn = !socketFull && queue.peek() != null;
        if (goesOn) {
            loop.flushSoon();
        }
        if (goesOn || (!socketFull && hasRequests.getAsBoolean())) {
            onMore.run();
        }
    }

    private void handOver() {
        share.begin();
        socketFull = !connection.send(share);
        if (share.messages > 0) {
            router.counters().add(Counters.Count.DELIVERED, share.messages);
            delivered.lazySet(delivered.get() + share.messages);
        }
    }

    /** What leaves the queue in one flush. */
    private final class Share implements Outgoing {
        private int peeked;
        private int bytes;
        private int messages;

        void begin() {
            bytes = 0;
            messages = 0;
        }

        @Override
        public @Nullable OutboundMessage peek() {
            OutboundMessage next = bytes < BYTES_A_FLUSH ? queue.peek() : null;
            peeked = next == null ? 0 : next.length();
            return next;
        }

        @Override
        public void taken() {
            bytes += peeked;
            if (queue.pop()) {
                messages++;
            }
        }
    }

    /** Nothing is sent from now on; any thread. */
    void close() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    /** How many messages were handed over; any thread. */
    long delivered() {
        return delivered.get();
    }
}
