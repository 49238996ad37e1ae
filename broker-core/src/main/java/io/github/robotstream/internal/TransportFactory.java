package io.github.robotstream.internal;

import io.github.robotstream.internal.transport.ArrivalListener;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.TransportSettings;
import io.github.robotstream.internal.transport.jws.JwsTransport;
import java.io.IOException;

/** Opens the port; tests put a transport without sockets in its place. */
@FunctionalInterface
public interface TransportFactory {
    /** Real sockets. */
    TransportFactory WEB_SOCKET = JwsTransport::bind;

    /**
     * Opens the port.
     *
     * @throws IOException if it cannot be opened, for instance because it is taken
     */
    Transport open(TransportSettings settings, ArrivalListener listener) throws IOException;
}
