package io.github.robotstream.internal.access;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.AddressRate;
import io.github.robotstream.spi.LogEntry;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What is needed to judge who gets in; {@code failures} bounds how often tokens of one address may not verify. */
public record AccessContext(
        BrokerClock clock,
        BrokerLoop loop,
        DenyList denied,
        AddressRate failures,
        Consumer<LogEntry.Builder> log,
        BiConsumer<String, Throwable> userFaults) {}
