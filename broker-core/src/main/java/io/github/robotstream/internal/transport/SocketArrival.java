package io.github.robotstream.internal.transport;

import java.util.function.Function;

/** The request of a connection that waits for its verdict; the connection itself never keeps it, as it holds the token. */
record SocketArrival(HandshakeRequest request, SocketConnection connection) implements Arrival {

    @Override
    public boolean admit(Function<Connection, ConnectionListener> session) {
        return connection.admit(session);
    }

    @Override
    public void refuse(Refusal refusal) {
        connection.refuse(refusal.closeCode(), refusal.reason());
    }
}
