package io.github.robotstream.internal;

import io.github.robotstream.internal.log.BrokerLog;
import io.github.robotstream.internal.log.LogRecordEncoder;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.Timers;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.Turn;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import org.jspecify.annotations.Nullable;

/** The log's place on the broker thread: its entries become messages of {@code server_logs}. */
final class LogTurn extends Turn {
    static final String TOPIC = "server_logs";
    private static final int ENTRIES_KEPT = 200;

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Router router;
    private final BrokerLog log;
    private final TopicState topic;
    private final PayloadHead payloadHead = new PayloadHead(TOPIC, "log");
    private Timers.@Nullable Timer timer;

    LogTurn(BrokerClock clock, BrokerLoop loop, Router router, LogSink sink) {
        this.clock = clock;
        this.loop = loop;
        this.router = router;
        this.topic = router.topics().builtIn(TOPIC, ENTRIES_KEPT);
        this.log = new BrokerLog(clock, sink, this::publish, () -> loop.attend(this));
    }

    BrokerLog log() {
        return log;
    }

    void write(LogEntry.Builder entry) {
        log.log(entry.at(clock.now()));
    }

    /** The same for what is about the broker thread itself. */
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
        timer = loop.schedule(next - now, () -> loop.attend(this));
        return false;
    }

    private void publish(LogEntry entry) {
        Envelope envelope = Envelope.ofValue(topic.head(), payloadHead, LogRecordEncoder.encode(entry));
        RoutedMessage message = new RoutedMessage(topic, envelope, "broker", clock.nanoTime(), null)
                .withSeverity(entry.level().severity());
        if (entry.origin() == LogEntry.Origin.BROKER) {
            message.withSource(source(entry));
        }
        router.route(message);
    }

    /** What the broker says about clients is kept by subject, and the rest by event: refused clients have no subject. */
    private static String source(LogEntry entry) {
        return entry.subject().map(subject -> "subject " + subject).orElseGet(() -> "event " + entry.event());
    }
}
