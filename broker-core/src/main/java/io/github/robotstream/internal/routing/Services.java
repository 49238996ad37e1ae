package io.github.robotstream.internal.routing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What clients may call, by name. Any thread. */
public final class Services {
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** What answers calls. */
    public interface Service {
        /** Takes a call, whose outcome comes later. False if as many wait already as may; never blocks. */
        boolean offer(PendingCall call);
    }

    /** Adds one for as long as the broker lives; throws IllegalArgumentException if there is one of that name. */
    public void add(String name, Service service) {
        if (services.putIfAbsent(name, service) != null) {
            throw new IllegalArgumentException(
                    "service \"" + name + "\" has a handler already: one handler answers each service");
        }
    }

    /** {@return the service of a name, or null} */
    public @Nullable Service find(String name) {
        return services.get(name);
    }

    /** All that go on are to come to an end. */
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }
}
