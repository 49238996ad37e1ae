package io.github.robotstream.internal;

import io.github.robotstream.internal.log.BrokerLog;
import io.github.robotstream.internal.log.LogRecordEncoder;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The topic {@code server_logs}: drains the broker's log on the broker thread and publishes each entry as a message. */
final class ServerLogs extends LoopTask {
    static final String TOPIC = "server_logs";
    private static final int RECENT_ENTRIES = 200;

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Router router;
    private final BrokerLog log;
    private final TopicState topic;
    private final PayloadHead payloadHead = new PayloadHead(TOPIC, "log");
    private Timers.@Nullable Timer timer;

    ServerLogs(
            BrokerClock clock, BrokerLoop loop, Router router, LogSink sink, BiConsumer<String, Throwable> userFaults) {
        this.clock = clock;
        this.loop = loop;
        this.router = router;
        this.topic = router.topics().builtIn(TOPIC, RECENT_ENTRIES);
        this.log = new BrokerLog(clock, sink, this::publish, () -> loop.wake(this), userFaults);
    }

    /** The log that is drained. */
    BrokerLog log() {
        return log;
    }

    /** Writes an entry about the broker thread itself: see {@link BrokerLog#logPastBroker}. */
    void writePastBroker(LogEntry.Builder entry) {
        log.logPastBroker(entry.at(clock.now()));
    }

    @Override
    protected boolean take() {
        if (timer != null) {
            loop.cancel(timer);
            timer = null;
        }
        long now = clock.nanoTime();
        long next = log.drain(now);
        if (next == Long.MAX_VALUE) {
            return false;
        }
        if (next == now) {
            return true;
        }
        timer = loop.schedule(next - now, () -> loop.wake(this));
        return false;
    }

    private void publish(LogEntry entry) {
        Envelope envelope = Envelope.ofValue(topic.head(), payloadHead, LogRecordEncoder.encode(entry));
        RoutedMessage message = new RoutedMessage(topic, envelope, RoutedMessage.BROKER, clock.nanoTime(), null)
                .withSeverity(entry.level().severity());
        if (!entry.isFromRobot()) {
            message.withSource(source(entry));
        }
        router.route(message);
    }

    /** Entries about clients share their places by subject; those without a subject, as of refused clients, by event. */
    private static String source(LogEntry entry) {
        return entry.subject().map(subject -> "subject " + subject).orElseGet(() -> "event " + entry.event());
    }
}
