package io.github.robotstream.internal.session;

import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.FlushTask;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.Timers;
import io.github.robotstream.internal.time.BrokerClock;
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
    private final BrokerClock clock;
    private final Router router;
    private final BooleanSupplier hasRequests;
    private final Runnable onMore;
    private final Runnable onLoss;
    private final Runnable onTooSlow;
    private final DeliveryQueue queue;
    private final FlushTask flush = new FlushTask(this::flush);
    private final Share share = new Share();
    private final AtomicLong delivered = new AtomicLong();
    private volatile boolean open = true;
    private boolean socketFull;
    private Timers.@Nullable Timer due; // when a message that is held back is to be sent
    private long dueNanos;

    /**
     * A way on which nothing waits.
     *
     * @param onLoss told each time a message is lost
     * @param hasRequests whether requests wait that can be done once there is room for their replies
     * @param onMore told when a flush leaves work for the session's next turn
     * @param onTooSlow told when a subscription that must not lose has no room
     */
    Outbound(
            Connection connection,
            Dialect dialect,
            SessionContext context,
            Runnable onLoss,
            BooleanSupplier hasRequests,
            Runnable onMore,
            Runnable onTooSlow) {
        this.connection = connection;
        this.loop = context.routing.loop();
        this.clock = context.routing.clock();
        this.router = context.routing.router();
        this.hasRequests = hasRequests;
        this.onMore = onMore;
        this.onLoss = onLoss;
        this.onTooSlow = onTooSlow;
        this.queue = new DeliveryQueue(dialect, context.queues, new QueueListener());
    }

    DeliveryQueue queue() {
        return queue;
    }

    private final class QueueListener implements DeliveryQueue.Listener {
        @Override
        public void messageWaits() {
            flushAfterwards();
            if (!socketFull && queue.isHalfFull()) {
                loop.flushSoon();
            }
        }

        @Override
        public void messageLost() {
            onLoss.run();
        }

        @Override
        public void messageDue(long nanos) {
            if (due != null && dueNanos - nanos <= 0) {
                return;
            }
            if (due != null) {
                loop.cancel(due);
            }
            dueNanos = nanos;
            due = loop.schedule(Math.max(0, nanos - clock.nanoTime()), () -> {
                due = null;
                flushAfterwards();
            });
        }

        @Override
        public void tooSlow() {
            onTooSlow.run();
        }
    }

    /** Sends a reply to a request, if anybody reads it. */
    void reply(byte[] text) {
        reply(OutboundMessage.text(text));
    }

    /** Sends the reply to a subscribe, which has to come before the subscription's messages, of whatever priority. */
    void replyFirst(byte[] text) {
        if (open) {
            queue.replyFirst(OutboundMessage.text(text));
            flushAfterwards();
        }
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
        queue.stalled(false);
        flushAfterwards();
    }

    private void flush() {
        if (!open || (socketFull && !queue.hasUrgent())) {
            return;
        }
        queue.beginFlush();
        if (queue.asksForEmptyLane() && connection.unsentBytes() == 0) {
            queue.laneIsEmpty();
        }
        handOver();
        if (!socketFull) {
            queue.replayMore(router.topics()); // else it would ask for the next flush again and again
        }
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
        queue.stalled(socketFull);
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
        public boolean isUrgent() {
            return queue.isUrgent();
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
