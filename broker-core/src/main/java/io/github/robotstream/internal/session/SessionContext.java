package io.github.robotstream.internal.session;

import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.protocol.FlatFrames;
import io.github.robotstream.internal.protocol.RequestDecoder;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.QueueBudget;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.Budget;
import io.github.robotstream.internal.worker.Pool;
import io.github.robotstream.spi.LogEntry;
import java.util.function.Consumer;

/**
 * What all sessions share.
 *
 * @param requests the bytes of requests that wait for the broker thread
 */
public record SessionContext(
        Identity identity,
        DenyList denied,
        BrokerClock clock,
        BrokerLoop loop,
        Router router,
        QueueBudget budget,
        Budget requests,
        Settings settings,
        CodecThreads codecThreads,
        Pool<RequestDecoder> decoders,
        FlatFrames flatFrames,
        Consumer<LogEntry.Builder> log) {

    /** The budget of requests that wait: as much again as for messages that are half received, which is what they were before. */
    public static Budget requests(Settings settings) {
        return new Budget(Integer.MAX_VALUE, Math.max(settings.halfReceivedBytes, 2L * settings.messageBytes));
    }
}
