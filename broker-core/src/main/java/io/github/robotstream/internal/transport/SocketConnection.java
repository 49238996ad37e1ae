package io.github.robotstream.internal.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A connection on a socket, from the accepted socket to the closed one.
 *
 * <pre>
 * knocking --upgraded--> waiting --admitted--> open
 *    |                      |                   |
 *    | no upgrade           | refused           | close frame, violation, close(), fault
 *    +----------------------+-------------------+--> closing --answer, or the time is over--> closed
 *    |                      |                   |                                               ^
 *    +----------------------+-------------------+-- end of the stream, reset, too late ---------+
 * </pre>
 */
final class SocketConnection implements Connection, InboundLane.Steps {
    private final Engine engine;
    private final Wire wire;
    private final OutboundLane outbound;
    private final InboundLane inbound;
    private final Farewell farewell;
    private final AtomicBoolean judged = new AtomicBoolean();
    private final GuardedListener listener;
    private volatile boolean upgraded;

    SocketConnection(Engine engine, Wire wire) {
        this.engine = engine;
        this.wire = wire;
        this.outbound = new OutboundLane(wire, engine.buffers());
        FrameDecoder decoder =
                new FrameDecoder(engine.settings().maxMessageBytes(), engine.budget(), new ReceivedFrames());
        this.inbound = new InboundLane(decoder, this, engine.tasks(), wire::reading);
        this.farewell = new Farewell(engine, wire, outbound, inbound);
        this.listener = new GuardedListener(engine.faults(), this::closeForAFault);
    }

    // What the engine tells.

    /** The socket is accepted; the head of the request is due. */
    void begin() {
        farewell.cutIn(engine.settings().handshakeTimeout());
        engine.open().add(this).ifPresent(SocketConnection::giveWay);
        wire.reading(true);
    }

    /** The engine's answer to the handshake; it goes before anything else. */
    void answer(byte[] bytes) {
        outbound.answer(bytes);
        flush();
    }

    /** No upgrade: an HTTP answer, and the end. */
    void turnAway(byte[] httpAnswer) {
        judged.set(true);
        engine.open().arrived(this);
        farewell.turnAway(httpAnswer);
    }

    /** The upgrade is done: somebody else decides. */
    void knock(HandshakeRequest request) {
        farewell.noMoreCut();
        upgraded = true;
        try {
            engine.arrivals().onArrival(new SocketArrival(request, this));
        } catch (Throwable fault) {
            engine.faults().report("the listener for arrivals failed, the client is refused", fault);
            refuse(CloseCode.INTERNAL_ERROR, "internal error");
        }
    }

    void received(ByteBuffer bytes) {
        if (!farewell.isDeaf()) {
            inbound.received(bytes);
        }
    }

    /** The client's stream has ended; told in its turn after all that was received. */
    void streamEnded() {
        if (farewell.isDeaf() || !inbound.streamEnded()) {
            wire.cut();
        }
    }

    /** The socket takes more. May be told for nothing, and costs little then. */
    void writable() {
        if (outbound.isFull()) {
            told(farewell.writable());
        }
    }

    /** The socket is closed, whoever closed it. */
    void lost() {
        farewell.lost();
    }

    // The verdict.

    boolean admit(Function<Connection, ConnectionListener> session) {
        if (!judge()) {
            return false;
        }
        boolean made = false;
        try {
            listener.set(session.apply(this), engine.tasks());
            made = true;
        } catch (Throwable fault) {
            engine.faults().report("a session could not be made, the client is refused", fault);
            closeForAFault();
        }
        inbound.open();
        return made;
    }

    void refuse(int closeCode, String reason) {
        if (judge()) {
            inbound.open();
            close(closeCode, reason);
        }
    }

    /** Others want in, and this one has been on its way for longest. */
    void giveWay() {
        if (upgraded) {
            refuse(CloseCode.OVERLOADED, "overloaded: too many on their way in");
        } else {
            wire.cut();
        }
    }

    /** The broker goes down. */
    void goAway() {
        if (!upgraded) {
            wire.cut();
        } else if (judged.get()) {
            close(CloseCode.GOING_AWAY, "the robot goes down");
        } else {
            refuse(CloseCode.GOING_AWAY, "the robot goes down");
        }
    }

    /** Ends it at once. */
    void cut() {
        wire.cut();
    }

    private boolean judge() {
        if (!judged.compareAndSet(false, true)) {
            return false;
        }
        engine.open().arrived(this);
        return inbound.claim();
    }

    // What the session asks for.

    @Override
    public boolean send(Outgoing messages) {
        if (outbound.offer(messages, false)) {
            return true;
        }
        flush();
        return outbound.offer(messages, true);
    }

    @Override
    public void flush() {
        told(farewell.flush());
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
        farewell.close(CloseCode.requireSendable(code), reason);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return wire.remoteAddress();
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
    public void onFault(Throwable fault) {
        engine.faults().report("a frame could not be taken, the connection is closed", fault);
        closeForAFault();
    }

    @Override
    public void onFinished() {
        farewell.noMoreCut();
        Ending how = farewell.ending();
        listener.onClosed(how.code(), how.reason(), how.byPeer());
        engine.open().remove(this);
    }

    private void told(boolean writable) {
        if (writable) {
            listener.onWritable();
        }
    }

    private void closeForAFault() {
        farewell.close(CloseCode.INTERNAL_ERROR, "internal error");
    }

    /** What the client sends, for the session; nothing of it once the connection is closing. */
    private final class ReceivedFrames implements FrameHandler {
        @Override
        public void onText(byte[] utf8) {
            if (!farewell.hasBegun()) {
                listener.onText(utf8);
            }
        }

        @Override
        public void onPing(byte[] payload) {
            outbound.pong(payload);
            flush();
        }

        @Override
        public void onPong(byte[] payload) {
            // unasked for (RFC 6455 section 5.5.3), and that it arrived is all it says
        }

        @Override
        public void onClose(int code, String reason) {
            farewell.peerClosed(code, reason);
        }

        @Override
        public void onViolation(int closeCode, String reason) {
            farewell.violated(closeCode, reason);
        }
    }
}
