package io.github.robotstream.internal.robot;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.routing.Tally;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.LogEntry;
import java.util.function.Consumer;

/** What is told of one subscription of robot code. Any thread. */
final class SubscriptionLog {
    private final TopicFilter filter;
    private final Tally tally;
    private final Consumer<LogEntry.Builder> log;

    SubscriptionLog(TopicFilter filter, Tally tally, Consumer<LogEntry.Builder> log) {
        this.filter = filter;
        this.tally = tally;
        this.log = log;
    }

    /** The application's code threw. */
    void failed(Throwable fault) {
        tally.add(Tally.Count.FAILED, 1);
        tell(LogEntry.builder(
                LogEntry.Origin.BROKER,
                LogEntry.Level.ERROR,
                "listener_failed",
                "a listener or codec of " + filter + " threw " + FailureText.of(fault)));
    }

    /** The queue lost messages. Of {@code server_logs} this is not told, as it would make more of the same. */
    void fellBehind(long lost) {
        if (!filter.toString().equals("server_logs")) {
            tell(LogEntry.builder(
                            LogEntry.Origin.BROKER,
                            LogEntry.Level.WARN,
                            "messages_dropped",
                            "a listener of robot code fell behind on " + filter)
                    .attribute("dropped", lost));
        }
    }

    private void tell(LogEntry.Builder entry) {
        log.accept(entry.topic(filter.toString()));
    }
}
