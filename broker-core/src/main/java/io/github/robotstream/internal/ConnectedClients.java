package io.github.robotstream.internal;

import io.github.robotstream.internal.protocol.ClientsDocument;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.session.Session;
import io.github.robotstream.internal.session.SessionRegistry;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What {@code $clients} tells: new when somebody came, left, subscribed, unsubscribed or lost something, and else now and then, as the
 * numbers of messages change all the time. Broker thread.
 */
final class ConnectedClients implements OnDemandTopic.Source {
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Ten microseconds each, with the longest names. */
    private static final int SESSIONS_A_TURN = 8;

    private final BrokerClock clock;
    private final Router router;
    private final SessionRegistry sessions;
    private ClientsDocument document = new ClientsDocument();
    private @Nullable Session last;
    private long changes;
    private long madeNanos;

    ConnectedClients(BrokerClock clock, Router router, SessionRegistry sessions) {
        this.clock = clock;
        this.router = router;
        this.sessions = sessions;
    }

    @Override
    public boolean begin(boolean first) {
        long now = clock.nanoTime();
        long present = changes();
        if (!first && present == changes && now - madeNanos < REFRESH_NANOS) {
            return false;
        }
        changes = present;
        madeNanos = now;
        document = new ClientsDocument();
        last = null;
        return true;
    }

    /** Sessions and subscriptions that have begun or ended, and losses: another number after each. */
    private long changes() {
        return sessions.changes()
                + router.subscriptions().version()
                + router.counters().losses().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    @Override
    public @Nullable String goOn() {
        for (int i = 0; i < SESSIONS_A_TURN; i++) {
            Session next = sessions.next(last);
            if (next == null) {
                String json = document.end();
                document = new ClientsDocument();
                last = null;
                return json;
            }
            document.add(next.summary());
            last = next;
        }
        return null;
    }
}
