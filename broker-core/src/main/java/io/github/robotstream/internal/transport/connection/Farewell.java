package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How a connection comes to its end (RFC 6455 section 7): who began it, what is still to be written, what is waited for, and for how
 * long. The first cause decides how the end is told. Thread-safe; the atomic {@link #ending} is the only door.
 *
 * <p>After a close of ours the client's close frame is waited for, after a close frame of the client only that ours is out. After a
 * violation, or an HTTP answer, the client is not listened to any more: the output is shut down and its input thrown away until its stream
 * ends, for a second at most, so that a reset does not destroy the last words on their way. Who only goes on sending is cut off after
 * 256 KiB where there was an HTTP answer, and else after two of the largest messages: one may have been under way. Of that an eighth
 * is read at once, and then an eighth in every tenth of a second, so that throwing away costs little, and who is cut off for flooding
 * is not back at once.
 */
final class Farewell {
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int LINGER_BYTES = 256 * 1024;
    private static final int PORTIONS = 8;
    private static final Duration REST = Duration.ofMillis(100);

    private final Engine engine;
    private final Wire wire;
    private final OutboundLane outbound;
    private final InboundLane inbound;
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
    private final AtomicReference<Tasks.@Nullable Timer> timer = new AtomicReference<>();
    private volatile boolean peerClosed;
    private volatile boolean deaf;
    // By the thread that reads.
    private int sentTooLate;
    private int sinceRest;

    private volatile long maySendTooLate;

    Farewell(Engine engine, Wire wire, OutboundLane outbound, InboundLane inbound) {
        this.engine = engine;
        this.wire = wire;
        this.outbound = outbound;
        this.inbound = inbound;
        this.maySendTooLate = Math.max(LINGER_BYTES, 2L * engine.settings().maxMessageBytes());
    }

    boolean hasBegun() {
        return ending.get() != null;
    }

    /** How it ends, or how it would if the socket were gone now. */
    Ending ending() {
        Ending how = ending.get();
        return how != null ? how : Ending.WITHOUT_A_WORD;
    }

    /** Whether what the client sends is thrown away unread. */
    boolean isDeaf() {
        return deaf;
    }

    /** We close: all that was taken goes out before. */
    void close(int code, String reason) {
        try {
            String fitting = ServerFrames.fitting(reason);
            begin(new Ending(code, fitting, false), ServerFrames.close(code, fitting), true);
        } catch (OutOfMemoryError noWordIsPossible) {
            wire.cut();
        }
    }

    /** The client has closed, or has answered our close frame. */
    void peerClosed(int code, String reason) {
        peerClosed = true;
        begin(new Ending(code, reason, true), ServerFrames.close(code, ""), false);
        if (outbound.lastIsOut()) {
            wire.cut();
        }
    }

    /** The client broke the protocol. */
    void violated(int code, String reason) {
        deafen();
        if (!begin(new Ending(code, reason, false), ServerFrames.close(code, reason), true)) {
            wire.cut();
        }
    }

    /** There is no upgrade. */
    void turnAway(byte[] head, byte[] body) {
        maySendTooLate = LINGER_BYTES;
        deafen();
        if (body.length == 0) {
            begin(Ending.WITHOUT_A_WORD, head, true);
        } else {
            outbound.answer(head);
            begin(Ending.WITHOUT_A_WORD, body, true);
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
            engine.tasks().after(REST, () -> inbound.rest(false));
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
        ending.compareAndSet(null, Ending.WITHOUT_A_WORD);
        try {
            outbound.kill();
        } finally {
            inbound.finish();
        }
    }

    /** See {@link OutboundLane#writeThrough}. */
    void writeThrough(Outgoing messages) {
        try {
            outbound.writeThrough(messages);
        } catch (IOException reset) {
            wire.cut();
        }
    }

    /** Whether {@link ConnectionListener#onWritable()} is due after what was written. */
    boolean flush() {
        return write(false);
    }

    /** As {@link #flush()}, when the socket was full and takes more. */
    boolean writable() {
        return write(true);
    }

    /** The socket is cut off when the time is over; a new time limit replaces the one before. */
    private void cutIn(Duration time) {
        try {
            replaceTimer(engine.tasks().after(time, wire::cut));
        } catch (RejectedExecutionException | OutOfMemoryError nobodyWouldCutIt) {
            wire.cut();
        }
    }

    void noMoreCut() {
        replaceTimer(null);
    }

    private void deafen() {
        deaf = true;
        inbound.deafen();
    }

    private boolean begin(Ending how, byte[] lastItem, boolean keepTexts) {
        if (!ending.compareAndSet(null, how)) {
            return false;
        }
        outbound.end(lastItem, keepTexts);
        cutIn(engine.settings().closeTimeout());
        inbound.closing();
        write(false);
        return true;
    }

    private boolean write(boolean socketTakesMore) {
        try {
            OutboundLane.Flushed flushed = socketTakesMore ? outbound.writable() : outbound.flush();
            if (flushed == OutboundLane.Flushed.ENDED) {
                afterTheLast();
            }
            return flushed == OutboundLane.Flushed.WRITABLE;
        } catch (IOException reset) {
            wire.cut();
            return false;
        }
    }

    private void afterTheLast() throws IOException {
        if (peerClosed) {
            wire.cut();
        } else if (deaf) {
            wire.shutdownOutput();
            cutIn(LINGER);
        }
    }

    private void replaceTimer(Tasks.@Nullable Timer next) {
        Tasks.Timer former = timer.getAndSet(next);
        if (former != null) {
            former.cancel();
        }
    }
}
