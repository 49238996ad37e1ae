package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.transport.frame.FrameDecoder;
import io.github.robotstream.internal.transport.frame.FrameHandler;
import io.github.robotstream.internal.transport.frame.MessageAssembly;
import io.github.robotstream.internal.transport.gate.HttpAnswer;
import io.github.robotstream.internal.transport.gate.UpgradeRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A connection on a socket, from the accepted socket to the closed one.
 *
 * <pre>
 * arriving --admitted--> open --close frame, violation, close(), fault--> closing --answer, or the time is over--> closed
 *    |                    |                                                  ^                                       ^
 *    +--HTTP answer, refused------------------------------------------------+                                       |
 *    +--------------------+-------------- end of the stream, reset, too late ----------------------------------------+
 * </pre>
 *
 * <p>{@link SocketArrival} draws what happens while it arrives, {@link CloseHandshake} tells how it closes.
 */
public final class SocketConnection implements Connection, WireListener, InboundBytes.Steps {
    /**
     * TLS records without data before the WebSocket is open. A handshake takes fewer than ten, or some more where a client with small
     * records shows a chain of certificates.
     */
    private static final int MOST_RECORDS_WITHOUT_DATA = 64;

    private static final int MOST_TELLINGS = 100; // of its end to a listener that has no memory to hear it

    private final TransportContext context;
    private final Wire wire;
    private final Upgrade upgrade;
    private final OutboundFrames outbound;
    private final LivenessSigns signs;
    private final SendBuffer sendBuffer;
    private final InboundBytes inbound;
    private final CloseHandshake closeHandshake;
    private final GuardedListener listener;
    private volatile Optional<SocketArrival> arrival;
    private volatile InetSocketAddress client;
    private volatile boolean upgraded;
    private volatile boolean goingAway;
    private volatile boolean gone; // the socket
    private volatile boolean finished; // nothing comes from the lane any more, but not everybody knows
    private int tellings; // of the end
    private int recordsWithoutData; // before it is open; by the thread that reads

    public SocketConnection(TransportContext context, Wire wire, Upgrade upgrade) {
        this.context = context;
        this.wire = wire;
        this.client = wire.remoteAddress();
        this.upgrade = upgrade;
        this.outbound = new OutboundFrames(
                wire, context.buffers(), context.loadShedder().budget());
        this.signs = new LivenessSigns(wire, outbound);
        this.sendBuffer = new SendBuffer(wire, context.settings().socketSendBufferBytes());
        FrameDecoder decoder =
                new FrameDecoder(context.settings().maxMessageBytes(), context.budget(), new ReceivedFrames());
        this.inbound = new InboundBytes(decoder, this, context.tasks(), signs::reading);
        this.closeHandshake = new CloseHandshake(context, wire, outbound, inbound, this::flush);
        this.listener = new GuardedListener(context.faults(), this::closeForAFault);
        this.arrival = Optional.of(new SocketArrival(context, this));
    }

    // What the event loop tells.

    /** The socket is accepted; the head of the request is due. Whatever is thrown here, {@link #cut} ends it all the same. */
    public void begin() {
        Optional<SocketConnection> oldest = context.open().add(this);
        context.sweep().begin();
        oldest.ifPresent(SocketConnection::giveWay);
        arrival.orElseThrow().begin();
        signs.reading(true);
    }

    /** The event loop's answer to the handshake; it goes before anything else. */
    public void answer(byte[] bytes) {
        outbound.answer(bytes);
        flush();
    }

    @Override
    public void received(ByteBuffer bytes) {
        signs.note();
        arrival.filter(SocketArrival::isReading).ifPresent(arriving -> arriving.read(bytes));
        closeHandshake.received(bytes.remaining());
        if (!closeHandshake.discardsInput() && bytes.hasRemaining()) {
            inbound.received(bytes);
        }
    }

    /** Whether the WebSocket is open and not about to close; any thread. */
    public boolean isOpen() {
        return upgraded && !closeHandshake.hasBegun();
    }

    /** Is no sign of life, as nothing of it need come from the client's program; counts as a ping does, and is bounded before that. */
    @Override
    public void receivedNoData(int cost) {
        closeHandshake.received(cost);
        if (upgraded) {
            inbound.receivedNoData(cost);
        } else if (++recordsWithoutData > MOST_RECORDS_WITHOUT_DATA) {
            wire.cut();
        }
    }

    @Override
    public void streamEnded() {
        if (closeHandshake.discardsInput()) {
            closeHandshake.streamEnded();
        } else if (!inbound.streamEnded()) {
            wire.cut();
        }
    }

    @Override
    public void writable() {
        if (outbound.isFull()) {
            write(true);
        }
    }

    @Override
    public void lost() {
        gone = true;
        closeHandshake.lost();
    }

    /** False if there is no WebSocket yet that could say so. */
    @Override
    public boolean overloaded() {
        if (upgraded) {
            closeHandshake.violated(CloseCode.OVERLOADED, MessageAssembly.TOO_MUCH);
        }
        return upgraded;
    }

    // What the arrival decides.

    /** A proxy has told where the client is. */
    void comesFrom(InetSocketAddress address) {
        client = address;
    }

    void leftTheGate() {
        arrival = Optional.empty();
        context.open().arrived(this);
    }

    /** An HTTP answer, and the end. */
    void turnAway(HttpAnswer httpAnswer, boolean withBody) {
        closeHandshake.turnAway(httpAnswer.head(), withBody ? httpAnswer.body() : new byte[0]);
    }

    /** Opens the WebSocket. False if the client is gone, or its session could not be made. */
    boolean open(UpgradeRequest request, Function<Connection, ConnectionListener> session) {
        if (!inbound.claim()) {
            return false;
        }
        boolean made = false;
        Throwable failure = null;
        try {
            upgraded = upgrade.perform(request.rewritten());
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
                goAway(); // it was told while the session was being made
            }
        } finally {
            inbound.open();
        }
        if (failure != null) {
            context.faults().report("a session could not be made, the client is refused", failure);
        }
        return made;
    }

    /** Others want in, and this one has been on its way for longest. */
    void giveWay() {
        arrival.ifPresent(SocketArrival::giveWay);
    }

    /** The broker goes down. */
    public void goAway() {
        if (arrival.filter(SocketArrival::goAway).isPresent()) {
            return;
        }
        goingAway = true;
        if (upgraded) {
            close(CloseCode.GOING_AWAY, "the robot goes down");
        } // else a verdict is being carried out at this moment, and looks at goingAway when it is
    }

    /** See {@link OutboundFrames#burden}. */
    double burden(long nowNanos) {
        return outbound.burden(nowNanos);
    }

    /** Ends it at once. */
    public void cut() {
        wire.cut();
    }

    /**
     * Asks a silent client for a sign of life, closes on one that gives none, and fits the others' buffers; and brings to its end what had no
     * memory to end. Thread of the sweep.
     */
    void lookAfter(long nowNanos) {
        if (finished) {
            tellTheEnd();
        } else if (gone) {
            closeHandshake.lost();
        } else if (wire.isToBeCut()) {
            wire.cut();
        }
        if (gone || !upgraded || closeHandshake.hasBegun()) {
            return;
        }
        switch (signs.judge(nowNanos, context.settings().silence())) {
            case ALIVE -> sendBuffer.fit(outbound.consumed(), nowNanos);
            case PING -> {
                outbound.ping();
                flush();
            }
            case SILENT -> close(CloseCode.TIMED_OUT, "silent: no sign of life after a ping");
            case STALLED -> close(CloseCode.TIMED_OUT, "stalled: what was sent is not being read");
        }
    }

    // What the session asks for.

    @Override
    public boolean send(Outgoing messages) {
        context.loadShedder().ifNeeded();
        try {
            return outbound.offer(messages);
        } catch (IOException reset) {
            wire.cut();
            return false;
        }
    }

    @Override
    public void flush() {
        write(false);
    }

    private void write(boolean socketTakesMore) {
        try {
            switch (socketTakesMore ? outbound.writable() : outbound.flush()) {
                case QUIET -> {}
                case WRITABLE -> listener.onWritable();
                case ENDED -> closeHandshake.lastIsOut();
            }
        } catch (IOException reset) {
            wire.cut();
        }
    }

    @Override
    public void pauseReading() {
        inbound.pause();
    }

    @Override
    public void resumeReading() {
        inbound.resume();
    }

    @Override
    public void close(int code, String reason) {
        closeHandshake.close(CloseCode.requireSendable(code), reason);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return client;
    }

    List<X509Certificate> peerCertificates() {
        return wire.peerCertificates();
    }

    @Override
    public long unsentBytes() {
        return outbound.unsentBytes();
    }

    // The steps of the inbound lane.

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
        closeForAFault();
        context.faults().report("a frame could not be taken, the connection is closed", fault);
    }

    @Override
    public void onBroken(Throwable fault) {
        wire.cut();
        context.faults().report("the transport failed on a connection, which is cut off", fault);
    }

    @Override
    public void onFinished() {
        try {
            tellTheEnd();
        } finally {
            finished = true;
        }
    }

    /** What fails for want of memory is done again by the sweep, which sees this connection until all is done. */
    private void tellTheEnd() {
        try {
            CloseCause how = closeHandshake.cause();
            if (tellings++ < MOST_TELLINGS) {
                listener.onClosed(how.code(), how.reason(), how.byPeer());
                tellings = MOST_TELLINGS;
            }
            if (!gone) {
                wire.cut(); // the lane broke off
            }
            if (!gone) {
                return; // it counts as open until its socket is closed
            }
            closeHandshake.noMoreCut();
            context.open().remove(this);
        } catch (Throwable fault) {
            context.faults().report("the end of a connection could not be told, and is told again", fault);
        }
    }

    private void closeForAFault() {
        closeHandshake.close(CloseCode.INTERNAL_ERROR, "internal error");
    }

    /** What the client sends, for the session; nothing of it once the connection is closing. */
    private final class ReceivedFrames implements FrameHandler {
        @Override
        public void onText(byte[] utf8) {
            if (!closeHandshake.hasBegun()) {
                listener.onText(utf8, inbound.heldNanos());
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
            listener.onControl(payload.length);
        }

        @Override
        public void onClose(int code, String reason) {
            closeHandshake.peerClosed(code, reason);
        }

        @Override
        public void onViolation(int closeCode, String reason) {
            closeHandshake.violated(closeCode, reason);
        }
    }
}
