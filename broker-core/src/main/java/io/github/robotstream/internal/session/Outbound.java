package io.github.robotstream.internal.session;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.DueTimer;
import io.github.robotstream.internal.loop.FlushTask;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.Unasked;
import io.github.robotstream.internal.routing.AgeHistogram;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.DeliveryQueue;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The way from a session's queue to its connection: at the end of a step of the broker thread everything that waits is
 * handed over, as far as the socket takes it and so much at a time that others have their turn. Broker thread.
 */
final class Outbound implements DeliveryQueue.Listener {
    private static final int BYTES_A_FLUSH = 64 * 1024;
    /** A client that is told the time is told it so often, where there are messages, unless it leaves so many replies unread. */
    private static final long TIME_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int MOST_REPLIES_BEFORE_TIME = 8;
    private static final int MOST_REPLIES_WAITING = 64;
    /** A page of a topic's history. */
    private static final int MOST_REPLY_BYTES_WAITING = 256 << 10;

    /** By the broker thread alone, which waits for no other to see it. */
    private static final AtomicLongFieldUpdater<Outbound> DELIVERED =
            AtomicLongFieldUpdater.newUpdater(Outbound.class, "delivered");

    private final Connection connection;
    private final BrokerLoop loop;
    private final BrokerClock clock;
    private final Router router;
    private final Owner owner;
    private final DeliveryQueue queue;
    private @Nullable DueTimer due; // when a message that is held back is to be sent; once there is one
    private final FlushTask flush = new FlushTask(this::flush);
    private final Share share = new Share();
    private volatile long delivered; // written by DELIVERED
    private final AgeHistogram sentAges = new AgeHistogram();
    private final AgeHistogram readAges = new AgeHistogram(); // of the thread that reads
    private final @Nullable Unasked unasked;
    private long timeToldNanos;
    private volatile boolean open = true;
    private boolean socketFull;

    /** Whose way it is. Broker thread. */
    interface Owner {
        /** Messages are lost, so many. */
        void messagesLost(long count);

        /** Whether requests wait that can be done once there is room for their replies. */
        boolean hasMore();

        /** A flush leaves work for the owner's next turn. */
        void wake();

        /** A subscription that must not lose has no room. */
        void tooSlow();
    }

    /** A way on which nothing waits. */
    Outbound(Connection connection, Dialect dialect, SessionContext context, Owner owner) {
        this.connection = connection;
        this.loop = context.routing.loop();
        this.clock = context.routing.clock();
        this.router = context.routing.router();
        this.owner = owner;
        this.unasked = dialect.unasked().orElse(null);
        this.timeToldNanos = clock.nanoTime() - TIME_NANOS;
        this.queue = new DeliveryQueue(dialect, context.queues, this);
        if (dialect.takesLargeFrames()) {
            queue.maxFrameBytes(context.settings.frameBytes);
        }
    }

    DeliveryQueue queue() {
        return queue;
    }

    @Override
    public void messageWaits() {
        flushAfterwards();
        if (!socketFull && queue.isHalfFull()) {
            loop.flushSoon();
        }
    }

    @Override
    public void messagesLost(long count) {
        owner.messagesLost(count);
    }

    @Override
    public void messageDue(long nanos) {
        try {
            DueTimer timer = due == null ? new DueTimer(loop, clock, this::flushAfterwards) : due;
            due = timer;
            timer.at(nanos);
        } catch (OutOfMemoryError passing) {
            owner.wake(); // the next flush asks for the time again
        }
    }

    @Override
    public void tooSlow() {
        owner.tooSlow();
    }

    /** Whether the client reads its replies, so that there is room for another. */
    boolean repliesAreRead() {
        return queue.replies() < MOST_REPLIES_WAITING && queue.replyBytes() < MOST_REPLY_BYTES_WAITING;
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
        queue.stalled(false, false);
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
        if (unasked != null && !socketFull) {
            tellTime(unasked);
        }
        handOver();
        if (!socketFull) {
            queue.replayMore(router.topics()); // else it would ask for the next flush again and again
        }
        boolean goesOn = !socketFull && !queue.isEmpty();
        if (goesOn) {
            loop.flushSoon();
        }
        if (goesOn || (!socketFull && owner.hasMore())) {
            owner.wake();
        }
    }

    /** Before messages, which are taken to be of that time. */
    private void tellTime(Unasked language) {
        if (queue.messages() > 0
                && queue.flushNanos() - timeToldNanos >= TIME_NANOS
                && queue.replies() < MOST_REPLIES_BEFORE_TIME) {
            timeToldNanos = queue.flushNanos();
            queue.reply(language.time(clock.now()));
        }
    }

    private void handOver() {
        share.waitsForRoundTrip = false;
        socketFull = !connection.send(share);
        queue.endFlush();
        queue.stalled(socketFull, share.waitsForRoundTrip);
        int messages = queue.gone();
        if (messages > 0) {
            router.counters().add(Counters.Count.DELIVERED, messages);
            DELIVERED.lazySet(this, delivered + messages);
            recordAge(messages);
        }
    }

    /** As old as the first: to look at each would cost. */
    private void recordAge(int messages) {
        long arrived = queue.goneArrivedNanos();
        if (arrived != Outgoing.NO_STAMP) {
            sentAges.record(queue.flushNanos() - arrived, messages, queue.flushNanos());
        }
    }

    /** What leaves the queue in one flush. */
    private final class Share implements Outgoing {
        private boolean waitsForRoundTrip;

        private boolean isEnough() {
            return queue.goneBytes() >= BYTES_A_FLUSH;
        }

        @Override
        public @Nullable OutboundMessage peek() {
            return isEnough() ? null : queue.peek();
        }

        @Override
        public boolean isUrgent() {
            return queue.isUrgent();
        }

        @Override
        public boolean conflates() {
            return queue.conflates();
        }

        @Override
        public void readDelay(long nanos) {
            queue.readDelay(nanos);
        }

        @Override
        public void waitsForRoundTrip() {
            waitsForRoundTrip = true;
        }

        @Override
        public void taken() {
            queue.pop();
        }

        /** Who takes many at once has room for no more than {@link #BYTES_A_FLUSH}. */
        @Override
        public boolean handOver(Outgoing.Taker by) {
            return queue.handOver(by) || isEnough();
        }

        @Override
        public long stamp() {
            return queue.goneArrivedNanos();
        }
    }

    /** Nothing is sent from now on; any thread. */
    void close() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    /** The client has read what was handed over when {@link Outgoing#stamp} was asked; the thread that reads. */
    void onRead(long stamp) {
        long now = clock.nanoTime();
        readAges.record(now - stamp, 1, now);
    }

    /** How old messages were when they were handed over; any thread. */
    AgeHistogram sentAges() {
        return sentAges;
    }

    /** How old they were when it was known that the client had read them; any thread. */
    AgeHistogram readAges() {
        return readAges;
    }

    /** How many messages were handed over; any thread. */
    long delivered() {
        return delivered;
    }
}
