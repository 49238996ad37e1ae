package io.github.robotstream;

import io.github.robotstream.internal.BrokerConfig;
import io.github.robotstream.internal.BrokerRuntime;
import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a broker. Every value is checked when it is set, what does not go together when the broker starts. Not
 * safe for use by several threads. {@link #start()} may be called again after it failed.
 */
public final class BrokerBuilder {
    private final Limits limits = new Limits();
    private final Map<Topic<?>, TopicSettings> topics = new LinkedHashMap<>();
    private final List<Consumer<RobotStreamBroker>> subscriptions = new ArrayList<>();
    private String name = "robot";
    private String host = "127.0.0.1";
    private int port = 8765;
    private String path = "/wss";
    private boolean network = true;
    private FrameStyle frameStyle = FrameStyle.ENVELOPE;
    private OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;
    private Duration closeTimeout = Duration.ofSeconds(5);
    private @Nullable TokenVerifier verifier;
    private @Nullable Permissions anonymous;
    private @Nullable TopicStore store;
    private LogSink logSink = LogSink.slf4j();
    private @Nullable Executor callbackExecutor;
    private BrokerClock clock = BrokerClock.SYSTEM;
    private TransportFactory transports = TransportFactory.WEB_SOCKET;
    private boolean threaded = true;

    BrokerBuilder() {}

    /**
     * What the broker is called in logs; {@code robot} unless set.
     *
     * @param value 1 to 64 characters
     * @return this
     */
    public BrokerBuilder name(String value) {
        if (value.isBlank() || value.length() > 64) {
            throw new IllegalArgumentException("name is \"" + value + "\": it has to have 1 to 64 characters");
        }
        name = value;
        return this;
    }

    /**
     * The address to listen on. {@code 127.0.0.1} unless set, so that nobody else reaches the robot by accident;
     * {@code 0.0.0.0} or {@code ::} for all interfaces.
     *
     * @param value a host name or IP literal of this machine
     * @return this
     */
    public BrokerBuilder host(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    "host is blank: name an address, for instance 0.0.0.0 for all interfaces");
        }
        host = value;
        return this;
    }

    /**
     * The TCP port to listen on; 8765 unless set, 0 for any that is free.
     *
     * @param value 0 to 65535
     * @return this
     */
    public BrokerBuilder port(int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException("port is " + value + ": it has to be 0 to 65535");
        }
        port = value;
        return this;
    }

    /**
     * The path that clients connect to; {@code /wss} unless set.
     *
     * @param value an absolute path without query
     * @return this
     */
    public BrokerBuilder path(String value) {
        if (!value.matches("/[A-Za-z0-9._~/-]{0,199}")) {
            throw new IllegalArgumentException("path is \"" + value
                    + "\": it has to begin with / and to consist of letters, digits and . _ ~ / - only");
        }
        path = value;
        return this;
    }

    /**
     * Starts without a port: the same broker, for tests of robot code, or for a robot whose port is taken and that has to
     * run all the same. Address settings and verifier are not used then.
     *
     * @return this
     */
    public BrokerBuilder withoutNetwork() {
        network = false;
        return this;
    }

    /**
     * Who decides which clients get in. Either this or {@link #anonymousAccess} has to be set.
     *
     * @param value the verifier
     * @return this
     */
    public BrokerBuilder tokenVerifier(TokenVerifier value) {
        verifier = value;
        return this;
    }

    /**
     * Lets everybody in who can reach the port, without a token. Either this or {@link #tokenVerifier} has to be set.
     *
     * @param permissions what everybody may do
     * @return this
     */
    public BrokerBuilder anonymousAccess(Permissions permissions) {
        anonymous = permissions;
        return this;
    }

    /**
     * Declares a topic before the port opens, so that its kind and type are in force from the first message.
     *
     * @param topic the topic
     * @return this
     */
    public BrokerBuilder topic(Topic<?> topic) {
        return topic(topic, settings -> {});
    }

    /**
     * Declares a topic before the port opens, with settings.
     *
     * @param topic the topic
     * @param settings fills in the settings
     * @return this
     * @throws IllegalArgumentException if another topic of that name was declared
     */
    public BrokerBuilder topic(Topic<?> topic, Consumer<TopicSettings> settings) {
        for (Topic<?> present : topics.keySet()) {
            if (present.name().equals(topic.name()) && !present.equals(topic)) {
                throw new IllegalArgumentException(topic + " contradicts " + present + ": a name stands for one topic");
            }
        }
        settings.accept(topics.computeIfAbsent(topic, t -> new TopicSettings()));
        return this;
    }

    /**
     * Subscribes before the port opens, so that no message can come too early. Declares the topic too.
     *
     * @param <T> the topic's Java type
     * @param topic the topic
     * @param listener who hears its values
     * @return this
     */
    public <T> BrokerBuilder subscribe(Topic<T> topic, TopicListener<? super T> listener) {
        return subscribe(topic, listener, settings -> {});
    }

    /**
     * Subscribes before the port opens, with settings.
     *
     * @param <T> the topic's Java type
     * @param topic the topic
     * @param listener who hears its values
     * @param settings fills in the settings
     * @return this
     */
    public <T> BrokerBuilder subscribe(
            Topic<T> topic, TopicListener<? super T> listener, Consumer<SubscriptionSettings> settings) {
        topic(topic);
        subscriptions.add(broker -> broker.subscribe(topic, listener, settings));
        return this;
    }

    /**
     * Subscribes to many topics before the port opens.
     *
     * @param filter which topics
     * @param listener who hears their messages
     * @return this
     */
    public BrokerBuilder subscribe(TopicFilter filter, TopicListener<Message> listener) {
        subscriptions.add(broker -> broker.subscribe(filter, listener));
        return this;
    }

    /**
     * Where messages are kept beyond the broker's own memory; nowhere unless set.
     *
     * @param value the store; the broker closes it
     * @return this
     */
    public BrokerBuilder store(TopicStore value) {
        store = value;
        return this;
    }

    /**
     * Where log entries go beside the topic {@code server_logs}; {@link LogSink#slf4j()} unless set.
     *
     * @param value the sink; the broker closes it
     * @return this
     */
    public BrokerBuilder logSink(LogSink value) {
        logSink = value;
        return this;
    }

    /**
     * Who runs listeners. Unless set, daemon threads of the broker, at most one for each subscription.
     *
     * @param value the executor; the broker does not shut it down. Each task may run as long as a listener does. While it
     *     refuses a task by throwing, it is asked again, less and less often
     * @return this
     */
    public BrokerBuilder callbackExecutor(Executor value) {
        callbackExecutor = value;
        return this;
    }

    /**
     * Changes limits.
     *
     * @param change sets what should differ from the defaults
     * @return this
     */
    public BrokerBuilder limits(Consumer<Limits> change) {
        change.accept(limits);
        return this;
    }

    /**
     * How messages are written for clients that do not say; {@link FrameStyle#ENVELOPE}, the documented one, unless set.
     *
     * @param value the style
     * @return this
     */
    public BrokerBuilder frameStyle(FrameStyle value) {
        frameStyle = value;
        return this;
    }

    /**
     * What a session's full queue does with one message more; {@link OverflowPolicy#DROP_OLDEST} unless set.
     *
     * @param value the policy
     * @return this
     */
    public BrokerBuilder overflow(OverflowPolicy value) {
        overflow = value;
        return this;
    }

    /**
     * How long {@link RobotStreamBroker#close()} may take; 5 seconds unless set.
     *
     * @param value 1 millisecond to 10 minutes
     * @return this
     */
    public BrokerBuilder closeTimeout(Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("closeTimeout is " + value + ": it has to be 1 ms to 10 minutes");
        }
        closeTimeout = value;
        return this;
    }

    BrokerBuilder clock(BrokerClock value) {
        clock = value;
        return this;
    }

    BrokerBuilder transports(TransportFactory value) {
        transports = value;
        return this;
    }

    /** Has the caller take the broker thread's steps, with {@link RobotStreamBroker#step}. */
    BrokerBuilder steppedByHand() {
        threaded = false;
        return this;
    }

    /**
     * Starts the broker: opens the store, puts subscriptions in force, opens the port.
     *
     * @return the running broker; close it
     * @throws IOException if the port is taken or the store does not open; nothing is left running then
     * @throws IllegalStateException if neither {@link #tokenVerifier} nor {@link #anonymousAccess} is set, or both are
     */
    public RobotStreamBroker start() throws IOException {
        BrokerRuntime runtime = new BrokerRuntime(config());
        RobotStreamBroker broker = new RobotStreamBroker(runtime);
        runtime.start(() -> subscriptions.forEach(subscription -> subscription.accept(broker)));
        return broker;
    }

    private BrokerConfig config() {
        return new BrokerConfig(
                name,
                host,
                port,
                path,
                network,
                frameStyle,
                overflow,
                closeTimeout,
                verifier,
                anonymous,
                store,
                logSink,
                callbackExecutor,
                clock,
                limits.copy(),
                declared(),
                transports,
                threaded);
    }

    private Map<Topic<?>, Boolean> declared() {
        Map<Topic<?>, Boolean> declared = new LinkedHashMap<>();
        topics.forEach((topic, settings) -> declared.put(topic, settings.acceptsAnyType()));
        return declared;
    }
}
