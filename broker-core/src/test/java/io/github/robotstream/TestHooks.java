package io.github.robotstream;

import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.time.BrokerClock;

/** What the root package lets only tests do with a broker, for tests and fixtures of other packages. */
public final class TestHooks {
    private TestHooks() {}

    /** Has the broker go by this clock. */
    public static BrokerBuilder clock(BrokerBuilder builder, BrokerClock clock) {
        return builder.inTest(settings -> settings.clock = clock);
    }

    /** Has the broker use this transport in place of sockets. */
    public static BrokerBuilder transports(BrokerBuilder builder, TransportFactory transports) {
        return builder.inTest(settings -> settings.transports = transports);
    }

    /** Leaves the steps of the broker thread to {@link #step}. */
    public static BrokerBuilder stepped(BrokerBuilder builder) {
        return builder.inTest(settings -> settings.threaded = false);
    }

    /** Does a bounded piece of work of such a broker; true if more waits. */
    public static boolean step(RobotStreamBroker broker) {
        return broker.step();
    }
}
