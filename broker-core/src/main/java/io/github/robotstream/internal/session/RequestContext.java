package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.Work;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.time.BrokerClock;

/** What those have in common that take and do the requests of one session's client; it never changes. */
record RequestContext(
        SessionContext shared, Dialect dialect, SessionLog log, SessionAuthorization authorization, Outbound outbound) {
    Router router() {
        return shared.routing.router();
    }

    BrokerLoop loop() {
        return shared.routing.loop();
    }

    BrokerClock clock() {
        return shared.routing.clock();
    }

    Settings settings() {
        return shared.settings;
    }

    /** {@return what the client may do, by its newest token; any thread} */
    Permissions permissions() {
        return authorization.principal().permissions();
    }

    /** {@return what the session's turn has left for work} */
    Work work() {
        return outbound.queue().work();
    }
}
