package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.transport.frame.FrameDecoder;
import io.github.robotstream.internal.transport.frame.FrameHandler;
import io.github.robotstream.internal.transport.frame.MessageAssembly;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import io.github.robotstream.internal.transport.gate.HttpAnswer;
import io.github.robotstream.internal.transport.gate.UpgradeRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a socket, from the accepted socket to the closed one.
 *
 * <pre>
 * handshake --admitted--> open --close frame, violation, close(), fault--> closing --answer, or the time is over--> closed
 *    |                    |                                                  ^                                       ^
 *    +--HTTP answer, refused------------------------------------------------+                                       |
 *    +--------------------+-------------- end of the stream, reset, too late ----------------------------------------+
 * </pre>
 *
 * <p>{@link SocketHandshake} draws what happens during the handshake.
 *
 * <p>It closes by the closing handshake (RFC 6455 section 7). The first {@link #cause} that is set begins it, and decides what the listener
 * is told. After our close frame the client's is waited for; after the client's, only until ours is out. After a violation or an
 * HTTP answer the output is shut down and the input is discarded until the stream ends, for a second at most, so that a reset does not
 * destroy the last bytes on their way. A client that keeps sending after the close is cut off after 256 KiB where there was an HTTP answer,
 * and else after two of the largest messages, as one may have been under way. An eighth of that is read at once, and then an eighth in each
 * tenth of a second, so that discarding costs little and a client that is cut off for flooding is not back at once.
 */
public final class SocketConnection implements Connection, WireListener, InboundBytes.Steps {
    /**
     * TLS records without data before the WebSocket is open. A handshake takes fewer than ten, or some more where a client with small
     * records shows a chain of certificates.
     */
    private static final int MOST_RECORDS_WITHOUT_DATA = 64;

    private static final int MOST_END_CALLS = 100; // to a listener that has no memory to hear it
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int LATE_BYTES_AFTER_ANSWER = 256 * 1024;
    private static final int PORTIONS = 8;
    private static final Duration REST = Duration.ofMillis(100);

    // There are as many as clients: references in objects of their own would take more memory.
    private static final AtomicReferenceFieldUpdater<SocketConnection, @Nullable CloseCause> CAUSE =
            AtomicReferenceFieldUpdater.newUpdater(SocketConnection.class, CloseCause.class, "cause");
    private static final AtomicReferenceFieldUpdater<SocketConnection, Tasks.@Nullable Timer> CUT_TIMER =
            AtomicReferenceFieldUpdater.newUpdater(SocketConnection.class, Tasks.Timer.class, "cutTimer");

    private final TransportContext context;
    private final Wire wire;
    private final Predicate<byte[]> upgrade;
    private final OutboundFrames outbound;
    private final FrameDecoder decoder;
    private final InboundBytes inbound;
    private final Liveness liveness;
    private final SendBuffer sendBuffer;
    private final GuardedListener listener;
    private volatile Optional<SocketHandshake> handshake;
    private volatile InetSocketAddress client;
    private volatile boolean upgraded;
    private volatile boolean goingAway;
    private volatile boolean gone; // the socket
    private volatile boolean finished; // the inbound lane is, but not everybody knows of the end
    private int endCalls;
    private int recordsWithoutData; // before it is open; by the thread that reads

    private volatile @Nullable CloseCause cause;

    @SuppressWarnings("UnusedVariable") // its updater reads it
    private volatile Tasks.@Nullable Timer cutTimer;

    private volatile boolean peerClosed;
    private volatile boolean discarding;
    private volatile long maySendLate;
    private int sentLate; // these two by the thread that reads
    private int sinceRest;

    /** How the connection ends, as {@link ConnectionListener#onClosed} is told. */
    private record CloseCause(int code, String reason, boolean byPeer) {
        static final CloseCause NO_CLOSE_FRAME = new CloseCause(CloseCode.ABNORMAL, "", true);
    }

    /**
     * @param upgrade the event loop's part of the opening handshake (RFC 6455 section 4.2.2): takes the head of a valid request, rewritten
     *     by us, and writes the 101 by {@link #answer}; false if the socket is gone. Called at most once, on any thread
     */
    public SocketConnection(TransportContext context, Wire wire, Predicate<byte[]> upgrade) {
        this.context = context;
        this.wire = wire;
        this.client = wire.remoteAddress();
        this.upgrade = upgrade;
        this.outbound = new OutboundFrames(
                wire,
                context.buffers(),
                context.unsent(),
                new ReadWindow(
                        context.settings().readWithin.toNanos(),
                        context.open().markInterval(),
                        context.open().markInterval().nextPhase()));
        this.liveness = new Liveness(context.settings(), outbound);
        this.sendBuffer = new SendBuffer(wire, context.settings().socketBufferBytes);
        this.decoder = new FrameDecoder(context.settings().messageBytes, context.budget(), new ReceivedFrames());
        this.inbound = new InboundBytes(this, context.tasks());
        this.listener = new GuardedListener(context.faults(), this::closeForAFault);
        this.handshake = Optional.of(new SocketHandshake(context, this));
        this.maySendLate = Math.max(LATE_BYTES_AFTER_ANSWER, 2L * context.settings().messageBytes);
    }

    // The handshake.

    /** The socket is accepted; the head of the request is due. Whatever is thrown here, {@link #cut} ends it all the same. */
    public void begin() {
        context.open().add(this).flatMap(oldest -> oldest.handshake).ifPresent(SocketHandshake::giveWay);
        handshake.orElseThrow().begin();
        onReading(true);
    }

    @Override
    public void onReading(boolean on) {
        liveness.reading(on);
        wire.reading(on);
    }

    /** The address of the client, as a proxy gives it. */
    void comesFrom(InetSocketAddress address) {
        client = address;
    }

    /** The request has its verdict. */
    void judged() {
        handshake = Optional.empty();
        context.open().judged(this);
    }

    /** An HTTP answer, and the end. */
    void turnAway(HttpAnswer answer, boolean withBody) {
        maySendLate = LATE_BYTES_AFTER_ANSWER;
        discardInput();
        if (withBody && answer.body().length > 0) {
            outbound.answer(answer.head());
            beginClosing(CloseCause.NO_CLOSE_FRAME, answer.body(), true);
        } else {
            beginClosing(CloseCause.NO_CLOSE_FRAME, answer.head(), true);
        }
        if (!outbound.lastIsOut()) {
            cutIn(ANSWER); // a page is longer than a close frame
        }
    }

    /** Opens the WebSocket. False if the client is gone, or its session could not be made. */
    boolean open(UpgradeRequest request, Function<Connection, ConnectionListener> session) {
        if (!inbound.claim()) {
            return false;
        }
        boolean made = false;
        Throwable failure = null;
        try {
            upgraded = upgrade.test(request.rewritten());
            if (upgraded) {
                listener.set(session.apply(this), context.tasks());
                made = true;
            }
        } catch (Throwable fault) {
            failure = fault;
        }
        try {
            if (!upgraded) {
                wire.cut();
            } else if (!made) {
                closeForAFault();
            } else if (goingAway) {
                goAway(); // it was called while the session was being made
            }
        } finally {
            inbound.open();
        }
        if (failure != null) {
            context.faults().report("a session could not be made, the client is refused", failure);
        }
        return made;
    }

    /** The event loop's answer to the handshake; it goes before anything else. */
    public void answer(byte[] bytes) {
        outbound.answer(bytes);
        flush();
    }

    /** {@return whether the WebSocket is open and not about to close} Any thread. */
    public boolean isOpen() {
        return upgraded && cause == null;
    }

    /** The broker closes. */
    public void goAway() {
        if (handshake.filter(SocketHandshake::goAway).isPresent()) {
            return;
        }
        goingAway = true;
        if (upgraded) {
            close(CloseCode.GOING_AWAY, "the robot goes down");
        } // else a verdict is being carried out at this moment, and looks at goingAway when it is
    }

    List<X509Certificate> peerCertificates() {
        return wire.peerCertificates();
    }

    // What the session asks for.

    @Override
    public boolean send(Outgoing messages) {
        if (context.unsent().isExceeded()) {
            context.open().shed(context.unsent());
        }
        try {
            return outbound.offer(messages);
        } catch (IOException reset) {
            wire.cut();
            return false;
        }
    }

    @Override
    public void pauseReading() {
        inbound.pause();
        outbound.reading(false);
        flush();
    }

    @Override
    public void resumeReading() {
        outbound.reading(true);
        inbound.resume();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return client;
    }

    @Override
    public long unsentBytes() {
        return outbound.unsentBytes();
    }

    private void flush() {
        write(false);
    }

    private void write(boolean socketTakesMore) {
        try {
            switch (socketTakesMore ? outbound.writable() : outbound.flush()) {
                case QUIET -> {}
                case WRITABLE -> listener.onWritable();
                case ENDED -> lastIsOut();
            }
        } catch (IOException reset) {
            wire.cut();
        }
    }

    // Events of the socket.

    @Override
    public void writable() {
        if (outbound.isFull()) {
            write(true);
        }
    }

    @Override
    public void received(ByteBuffer bytes) {
        liveness.heard();
        handshake.filter(SocketHandshake::isReading).ifPresent(handshaking -> handshaking.read(bytes));
        countLate(bytes.remaining());
        if (!discarding && bytes.hasRemaining()) {
            inbound.received(bytes);
        }
    }

    /** Does not show that the client's program is there; counts as a ping does, and is bounded before that. */
    @Override
    public void receivedNoData(int cost) {
        countLate(cost);
        if (upgraded) {
            inbound.receivedNoData(cost);
        } else if (++recordsWithoutData > MOST_RECORDS_WITHOUT_DATA) {
            wire.cut();
        }
    }

    @Override
    public void streamEnded() {
        if (discarding) {
            peerClosed = true;
            cutIfLastIsOut();
        } else if (!inbound.streamEnded()) {
            wire.cut();
        }
    }

    @Override
    public void lost() {
        gone = true;
        CAUSE.compareAndSet(this, null, CloseCause.NO_CLOSE_FRAME);
        try {
            outbound.kill();
        } finally {
            inbound.finish();
        }
    }

    /** False if there is no WebSocket yet on which to close. */
    @Override
    public boolean overloaded() {
        if (upgraded) {
            violated(CloseCode.OVERLOADED, MessageAssembly.TOO_MUCH);
        }
        return upgraded;
    }

    // What the client sends; nothing of it goes to the session once the connection is closing.

    private final class ReceivedFrames implements FrameHandler {
        @Override
        public void onText(byte[] utf8) {
            if (cause == null) {
                listener.onText(utf8, inbound.heldNanos());
            }
        }

        @Override
        public void onBinary(byte[] bytes) {
            if (cause == null) {
                listener.onBinary(bytes, inbound.heldNanos());
            }
        }

        @Override
        public void onPing(byte[] payload) {
            outbound.pong(payload);
            flush();
            listener.onControl(payload.length);
        }

        @Override
        public void onPong(byte[] payload) {
            if (outbound.ponged(payload)) {
                flush();
                tellRead(outbound.readStamp());
            } else {
                listener.onControl(payload.length);
            }
        }

        private void tellRead(long stamp) {
            if (stamp != Outgoing.NO_STAMP && cause == null) {
                listener.onRead(stamp);
            }
        }

        @Override
        public void onClose(int code, String reason) {
            peerClosed = true;
            beginClosing(new CloseCause(code, reason, true), ServerFrames.close(code, ""), false);
            cutIfLastIsOut();
        }

        @Override
        public void onViolation(int closeCode, String reason) {
            violated(closeCode, reason);
        }
    }

    @Override
    public boolean decode(ByteBuffer in) {
        return decoder.decode(in);
    }

    @Override
    public void onStreamEnd() {
        wire.cut();
    }

    @Override
    public void onNoData(int cost) {
        listener.onControl(cost);
    }

    @Override
    public void onFault(Throwable fault) {
        decoder.end();
        closeForAFault();
        context.faults().report("a frame could not be taken, the connection is closed", fault);
    }

    @Override
    public void onBroken(Throwable fault) {
        wire.cut();
        context.faults().report("the transport failed on a connection, which is cut off", fault);
    }

    // Closing.

    @Override
    public void close(int code, String reason) {
        CloseCode.requireSendable(code);
        try {
            String fitting = ServerFrames.fitting(reason);
            beginClosing(new CloseCause(code, fitting, false), ServerFrames.close(code, fitting), true);
        } catch (OutOfMemoryError noCloseFrame) {
            wire.cut();
        }
    }

    private void closeForAFault() {
        close(CloseCode.INTERNAL_ERROR, "internal error");
    }

    private void violated(int code, String reason) {
        discardInput();
        if (!beginClosing(new CloseCause(code, reason, false), ServerFrames.close(code, reason), true)) {
            wire.cut();
        }
    }

    private void discardInput() {
        discarding = true;
        inbound.discardInput();
    }

    /**
     * Ends the output with a last item, a close frame or an HTTP answer.
     *
     * @param keepTexts whether the messages that were taken go out before it
     * @return false if the connection was closing already
     */
    private boolean beginClosing(CloseCause how, byte[] lastItem, boolean keepTexts) {
        if (!CAUSE.compareAndSet(this, null, how)) {
            return false;
        }
        outbound.end(lastItem, keepTexts);
        cutIn(context.settings().closeHandshakeTimeout);
        inbound.closing();
        flush();
        return true;
    }

    private void lastIsOut() throws IOException {
        if (peerClosed) {
            wire.cut();
        } else if (discarding) {
            wire.shutdownOutput();
            cutIn(LINGER);
        }
    }

    private void cutIfLastIsOut() {
        if (outbound.lastIsOut()) {
            wire.cut();
        }
    }

    /** Counts what the client sends after the connection has begun to close. */
    private void countLate(int bytes) {
        if (cause == null) {
            return;
        }
        sinceRest += bytes;
        if (sinceRest > maySendLate / PORTIONS) {
            sinceRest = 0;
            inbound.rest(true);
            later(REST, () -> inbound.rest(false));
        }
        if (outbound.lastIsOut()) {
            sentLate += bytes;
            if (sentLate > maySendLate) {
                wire.cut();
            }
        }
    }

    /** The socket is cut off when the time is over; a new time limit replaces the one before. */
    private void cutIn(Duration time) {
        replaceCutTimer(later(time, wire::cut));
    }

    private Tasks.@Nullable Timer later(Duration time, Runnable task) {
        try {
            return context.tasks().after(time, task);
        } catch (RejectedExecutionException | OutOfMemoryError nobodyWouldDoIt) {
            wire.cut();
            return null;
        }
    }

    private void replaceCutTimer(Tasks.@Nullable Timer next) {
        Tasks.Timer former = CUT_TIMER.getAndSet(this, next);
        if (former != null) {
            former.cancel();
        }
    }

    /** Closes the socket at once. */
    public void cut() {
        wire.cut();
    }

    @Override
    public void onFinished() {
        try {
            decoder.end();
            tellTheEnd();
        } finally {
            finished = true;
        }
    }

    /** Where this fails for want of memory, the sweep does it again, which sees this connection until all is done. */
    private void tellTheEnd() {
        try {
            CloseCause known = cause;
            CloseCause how = known == null ? CloseCause.NO_CLOSE_FRAME : known;
            if (endCalls++ < MOST_END_CALLS) {
                listener.onClosed(how.code(), how.reason(), how.byPeer());
                endCalls = MOST_END_CALLS;
            }
            if (!gone) {
                wire.cut(); // the lane broke off
            }
            if (!gone) {
                return; // it counts as open until its socket is closed
            }
            replaceCutTimer(null);
            context.open().remove(this);
        } catch (Throwable fault) {
            context.faults().report("the end of a connection could not be told, and is told again", fault);
        }
    }

    // What the sweep does.

    /** Does again what failed for want of memory; pings a silent client, closes on one that does not answer, and fits the send buffer. */
    void lookAfter(long nowNanos) {
        if (finished) {
            tellTheEnd();
        } else if (gone) {
            lost();
        } else if (wire.isToBeCut()) {
            wire.cut();
        }
        if (gone || !upgraded || cause != null) {
            return;
        }
        switch (liveness.look(nowNanos)) {
            case ALIVE -> {
                sendBuffer.fit(outbound.consumed(), nowNanos);
                if (outbound.waitsForClient()) {
                    flush(); // one that answers no pings is sent more as time passes
                }
            }
            case PING -> {
                outbound.ping();
                flush();
            }
            case SILENT -> close(CloseCode.TIMED_OUT, "silent: no sign of life after a ping");
            case STALLED -> close(CloseCode.TIMED_OUT, "stalled: what was sent is not being read");
        }
    }

    /** See {@link OutboundFrames#burden}. */
    double burden(long nowNanos) {
        return outbound.burden(nowNanos);
    }
}
