package io.github.robotstream.internal;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.jws.JwsTransport;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/** Opens the port; tests put a transport without sockets in its place. */
@FunctionalInterface
public interface TransportFactory {
    /** Real sockets. */
    TransportFactory WEB_SOCKET = JwsTransport::bind;

    /**
     * Opens the port.
     *
     * @param tls makes the TLS of each new connection; empty for plain sockets
     * @throws IOException if it cannot be opened, for instance because it is taken
     */
    Transport open(Settings settings, Optional<Supplier<SSLEngine>> tls, HandshakeListener listener) throws IOException;
}
