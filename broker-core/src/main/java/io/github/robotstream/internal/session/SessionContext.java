package io.github.robotstream.internal.session;

import io.github.robotstream.Limits;
import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.internal.protocol.RequestDecoder;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.QueueBudget;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.Spares;
import io.github.robotstream.spi.LogEntry;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What all sessions share. */
public record SessionContext(
        Identity identity,
        DenyList denied,
        BrokerClock clock,
        BrokerLoop loop,
        Router router,
        QueueBudget budget,
        Limits limits,
        OverflowPolicy overflow,
        Executor codecThreads,
        Spares<RequestDecoder> decoders,
        Consumer<LogEntry.Builder> log) {}
