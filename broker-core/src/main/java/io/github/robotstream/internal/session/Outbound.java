package io.github.robotstream.internal.session;

import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.FlushTask;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.Outgoing;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The way from a session's queue to its connection: at the end of a step of the broker thread everything that waits is
 * handed over, as far as the socket takes it and so much at a time that others have their turn. Broker thread.
 */
final class Outbound {
    private static final int BYTES_A_FLUSH = 64 * 1024;

    private final Session session;
    private final Connection connection;
    private final SessionContext context;
    private final DeliveryQueue queue;
    private final FlushTask flush = new FlushTask(this::flush);
    private final Share share = new Share();
    private final AtomicLong delivered = new AtomicLong();
    private boolean socketFull;

    Outbound(Session session, Connection connection, FrameStyle style, SessionContext context, Runnable onLoss) {
        this.session = session;
        this.connection = connection;
        this.context = context;
        this.queue = new DeliveryQueue(
                style == FrameStyle.FLAT ? context.flatFrames()::of : Envelope::text,
                context.settings().queuedMessagesPerSession,
                context.settings().queuedBytesPerSession,
                context.settings().overflow,
                context.budget(),
                context.router().counters(),
                this::messageWaits,
                onLoss);
    }

    DeliveryQueue queue() {
        return queue;
    }

    private void messageWaits() {
        flushAfterwards();
        if (!socketFull && queue.isHalfFull()) {
            context.loop().flushSoon();
        }
    }

    /** Sends what waits at the end of this step. */
    void flushAfterwards() {
        if (session.isOpen()) {
            context.loop().flushAfterwards(flush);
        }
    }

    /** The socket takes something again. */
    void socketHasRoom() {
        socketFull = false;
        flushAfterwards();
    }

    private void flush() {
        if (socketFull || !session.isOpen()) {
            return;
        }
        handOver();
        queue.replayMore(context.router().topics());
        boolean goesOn = !socketFull && queue.peek() != null;
        if (goesOn) {
            context.loop().flushSoon();
        }
        if (goesOn || (!socketFull && session.hasRequests())) {
            context.loop().wake(session);
        }
    }

    private void handOver() {
        share.begin();
        socketFull = !connection.send(share);
        if (share.messages > 0) {
            context.router().counters().add(Counters.Count.DELIVERED, share.messages);
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
        public byte @Nullable [] peek() {
            byte[] next = bytes < BYTES_A_FLUSH ? queue.peek() : null;
            peeked = next == null ? 0 : next.length;
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

    /** Nothing is sent any more; what waits is lost. */
    void end() {
        queue.end();
    }

    /** How many messages were handed over; any thread. */
    long delivered() {
        return delivered.get();
    }
}
