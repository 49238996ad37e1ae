package io.github.robotstream.internal.transport;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.internal.transport.jws.JwsTransport;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The transports on which a contract is tested. */
public enum TransportKind {
    MEMORY {
        @Override
        public Transport bind(Settings settings, HandshakeListener listener) {
            return InMemoryTransport.threaded(settings, listener);
        }

        @Override
        public TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
            return ((InMemoryTransport) transport).connect(target, headers);
        }

        @Override
        public TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers)
                throws IOException {
            return ((InMemoryTransport) transport).requestUpgrade(target, headers);
        }
    },
    SOCKETS {
        @Override
        public Transport bind(Settings settings, HandshakeListener listener) throws IOException {
            return JwsTransport.bind(settings, Optional.empty(), listener);
        }

        @Override
        public TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
            return request(transport, target, headers).connect();
        }

        @Override
        public TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers)
                throws IOException {
            return request(transport, target, headers).requestUpgrade();
        }
    },
    TLS {
        @Override
        public Transport bind(Settings settings, HandshakeListener listener) throws IOException {
            return JwsTransport.bind(settings, Optional.of(TestCertificate.SHARED::serverEngine), listener);
        }

        @Override
        public TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
            return request(transport, target, headers)
                    .through(TestCertificate.SHARED.clientSockets())
                    .connect();
        }

        @Override
        public TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers)
                throws IOException {
            return request(transport, target, headers)
                    .through(TestCertificate.SHARED.clientSockets())
                    .requestUpgrade();
        }
    };

    private static SocketTestClient.Request request(Transport transport, String target, Map<String, String> headers) {
        SocketTestClient.Request request =
                SocketTestClient.to(transport.address()).target(target).receiveBuffer(16 * 1024);
        headers.forEach(request::header);
        return request;
    }

    public abstract Transport bind(Settings settings, HandshakeListener listener) throws IOException;

    /** As {@link #connect}, without waiting for the answer. */
    public abstract TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers)
            throws IOException;

    /**
     * Connects a client.
     *
     * @param target path and query
     */
    public abstract TestClient connect(Transport transport, String target, Map<String, String> headers)
            throws IOException;
}
