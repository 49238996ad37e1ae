package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.gate.UpgradeRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.enums.CloseHandshakeType;
import org.java_websocket.enums.HandshakeState;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ClientHandshakeBuilder;
import org.java_websocket.handshake.HandshakeBuilder;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;

/**
 * What Java-WebSocket is to answer to a handshake that {@link UpgradeRequest} has found right (RFC 6455 section 4.2.2), and no more: it meets
 * no frames. Its own {@code Draft_6455} would make a calendar for each answer and a source of random numbers for each connection, and tell
 * every client which library this is.
 */
final class UpgradeDraft extends Draft {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
    private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";

    @Override
    public HandshakeState acceptHandshakeAsServer(ClientHandshake request) {
        return HandshakeState.MATCHED;
    }

    @Override
    public HandshakeBuilder postProcessHandshakeResponseAsServer(
            ClientHandshake request, ServerHandshakeBuilder answer) {
        answer.setHttpStatusMessage("Switching Protocols");
        answer.put("Upgrade", "websocket");
        answer.put("Connection", "Upgrade");
        answer.put("Sec-WebSocket-Accept", accept(request.getFieldValue("Sec-WebSocket-Key")));
        if (request.hasFieldValue(SUBPROTOCOL)) {
            answer.put(SUBPROTOCOL, request.getFieldValue(SUBPROTOCOL));
        }
        return answer;
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    /** The same for all connections: it keeps nothing of any. */
    @Override
    public Draft copyInstance() {
        return this;
    }

    @Override
    public CloseHandshakeType getCloseHandshakeType() {
        return CloseHandshakeType.TWOWAY;
    }

    @Override
    public void reset() {}

    @Override
    public ByteBuffer createBinaryFrame(Framedata frame) {
        throw framesAreNotMet();
    }

    @Override
    public List<Framedata> createFrames(ByteBuffer binary, boolean mask) {
        throw framesAreNotMet();
    }

    @Override
    public List<Framedata> createFrames(String text, boolean mask) {
        throw framesAreNotMet();
    }

    @Override
    public List<Framedata> translateFrame(ByteBuffer bytes) {
        throw framesAreNotMet();
    }

    @Override
    public void processFrame(WebSocketImpl socket, Framedata frame) {
        throw framesAreNotMet();
    }

    @Override
    public HandshakeState acceptHandshakeAsClient(ClientHandshake request, ServerHandshake answer) {
        throw noClient();
    }

    @Override
    public ClientHandshakeBuilder postProcessHandshakeRequestAsClient(ClientHandshakeBuilder request) {
        throw noClient();
    }

    private static UnsupportedOperationException framesAreNotMet() {
        return new UnsupportedOperationException("every byte of a client goes past Java-WebSocket");
    }

    private static UnsupportedOperationException noClient() {
        return new UnsupportedOperationException("this is a server");
    }
}
