package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a room needs to act on the broker thread.
 *
 * @param log takes what is to be told; any thread, never blocks
 * @param userFaults takes what code of the application threw, and which code that is; any thread, never blocks
 */
public record RoutingContext(
        BrokerClock clock,
        BrokerLoop loop,
        Router router,
        Consumer<LogEntry.Builder> log,
        BiConsumer<String, Throwable> userFaults) {}
