package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The closing handshake of a connection (RFC 6455 section 7): who began it, what is still to be written, what is waited for, and for how
 * long. The first cause decides how the end is told. Thread-safe: whoever sets {@link #cause} first begins it.
 *
 * <p>After our close frame the client's is waited for; after the client's, only until ours is out. After a violation or an HTTP answer the
 * input is discarded: the output is shut down, and what comes is thrown away until the stream ends, for a second at most, so that a reset
 * does not destroy the last bytes on their way. A client that keeps sending after the close is cut off after 256 KiB where there was an
 * HTTP answer, and else after two of the largest messages, as one may have been under way. An eighth of that is read at once, and then an
 * eighth in each tenth of a second, so that discarding costs little and a client that is cut off for flooding is not back at once.
 */
final class CloseHandshake {
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int LINGER_BYTES = 256 * 1024;
    private static final int PORTIONS = 8;
    private static final Duration REST = Duration.ofMillis(100);

    private final TransportContext context;
    private final Wire wire;
    private final OutboundFrames outbound;
    private final InboundBytes inbound;
    private final Runnable flush;
    private final AtomicReference<@Nullable CloseCause> cause = new AtomicReference<>();
    private final AtomicReference<Tasks.@Nullable Timer> timer = new AtomicReference<>();
    private volatile boolean peerClosed;
    private volatile boolean discarding;
    // By the thread that reads.
    private int sentTooLate;
    private int sinceRest;

    private volatile long maySendTooLate;

    /** @param flush writes what {@code outbound} holds, and tells {@link #lastIsOut()} */
    CloseHandshake(TransportContext context, Wire wire, OutboundFrames outbound, InboundBytes inbound, Runnable flush) {
        this.flush = flush;
        this.context = context;
        this.wire = wire;
        this.outbound = outbound;
        this.inbound = inbound;
        this.maySendTooLate = Math.max(LINGER_BYTES, 2L * context.settings().messageBytes);
    }

    boolean hasBegun() {
        return cause.get() != null;
    }

    /** How it ends, or how it would if the socket were gone now. */
    CloseCause cause() {
        CloseCause how = cause.get();
        return how != null ? how : CloseCause.WITHOUT_A_WORD;
    }

    /** Whether what the client sends is thrown away unread. */
    boolean discardsInput() {
        return discarding;
    }

    /** The broker closes: all that was taken goes out before. */
    void close(int code, String reason) {
        try {
            String fitting = ServerFrames.fitting(reason);
            begin(new CloseCause(code, fitting, false), ServerFrames.close(code, fitting), true);
        } catch (OutOfMemoryError noWordIsPossible) {
            wire.cut();
        }
    }

    /** The client has closed, or has answered our close frame. */
    void peerClosed(int code, String reason) {
        peerClosed = true;
        begin(new CloseCause(code, reason, true), ServerFrames.close(code, ""), false);
        if (outbound.lastIsOut()) {
            wire.cut();
        }
    }

    /** The client broke the protocol. */
    void violated(int code, String reason) {
        discardInput();
        if (!begin(new CloseCause(code, reason, false), ServerFrames.close(code, reason), true)) {
            wire.cut();
        }
    }

    /** There is no upgrade. */
    void turnAway(byte[] head, byte[] body) {
        maySendTooLate = LINGER_BYTES;
        discardInput();
        if (body.length == 0) {
            begin(CloseCause.WITHOUT_A_WORD, head, true);
        } else {
            outbound.answer(head);
            begin(CloseCause.WITHOUT_A_WORD, body, true);
        }
        if (!outbound.lastIsOut()) {
            cutIn(ANSWER); // a page is longer than a close frame
        }
    }

    /** Whoever goes on sending after it has begun is let go on for a while. */
    void received(int bytes) {
        if (!hasBegun()) {
            return;
        }
        sinceRest += bytes;
        if (sinceRest > maySendTooLate / PORTIONS) {
            sinceRest = 0;
            rest();
        }
        if (outbound.lastIsOut()) {
            sentTooLate += bytes;
            if (sentTooLate > maySendTooLate) {
                wire.cut();
            }
        }
    }

    private void rest() {
        inbound.rest(true);
        try {
            context.tasks().after(REST, () -> inbound.rest(false));
        } catch (RejectedExecutionException | OutOfMemoryError nobodyWouldEndTheRest) {
            wire.cut();
        }
    }

    /** The client has ended its stream, and nobody listens. */
    void streamEnded() {
        peerClosed = true;
        if (outbound.lastIsOut()) {
            wire.cut();
        }
    }

    /** The socket is closed. */
    void lost() {
        cause.compareAndSet(null, CloseCause.WITHOUT_A_WORD);
        try {
            outbound.kill();
        } finally {
            inbound.finish();
        }
    }

    /** The last item is out. */
    void lastIsOut() throws IOException {
        if (peerClosed) {
            wire.cut();
        } else if (discarding) {
            wire.shutdownOutput();
            cutIn(LINGER);
        }
    }

    /** The socket is cut off when the time is over; a new time limit replaces the one before. */
    private void cutIn(Duration time) {
        try {
            replaceTimer(context.tasks().after(time, wire::cut));
        } catch (RejectedExecutionException | OutOfMemoryError nobodyWouldCutIt) {
            wire.cut();
        }
    }

    void noMoreCut() {
        replaceTimer(null);
    }

    private void discardInput() {
        discarding = true;
        inbound.discardInput();
    }

    private boolean begin(CloseCause how, byte[] lastItem, boolean keepTexts) {
        if (!cause.compareAndSet(null, how)) {
            return false;
        }
        outbound.end(lastItem, keepTexts);
        cutIn(context.settings().closeHandshakeTimeout);
        inbound.closing();
        flush.run();
        return true;
    }

    private void replaceTimer(Tasks.@Nullable Timer next) {
        Tasks.Timer former = timer.getAndSet(next);
        if (former != null) {
            former.cancel();
        }
    }
}
