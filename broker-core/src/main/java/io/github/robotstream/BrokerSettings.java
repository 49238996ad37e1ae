package io.github.robotstream;

import io.github.robotstream.internal.BrokerConfig;
import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The values that a {@link BrokerBuilder} collects, with their defaults. */
final class BrokerSettings {
    final Limits limits = new Limits();
    final HttpSettings http = new HttpSettings();
    private final Map<Topic<?>, TopicSettings> topics = new LinkedHashMap<>();
    String name = "robot";
    String host = "127.0.0.1";
    int port = 8765;
    String path = "/wss";
    boolean network = true;
    FrameStyle frameStyle = FrameStyle.ENVELOPE;
    OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;
    Duration closeTimeout = Duration.ofSeconds(5);

    @Nullable
    TokenVerifier verifier;

    @Nullable
    Permissions anonymous;

    @Nullable
    TopicStore store;

    LogSink logSink = LogSink.slf4j();

    @Nullable
    Executor callbackExecutor;

    BrokerClock clock = BrokerClock.SYSTEM;
    TransportFactory transports = TransportFactory.WEB_SOCKET;
    boolean threaded = true;

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
        topics.forEach((topic, settings) -> declared.put(topic, settings.acceptsAnyType()));
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
                verifier,
                anonymous,
                store,
                logSink,
                callbackExecutor,
                clock,
                limits.copy(),
                declared,
                transports,
                threaded);
    }
}
