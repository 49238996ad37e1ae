package io.github.robotstream;

import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.TokenVerifier;
import java.time.Duration;

/** What the root package lets only tests do with a broker, for tests and fixtures of other packages. */
public final class TestHooks {
    private TestHooks() {}

    /** Has the broker go by this clock. */
    public static BrokerBuilder clock(BrokerBuilder builder, BrokerClock clock) {
        return builder.inTest(hooks -> hooks.settings.clock = clock);
    }

    /** Has the broker use this transport in place of sockets. */
    public static BrokerBuilder transports(BrokerBuilder builder, TransportFactory transports) {
        return builder.inTest(hooks -> hooks.transports = transports);
    }

    /** Leaves the steps of the broker thread to {@link #step}. */
    public static BrokerBuilder stepped(BrokerBuilder builder) {
        return builder.inTest(hooks -> hooks.settings.threaded = false);
    }

    /** Sets how long a handshake may take. */
    public static BrokerBuilder handshakeTimeout(BrokerBuilder builder, Duration value) {
        return builder.inTest(hooks -> hooks.settings.handshakeTimeout = value);
    }

    /** Has the broker be reached also where the builder says that it has no network, by this verifier where it does not say who gets in. */
    public static BrokerBuilder reachable(BrokerBuilder builder, TokenVerifier unlessSet) {
        builder.settings.network = true;
        return saysWhoGetsIn(builder) ? builder : builder.tokenVerifier(unlessSet);
    }

    /** Whether a verifier, certificates or anonymous access is set. */
    public static boolean saysWhoGetsIn(BrokerBuilder builder) {
        return builder.settings.verifier != null
                || builder.settings.anonymous != null
                || builder.settings.certificates != null;
    }

    /** Whether such a broker waits for no other thread. */
    public static boolean isIdle(RobotStreamBroker broker) {
        return broker.isIdle();
    }

    /** Does a bounded piece of work of such a broker; true if more waits. */
    public static boolean step(RobotStreamBroker broker) {
        return broker.step();
    }
}
