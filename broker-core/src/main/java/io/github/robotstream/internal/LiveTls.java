package io.github.robotstream.internal;

import io.github.robotstream.internal.transport.tls.TlsContext;
import io.github.robotstream.internal.transport.tls.TlsReload;
import io.github.robotstream.internal.transport.tls.TlsSource;
import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The TLS of a broker that runs: what is in force, and who looks at its files. */
final class LiveTls {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    private final TlsContext context;
    private final TlsReload reload;

    private LiveTls(TlsContext context, TlsReload reload) {
        this.context = context;
        this.reload = reload;
    }

    /** Reads the files; empty without a source. */
    static Optional<LiveTls> of(@Nullable TlsSource source, Consumer<LogEntry.Builder> log) throws IOException {
        if (source == null) {
            return Optional.empty();
        }
        TlsContext context = new TlsContext(source);
        TlsReload reload = new TlsReload(
                source,
                context,
                LOOK_EVERY,
                message -> log.accept(entry(LogEntry.Level.INFO, "tls_reloaded", message)),
                message -> log.accept(entry(LogEntry.Level.ERROR, "tls_reload_failed", message)));
        reload.start();
        return Optional.of(new LiveTls(context, reload));
    }

    private static LogEntry.Builder entry(LogEntry.Level level, String event, String message) {
        return LogEntry.builder(LogEntry.Origin.BROKER, level, event, message);
    }

    Supplier<SSLEngine> engines() {
        return context;
    }

    void replace(SSLContext next) {
        context.replace(next);
    }

    void close() {
        reload.close();
    }

    /** Waits, once closed, for the end of its thread, at most so long. */
    void awaitEnd(Duration limit) {
        reload.awaitEnd(limit);
    }
}
