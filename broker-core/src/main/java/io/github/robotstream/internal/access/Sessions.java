package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;

/** Where clients that are let in become sessions. Any thread. */
public interface Sessions {
    /** Takes a place for a session that is about to begin; false if there is none. */
    boolean reserve(String subject);

    /** Gives back a place for which no session has begun. */
    void release();

    /** Begins a session, which has a place; {@code tokenJudge} judges its newer tokens. */
    ConnectionListener begin(ClientPrincipal principal, Connection connection, Dialect dialect, TokenJudge tokenJudge);
}
