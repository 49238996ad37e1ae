package io.github.robotstream.internal.settings;

import io.github.robotstream.BrokerListener;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a broker with its default. {@code BrokerBuilder} and the objects that it hands out check values and write them here; the
 * room that a value is for reads it. A running broker has a copy of its own, which nobody writes.
 */
public final class Settings implements Cloneable {
    private static final long HEAP_BYTES = Runtime.getRuntime().maxMemory();

    // The port.
    public boolean network = true; // whether there is one
    public String host = "127.0.0.1";
    public int port = 8765; // 0 for any that is free
    public String path = "/wss"; // where WebSockets connect
    public int socketBufferBytes =
            128 << 10; // SO_SNDBUF at the least: the kernel would grow it to megabytes of stale data
    public int handshakes = 256; // clients at a time between the accepted socket and the verdict, beside the sessions
    public Duration handshakeTimeout =
            Duration.ofSeconds(5); // from the accepted socket to the end of the request's head
    public Duration closeHandshakeTimeout = Duration.ofSeconds(2); // from the close frame to the closed socket

    // HTTP on the port, beside WebSockets.
    public Map<String, Page> pages = new HashMap<>(); // by path
    public boolean console; // whether the library's own page is among them
    public RefusalStyle refusalStyle = RefusalStyle.FITTING;
    public Set<String> allowedHosts = new HashSet<>(); // of this robot, beside the usual ones; in lower case
    public Set<String> allowedOrigins = new HashSet<>(); // in lower case; if empty, the usual ones
    public Predicate<InetAddress> trustedProxies = nobody -> false; // whose word on where a client is counts

    // Who gets in.
    public @Nullable TokenVerifier verifier;
    public @Nullable Permissions anonymous; // of clients without a token, if they get in
    public @Nullable Permissions certificates; // of clients with a certificate, if they are asked for one
    public int sessions = 1000;
    public int sessionsPerSubject = 1_000_000;
    public int connectionsPerAddress = 64;
    public int newConnectionsPerAddress = 50; // a second
    public int failedAttemptsPerAddress = 10; // a second

    // What one session may do and hold.
    public int messageBytes = 1 << 20; // the largest that it, or robot code, may send
    public int frameBytes = 16 << 20; // the largest that it may ask to be sent
    public int queuedMessagesPerSession = 1024;
    public int queuedBytesPerSession = 4 << 20; // of a subscription of robot code too
    public int subscriptionsPerSession = 256;
    public int newTopicsPerSession = 100;
    public RequestRate requestRate = RequestRate.perSecond(1000);
    public Duration thinAfter = Duration.ofSeconds(2); // what waited longer and was followed by a newer value is lost
    public FrameStyle frameStyle = FrameStyle.ENVELOPE; // unless the client says otherwise
    public Duration flushInterval = Duration.ZERO; // from one write to the next

    // What all sessions may hold together, in bytes.
    public long queuedBytes = HEAP_BYTES / 4;
    public long halfReceivedBytes = HEAP_BYTES / 16; // and as many of requests that wait
    public long unsentBytes = HEAP_BYTES / 4; // in the lanes before the sockets
    public long retainedBytes = HEAP_BYTES / 8;
    public long subscriptionBytes = HEAP_BYTES / 32;

    // How long a client may give no sign of life.
    public Duration pingAfter = Duration.ofSeconds(15); // nothing has come
    public Duration answerWithin = Duration.ofSeconds(10); // nothing has come since the ping left
    public Duration writeWithin = Duration.ofSeconds(30); // its full socket has taken nothing
    public Duration readWithin =
            Duration.ofMillis(100); // so much longer than the way takes; zero for as much as the socket takes

    // Topics.
    public Map<Topic<?>, TopicOptions> declared = new LinkedHashMap<>();
    public int history = 0; // how many messages are kept of a topic of which robot code does not say
    public int topics = 10_000; // of clients, and as many of robot code that are not declared
    public Duration topicIdle = Duration.ofMinutes(10);

    // Robot code and what the application brings.
    public Optional<String> name = Optional.empty();
    public int publishQueueMessages = 8192;
    public int publishQueueBytes = 8 << 20;
    public @Nullable TopicStore store;
    public LogSink logSink = LogSink.slf4j();
    public @Nullable Executor callbackExecutor; // null for threads of the broker
    public @Nullable BrokerListener listener;
    public Duration closeTimeout = Duration.ofSeconds(5);

    // What only tests change.
    public BrokerClock clock = BrokerClock.SYSTEM;
    public boolean threaded = true; // whether the broker thread runs; else its steps are taken by hand

    /** Settings that later changes of these do not change. */
    public Settings copy() {
        try {
            Settings copy = (Settings) clone();
            copy.pages = Map.copyOf(pages);
            copy.allowedHosts = Set.copyOf(allowedHosts);
            copy.allowedOrigins = Set.copyOf(allowedOrigins);
            copy.declared = new LinkedHashMap<>(declared);
            copy.declared.replaceAll((topic, options) -> options.copy());
            return copy;
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
