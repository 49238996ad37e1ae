package io.github.robotstream.protocol;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.internal.transport.jws.JwsTransport;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.util.Map;

/** How the clients of a test reach the broker. */
enum Way {
    IN_MEMORY((settings, tls, listener) -> InMemoryTransport.manual(settings, listener)) {
        @Override
        TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers) throws IOException {
            return ((InMemoryTransport) transport).requestUpgrade(target, headers);
        }
    },

    ON_A_SOCKET(JwsTransport::bind) {
        @Override
        TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers) throws IOException {
            return request(transport, target, headers).requestUpgrade();
        }
    },

    THROUGH_TLS(JwsTransport::bind) {
        @Override
        TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers) throws IOException {
            return request(transport, target, headers)
                    .through(TestCertificate.SHARED.clientSockets())
                    .requestUpgrade();
        }

        @Override
        void prepare(BrokerBuilder builder) {
            builder.tls(TestCertificate.SHARED.context());
        }
    };

    /** Small, so that a client that does not read is full soon. */
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    @SuppressWarnings("ImmutableEnumChecker") // method references hold nothing that could change
    private final TransportFactory factory;

    Way(TransportFactory factory) {
        this.factory = factory;
    }

    TransportFactory factory() {
        return factory;
    }

    /** What the broker has to be told. */
    void prepare(BrokerBuilder builder) {}

    private static SocketTestClient.Request request(Transport transport, String target, Map<String, String> headers) {
        SocketTestClient.Request request =
                SocketTestClient.to(transport.address()).target(target).receiveBuffer(RECEIVE_BUFFER_BYTES);
        headers.forEach(request::header);
        return request;
    }

    /** A client that has sent its request, whatever the verdict on it will be. */
    abstract TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers)
            throws IOException;
}
