package io.github.robotstream.internal.transport;

import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** The transports on which a contract is tested. */
public enum TransportKind {
    MEMORY {
        @Override
        public Transport bind(TransportSettings settings, ArrivalListener listener) {
            return InMemoryTransport.threaded(settings, listener);
        }

        @Override
        public TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
            return ((InMemoryTransport) transport).connect(target, headers);
        }
    },
    SOCKETS {
        @Override
        public Transport bind(TransportSettings settings, ArrivalListener listener) throws IOException {
            return JwsTransport.bind(settings, listener);
        }

        @Override
        public TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
            SocketTestClient.Request request =
                    SocketTestClient.to(transport.address()).target(target).receiveBuffer(16 * 1024);
            headers.forEach(request::header);
            return request.connect();
        }
    };

    /** The usual limits, on any free port of the loopback, for the path {@code /wss}. */
    public TransportSettings settings() {
        return TransportSettings.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "/wss");
    }

    public abstract Transport bind(TransportSettings settings, ArrivalListener listener) throws IOException;

    /**
     * Connects a client.
     *
     * @param target path and query
     */
    public abstract TestClient connect(Transport transport, String target, Map<String, String> headers)
            throws IOException;
}
