package io.github.robotstream.simulation;

import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A transport without sockets, whose connections end when their client reads their end, or when they are cut. */
final class SimulatedNetwork implements Transport {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8765);

    private final HandshakeListener listener;
    private final List<SimulatedConnection> all = new ArrayList<>();

    SimulatedNetwork(HandshakeListener listener) {
        this.listener = listener;
    }

    /** A client gets in with a token. */
    void connect(String token, SimulatedConnection connection) {
        HandshakeRequest request =
                new HandshakeRequest("/wss", Optional.of("token=" + token), Map.of(), ADDRESS, List.of());
        listener.onHandshake(new Handshake() {
            @Override
            public HandshakeRequest request() {
                return request;
            }

            @Override
            public boolean admit(Function<Connection, ConnectionListener> session) {
                connection.begin(session.apply(connection));
                return true;
            }

            @Override
            public boolean wantsWebSocket() {
                return true;
            }

            @Override
            public void answer(String contentType, byte[] body) {
                throw new AssertionError(contentType);
            }

            @Override
            public void refuse(Refusal refusal) {
                throw new AssertionError(refusal);
            }
        });
        all.add(connection);
    }

    @Override
    public InetSocketAddress address() {
        return ADDRESS;
    }

    @Override
    public int connections() {
        return (int) all.stream().filter(connection -> !connection.hasEnded()).count();
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void close(Duration timeout) {
        all.forEach(SimulatedConnection::cut);
    }
}
