package io.github.robotstream.internal.transport;

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
import org.jspecify.annotations.Nullable;

/**
 * Java-WebSocket's idea of one connection. It answers the handshake, from a head that we have written; every other byte goes past it, so
 * its frames, its queue, its close handshake and its log are never met. Nor is its idea of whether the connection is open believed, as
 * that can be wrong for ever when a client leaves during the handshake: {@link SocketConnection} knows.
 *
 * <p>{@link #decode} is called by one worker thread, the same for all of a connection's reads.
 */
final class JwsSocket extends WebSocketImpl {
    private final TransportSettings settings;
    private final BooleanSupplier ending;
    private @Nullable HeadReader headReader = new HeadReader(); // null once the head is read: it holds the token
    private long reads;

    /** Set by {@link #attach} before anything is read. */
    private Optional<JwsWire> wire = Optional.empty();

    /** @param ending whether the workers are to end */
    JwsSocket(TransportSettings settings, List<Draft> drafts, BooleanSupplier ending) {
        super(new Events(), drafts);
        this.settings = settings;
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
        try {
            reads++;
            if (socket.isEndMark(reads)) {
                socket.connection().streamEnded();
            } else {
                takeBytes(socket, bytes);
            }
        } catch (Throwable fault) {
            socket.fault(fault); // what gets out of here would end the worker thread, or the whole server
        } finally {
            if (ending.getAsBoolean()) {
                // Whoever was called may have swallowed the one interrupt that tells this worker to end.
                Thread.currentThread().interrupt();
            }
        }
    }

    private void takeBytes(JwsWire socket, ByteBuffer bytes) {
        HeadReader reader = headReader;
        if (reader != null) {
            if (!reader.read(bytes)) {
                return;
            }
            headReader = null;
            handshake(socket, reader);
        }
        if (bytes.hasRemaining()) {
            socket.connection().received(bytes);
        }
    }

    private void handshake(JwsWire socket, HeadReader reader) {
        if (reader.isTooLarge()) {
            socket.connection().turnAway(HttpAnswer.TOO_LARGE.bytes());
            return;
        }
        UpgradeRequest request;
        try {
            request = new UpgradeRequest(RequestHead.parse(reader.bytes()), settings);
        } catch (RequestHead.Malformed malformed) {
            socket.connection().turnAway(HttpAnswer.MALFORMED.bytes());
            return;
        }
        Optional<HttpAnswer> refusal = request.refusal();
        if (refusal.isPresent()) {
            socket.connection().turnAway(refusal.get().bytes());
            return;
        }
        super.decode(ByteBuffer.wrap(request.rewritten()));
        if (isOpen()) {
            socket.connection().knock(request.handshake(socket.remoteAddress()));
        } else {
            socket.cut();
        }
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
            ((JwsSocket) socket).wire.orElseThrow().connection().lost();
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
