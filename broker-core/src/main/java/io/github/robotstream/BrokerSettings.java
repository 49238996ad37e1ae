package io.github.robotstream;

import io.github.robotstream.internal.BrokerConfig;
import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.tls.TlsSource;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The values that a {@link BrokerBuilder} collects, with their defaults. */
final class BrokerSettings {
    final Limits limits = new Limits();
    final HttpSettings http = new HttpSettings();
    final DeliverySettings delivery = new DeliverySettings();
    private final Map<Topic<?>, TopicSettings> topics = new LinkedHashMap<>();
    private Optional<String> name = Optional.empty();
    private String host = "127.0.0.1";
    private int port = 8765;
    private String path = "/wss";
    boolean network = true;
    FrameStyle frameStyle = FrameStyle.ENVELOPE;
    OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;
    private Duration closeTimeout = Duration.ofSeconds(5);

    @Nullable
    TlsSource tls;

    @Nullable
    Permissions certificates;

    @Nullable
    TokenVerifier verifier;

    @Nullable
    Permissions anonymous;

    @Nullable
    TopicStore store;

    LogSink logSink = LogSink.slf4j();

    @Nullable
    Executor callbackExecutor;

    Consumer<Throwable> onFailure = cause -> {};
    BrokerClock clock = BrokerClock.SYSTEM;
    TransportFactory transports = TransportFactory.WEB_SOCKET;
    boolean threaded = true;

    void name(String value) {
        if (value.isBlank() || value.length() > 64) {
            throw new IllegalArgumentException("name is \"" + value + "\": it has to have 1 to 64 characters");
        }
        name = Optional.of(value);
    }

    void host(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("host is blank: name an address, 0.0.0.0 for all interfaces");
        }
        host = value;
    }

    void port(int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException("port is " + value + ": it has to be 0 to 65535");
        }
        port = value;
    }

    void path(String value) {
        if (!value.matches("/[A-Za-z0-9._~/-]{0,199}")) {
            throw new IllegalArgumentException("path is \"" + value
                    + "\": it has to begin with / and to consist of letters, digits and . _ ~ / - only");
        }
        path = value;
    }

    void closeTimeout(Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("closeTimeout is " + value + ": it has to be 1 ms to 10 minutes");
        }
        closeTimeout = value;
    }

    /** The settings of a topic, which is declared with the first call. */
    TopicSettings of(Topic<?> topic) {
        for (Topic<?> present : topics.keySet()) {
            if (present.name().equals(topic.name()) && !present.equals(topic)) {
                throw new IllegalArgumentException(topic + " contradicts " + present + ": a name stands for one topic");
            }
        }
        return topics.computeIfAbsent(topic, t -> new TopicSettings());
    }

    /** A copy that does not change, if the values go together. */
    BrokerConfig freeze() {
        Map<Topic<?>, Boolean> declared = new LinkedHashMap<>();
        topics.forEach((topic, settings) -> declared.put(topic, settings.isUncheckedFromClients()));
        return new BrokerConfig(
                name,
                host,
                port,
                path,
                network,
                frameStyle,
                http.refusalStyle(),
                http.pages(),
                http.door(),
                overflow,
                closeTimeout,
                tls,
                certificates,
                verifier,
                anonymous,
                store,
                logSink,
                callbackExecutor,
                onFailure,
                clock,
                limits.copy(),
                delivery.copy(),
                declared,
                transports,
                threaded);
    }
}
