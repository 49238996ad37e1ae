package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.connection.SocketConnection;
import io.github.robotstream.internal.worker.Heartbeat;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.Handshakedata;

/**
 * Java-WebSocket's idea of one connection. It answers the handshake of a client that is admitted, from a head that we have written; every
 * byte that the client sends goes past it, so its frames, its queue, its close handshake and its log are never met. Nor is its idea of
 * whether the connection is open believed for long: {@link SocketConnection} knows.
 *
 * <p>{@link #decode} is called by one worker thread, the same for all of a connection's reads but those that {@link InlineReads} decodes;
 * {@link #perform} by whoever admits.
 */
final class JwsSocket extends WebSocketImpl {
    private static final Events EVENTS = new Events();

    private final Runnable beat;
    private final BooleanSupplier ending;
    private volatile long decoded; // by the worker

    /** Set by {@link #attach} before anything is read. */
    private Optional<JwsWire> wire = Optional.empty();

    /**
     * @param beat is told when a worker begins and ends to decode, see {@link Heartbeat}
     * @param ending whether the workers are to end
     */
    JwsSocket(List<Draft> drafts, Runnable beat, BooleanSupplier ending) {
        super(EVENTS, drafts);
        this.beat = beat;
        this.ending = ending;
    }

    void attach(JwsWire itsWire) {
        wire = Optional.of(itsWire);
        setSelectionKey(itsWire.key());
        setChannel(itsWire.asChannel());
    }

    @Override
    public void decode(ByteBuffer bytes) {
        JwsWire socket = wire.orElseThrow();
        long read = decoded + 1;
        beat.run();
        try {
            if (socket.isEndMark(read)) {
                socket.listener().streamEnded();
            } else {
                socket.listener().received(bytes);
            }
        } catch (Throwable fault) {
            socket.fault(fault); // what gets out of here would end the worker thread, or the whole server
        } finally {
            decoded = read;
            socket.decoded();
            beat.run();
            if (ending.getAsBoolean()) {
                // Whoever was called may have swallowed the one interrupt that tells this worker to end.
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How many reads the worker has decoded; any thread, which then sees all that it did for them. */
    long decoded() {
        return decoded;
    }

    /** Answers the handshake; false if the socket is gone. */
    boolean perform(byte[] head) {
        synchronized (this) {
            // closeConnection takes this monitor too: a socket closed between the answer and the opening would count as
            // open
            super.decode(ByteBuffer.wrap(head));
        }
        return isOpen();
    }

    /** What Java-WebSocket tells of a connection: that it has written its answer, and that it has closed the channel. */
    private static final class Events extends WebSocketAdapter {

        @Override
        public void onWriteDemand(WebSocket socket) {
            JwsSocket jws = (JwsSocket) socket;
            for (ByteBuffer b = jws.outQueue.poll(); b != null; b = jws.outQueue.poll()) {
                byte[] answer = new byte[b.remaining()];
                b.duplicate().get(answer); // a duplicate: the selector may just look at it, and must not find it empty
                jws.wire.orElseThrow().connection().answer(answer);
            }
        }

        @Override
        public void onWebsocketClose(WebSocket socket, int code, String reason, boolean remote) {
            ((JwsSocket) socket).wire.orElseThrow().listener().lost();
        }

        @Override
        public InetSocketAddress getRemoteSocketAddress(WebSocket socket) {
            return ((JwsSocket) socket).wire.orElseThrow().remoteAddress();
        }

        @Override
        public InetSocketAddress getLocalSocketAddress(WebSocket socket) {
            throw new UnsupportedOperationException(
                    "Java-WebSocket asks only for others, and nobody else has this object");
        }

        @Override
        public void onWebsocketOpen(WebSocket socket, Handshakedata handshake) {}

        @Override
        public void onWebsocketMessage(WebSocket socket, String message) {}

        @Override
        public void onWebsocketMessage(WebSocket socket, ByteBuffer message) {}

        @Override
        public void onWebsocketClosing(WebSocket socket, int code, String reason, boolean remote) {}

        @Override
        public void onWebsocketCloseInitiated(WebSocket socket, int code, String reason) {}

        @Override
        public void onWebsocketPong(WebSocket socket, Framedata frame) {}

        @Override
        public void onWebsocketError(WebSocket socket, Exception fault) {}
    }
}
