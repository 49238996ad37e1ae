package io.github.robotstream;

import io.github.robotstream.internal.BrokerRuntime;
import io.github.robotstream.internal.transport.tls.TlsSource;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * The settings of a broker. Every value is checked when it is set, what does not go together when the broker starts. Not
 * safe for use by several threads. {@link #start()} may be called again after it failed.
 */
public final class BrokerBuilder {
    private final BrokerSettings settings = new BrokerSettings();
    private final List<Consumer<RobotStreamBroker>> subscriptions = new ArrayList<>();

    BrokerBuilder() {}

    /**
     * What the broker is called in logs; {@code robot} unless set.
     * @param value 1 to 64 characters
     * @return this
     */
    public BrokerBuilder name(String value) {
        settings.name(value);
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
        settings.host(value);
        return this;
    }

    /**
     * The TCP port to listen on; 8765 unless set, 0 for any that is free.
     * @param value 0 to 65535
     * @return this
     */
    public BrokerBuilder port(int value) {
        settings.port(value);
        return this;
    }

    /**
     * The path that clients connect to; {@code /wss} unless set.
     * @param value an absolute path without query
     * @return this
     */
    public BrokerBuilder path(String value) {
        settings.path(value);
        return this;
    }

    /**
     * Serves {@code wss://} and {@code https://} instead of {@code ws://} and {@code http://}: TLS 1.3 and 1.2. Unless set, what goes over
     * the network can be read by others there, tokens included.
     *
     * @param value holds the robot's key and certificate; {@link RobotStreamBroker#tls} takes another while the broker runs
     * @return this
     * @throws IllegalArgumentException if it was not initialised
     */
    public BrokerBuilder tls(SSLContext value) {
        settings.tls = TlsSource.of(value);
        settings.certificates = null;
        return this;
    }

    /**
     * The same with key and certificate from files, which may change while the broker runs.
     * @param value names the files
     * @return this
     */
    public BrokerBuilder tls(TlsSettings value) {
        settings.tls = value.source();
        settings.certificates = value.permissions().orElse(null);
        return this;
    }

    /**
     * Starts without a port: the same broker, for tests of robot code, or for a robot whose port is taken. Address settings
     * and verifier are not used then.
     *
     * @return this
     */
    public BrokerBuilder withoutNetwork() {
        settings.network = false;
        return this;
    }

    /**
     * Who decides which clients get in. Either this or {@link #anonymousAccess} has to be set.
     * @param value the verifier
     * @return this
     */
    public BrokerBuilder tokenVerifier(TokenVerifier value) {
        settings.verifier = Objects.requireNonNull(value, "tokenVerifier");
        return this;
    }

    /**
     * Lets everybody in who can reach the port, without a token. Either this or {@link #tokenVerifier} has to be set.
     * @param permissions what everybody may do
     * @return this
     */
    public BrokerBuilder anonymousAccess(Permissions permissions) {
        settings.anonymous = Objects.requireNonNull(permissions, "anonymousAccess");
        return this;
    }

    /**
     * Declares a topic before the port opens, so that its kind and type are in force from the first message.
     * @param topic the topic
     * @return this
     */
    public BrokerBuilder topic(Topic<?> topic) {
        return topic(topic, defaults -> {});
    }

    /**
     * Declares a topic before the port opens, with settings.
     * @param topic the topic
     * @param change fills in the settings
     * @return this
     * @throws IllegalArgumentException if another topic of that name was declared
     */
    public BrokerBuilder topic(Topic<?> topic, Consumer<TopicSettings> change) {
        change.accept(settings.of(topic));
        return this;
    }

    /**
     * Subscribes before the port opens, so that no message can come too early. Declares the topic too.
     * @param <T> the topic's Java type
     * @param topic the topic
     * @param listener who hears its values
     * @return this
     */
    public <T> BrokerBuilder subscribe(Topic<T> topic, TopicListener<? super T> listener) {
        return subscribe(topic, listener, defaults -> {});
    }

    /**
     * Subscribes before the port opens, with settings.
     * @param <T> the topic's Java type
     * @param topic the topic
     * @param listener who hears its values
     * @param change fills in the settings
     * @return this
     */
    public <T> BrokerBuilder subscribe(
            Topic<T> topic, TopicListener<? super T> listener, Consumer<SubscriptionSettings> change) {
        topic(topic);
        subscriptions.add(broker -> broker.subscribe(topic, listener, change));
        return this;
    }

    /**
     * Subscribes to many topics before the port opens.
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
     * @param value the store; the broker closes it, also when its start fails, and may open it again
     * @return this
     */
    public BrokerBuilder store(TopicStore value) {
        settings.store = Objects.requireNonNull(value, "store");
        return this;
    }

    /**
     * Where log entries go beside the topic {@code server_logs}; {@link LogSink#slf4j()} unless set.
     * @param value the sink; the broker closes it, also when its start fails. A start after that writes to it again, see
     *     {@link LogSink}: set a new one if it cannot go on
     * @return this
     */
    public BrokerBuilder logSink(LogSink value) {
        settings.logSink = Objects.requireNonNull(value, "logSink");
        return this;
    }

    /**
     * Who runs listeners. Unless set, daemon threads of the broker, at most one for each subscription.
     * @param value the executor; the broker does not shut it down. Each task may run as long as a listener does. While it
     *     refuses a task by throwing, it is asked again, less and less often
     * @return this
     */
    public BrokerBuilder callbackExecutor(Executor value) {
        settings.callbackExecutor = Objects.requireNonNull(value, "callbackExecutor");
        return this;
    }

    /**
     * Who hears that the broker has ended by itself, because a thread on which everybody depends has died. {@code server_logs} and the log sink
     * are told before ({@code broker_failed}), everything is closed as by {@link RobotStreamBroker#close()}, and
     * {@link RobotStreamBroker#awaitClose()} returns. Nobody hears it unless set.
     *
     * @param value called at most once, when all has ended, with the cause; on a thread of its own, may block and may start another broker.
     *     What it throws is ignored
     * @return this
     */
    public BrokerBuilder onFailure(Consumer<Throwable> value) {
        settings.onFailure = Objects.requireNonNull(value, "onFailure");
        return this;
    }

    /**
     * Changes limits.
     * @param change sets what should differ from the defaults
     * @return this
     */
    public BrokerBuilder limits(Consumer<Limits> change) {
        change.accept(settings.limits);
        return this;
    }

    /**
     * Changes what the port answers in HTTP beside WebSockets.
     *
     * @param change sets what should differ from the defaults
     * @return this
     */
    public BrokerBuilder http(Consumer<HttpSettings> change) {
        change.accept(settings.http);
        return this;
    }

    /**
     * How messages are written for clients that do not say; {@link FrameStyle#ENVELOPE}, the documented one, unless set.
     * @param value the style
     * @return this
     */
    public BrokerBuilder frameStyle(FrameStyle value) {
        settings.frameStyle = Objects.requireNonNull(value, "frameStyle");
        return this;
    }

    /**
     * What a session's full queue does with one message more; {@link OverflowPolicy#DROP_OLDEST} unless set.
     *
     * @param value the policy
     * @return this
     */
    public BrokerBuilder overflow(OverflowPolicy value) {
        settings.overflow = Objects.requireNonNull(value, "overflow");
        return this;
    }

    /**
     * Changes how messages get to clients.
     * @param change sets what should differ from the defaults
     * @return this
     */
    public BrokerBuilder delivery(Consumer<DeliverySettings> change) {
        change.accept(settings.delivery);
        return this;
    }

    /**
     * How long {@link RobotStreamBroker#close()} may take; 5 seconds unless set.
     *
     * @param value 1 millisecond to 10 minutes
     * @return this
     */
    public BrokerBuilder closeTimeout(Duration value) {
        settings.closeTimeout(value);
        return this;
    }

    /** Changes what only tests change: the clock, the transport, who takes the broker thread's steps. */
    BrokerBuilder inTest(Consumer<BrokerSettings> change) {
        change.accept(settings);
        return this;
    }

    /**
     * Starts the broker: opens the store, puts subscriptions in force, opens the port.
     *
     * @return the running broker; close it
     * @throws IOException if the port is taken, or the store or a file of TLS cannot be opened; nothing is left running then
     * @throws IllegalStateException if neither {@link #tokenVerifier} nor {@link #anonymousAccess} is set, or both are
     */
    public RobotStreamBroker start() throws IOException {
        BrokerRuntime runtime = new BrokerRuntime(settings.freeze());
        RobotStreamBroker broker = new RobotStreamBroker(runtime);
        runtime.start(() -> subscriptions.forEach(subscription -> subscription.accept(broker)));
        return broker;
    }
}
