package io.github.robotstream.internal.transport;

import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** The contract over real sockets. */
class JwsTransportTest extends TransportContract {

    @Override
    TransportSettings settings() {
        return TransportSettings.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "/wss");
    }

    @Override
    Transport bind(TransportSettings settings, ArrivalListener listener) throws IOException {
        return JwsTransport.bind(settings, listener);
    }

    @Override
    TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
        SocketTestClient.Request request =
                SocketTestClient.to(transport.address()).target(target).receiveBuffer(16 * 1024);
        headers.forEach(request::header);
        return request.connect();
    }
}
