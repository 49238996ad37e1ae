package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.access.Sessions;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;

/** Begins the sessions of clients that are let in. Any thread. */
public record NewSessions(SessionContext context, SessionRegistry registry) implements Sessions {
    @Override
    public boolean reserve(String subject) {
        return registry.reserve(subject);
    }

    @Override
    public void release() {
        registry.release();
    }

    @Override
    public ConnectionListener begin(
            ClientPrincipal principal, Connection connection, FrameStyle style, TokenJudge tokenJudge) {
        Session session =
                new Session(registry.nextId(), principal, connection, style, context, tokenJudge, registry::remove);
        registry.add(session);
        session.authorization().closeIfDenied();
        context.loop().wake(session);
        return session;
    }
}
