package io.github.robotstream;

import io.github.robotstream.internal.BrokerRuntime;
import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.classpath.Libraries;
import io.github.robotstream.internal.console.ConsolePage;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TopicOptions;
import io.github.robotstream.internal.transport.tls.TlsSource;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a broker. Every value is checked when it is set, with an {@link IllegalArgumentException} if it is out of range, and what
 * does not go together when the broker starts. Not safe for use by several threads. {@link #start()} may be called again after it failed;
 * a broker that has started is not changed.
 *
 * <pre>{@code
 * RobotStreamBroker broker = RobotStreamBroker.builder()
 *         .host("0.0.0.0")
 *         .tls(TlsSettings.pem(Path.of("certificate.pem"), Path.of("key.pem")))
 *         .tokenVerifier(JwtTokenVerifier.hmac(secret).build())
 *         .topic(CMD_VEL, topic -> topic.watchdog(Duration.ofMillis(200), new Twist(0, 0)))
 *         .start();
 * }</pre>
 */
public final class BrokerBuilder {
    final Settings settings = new Settings();
    private @Nullable TlsSource tls;
    TransportFactory transports = TransportFactory.WEB_SOCKET;
    private final List<Consumer<RobotStreamBroker>> beforeThePortOpens = new ArrayList<>();

    BrokerBuilder() {}

    /** What the broker is called in logs, 1 to 64 characters; {@code robot} unless set. */
    public BrokerBuilder name(String value) {
        if (Objects.requireNonNull(value, "name").isBlank() || value.length() > 64) {
            throw new IllegalArgumentException("name is \"" + value + "\": it has to have 1 to 64 characters");
        }
        settings.name = Optional.of(value);
        return this;
    }

    /**
     * The address to listen on, a host name or IP literal of this machine. {@code 127.0.0.1} unless set, so that nobody else reaches the robot
     * by accident; {@code 0.0.0.0} or {@code ::} for all interfaces.
     */
    public BrokerBuilder host(String value) {
        if (Objects.requireNonNull(value, "host").isBlank()) {
            throw new IllegalArgumentException("host is blank: name an address, 0.0.0.0 for all interfaces");
        }
        settings.host = value;
        return this;
    }

    /** The TCP port to listen on, 0 to 65535; 8765 unless set, 0 for any that is free. */
    public BrokerBuilder port(int value) {
        settings.port = (int) Range.check("port", value, 0, 65_535);
        return this;
    }

    /** The path that clients connect to, absolute and without query; {@code /wss} unless set. */
    public BrokerBuilder path(String value) {
        if (!Objects.requireNonNull(value, "path").matches("/[A-Za-z0-9._~/-]{0,199}")) {
            throw new IllegalArgumentException("path is \"" + value
                    + "\": it has to begin with / and to consist of letters, digits and . _ ~ / - only");
        }
        settings.path = value;
        return this;
    }

    /**
     * Serves {@code wss://} and {@code https://} instead of {@code ws://} and {@code http://}: TLS 1.3 and 1.2. Unless set, what goes over
     * the network can be read by others there, tokens included.
     *
     * @param value holds the robot's key and certificate; {@link RobotStreamBroker#tls} takes another while the broker runs
     * @throws IllegalArgumentException if it was not initialised
     */
    public BrokerBuilder tls(SSLContext value) {
        tls = TlsSource.of(Objects.requireNonNull(value, "tls"));
        settings.certificates = null;
        return this;
    }

    /** The same with key and certificate from files, which may change while the broker runs. */
    public BrokerBuilder tls(TlsSettings value) {
        tls = Objects.requireNonNull(value, "tls").source;
        settings.certificates = value.certificates;
        return this;
    }

    /**
     * Starts without a port: the same broker, for robot code alone. Address settings and verifier are not used then. For tests of robot code the
     * published tests have a broker on a clock that is set, in {@code io.github.robotstream.test}.
     */
    public BrokerBuilder withoutNetwork() {
        settings.network = false;
        return this;
    }

    /**
     * Who decides which clients get in. Either this or {@link #anonymousAccess} has to be set.
     *
     * @throws IllegalStateException if it was set before
     */
    public BrokerBuilder tokenVerifier(TokenVerifier value) {
        if (settings.verifier != null) {
            throw new IllegalStateException(
                    "tokenVerifier is set already: one verifier judges all tokens; give a JwtTokenVerifier"
                            + " several keys, or set one that asks both");
        }
        settings.verifier = Objects.requireNonNull(value, "tokenVerifier");
        return this;
    }

    /**
     * Lets everybody in who can reach the port, without a token, and with these permissions. Either this or {@link #tokenVerifier} has to be
     * set.
     */
    public BrokerBuilder anonymousAccess(Permissions permissions) {
        settings.anonymous = Objects.requireNonNull(permissions, "anonymousAccess");
        return this;
    }

    /** Declares a topic before the port opens, so that its kind and type are in force from the first message. */
    public BrokerBuilder topic(Topic<?> topic) {
        return topic(topic, defaults -> {});
    }

    /**
     * Declares a topic before the port opens, with settings that {@code change} makes.
     *
     * @throws IllegalArgumentException if another topic of that name was declared, or settings contradict each other
     */
    public <T> BrokerBuilder topic(Topic<T> topic, Consumer<TopicSettings<T>> change) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(change, "change");
        for (Topic<?> present : settings.declared.keySet()) {
            if (present.name().equals(topic.name()) && !present.equals(topic)) {
                throw new IllegalArgumentException(topic + " contradicts " + present + ": a name stands for one topic");
            }
        }
        TopicSettings<T> changed =
                new TopicSettings<>(topic, settings.declared.computeIfAbsent(topic, unknown -> new TopicOptions()));
        change.accept(changed);
        changed.checkTogether();
        return this;
    }

    /** Subscribes before the port opens, so that no message can come too early. Declares the topic too. */
    public <T> BrokerBuilder subscribe(Topic<T> topic, TopicListener<? super T> listener) {
        return subscribe(topic, listener, defaults -> {});
    }

    /** Subscribes before the port opens, with settings that {@code change} makes. Declares the topic too. */
    public <T> BrokerBuilder subscribe(
            Topic<T> topic, TopicListener<? super T> listener, Consumer<SubscriptionSettings> change) {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(change, "change");
        topic(topic);
        beforeThePortOpens.add(broker -> broker.subscribe(topic, listener, change));
        return this;
    }

    /** Subscribes a listener that hears who published each value, before the port opens. Declares the topic too. */
    public <T> BrokerBuilder subscribeReceived(Topic<T> topic, TopicListener<Received<T>> listener) {
        Objects.requireNonNull(listener, "listener");
        topic(topic);
        beforeThePortOpens.add(broker -> broker.subscribeReceived(topic, listener));
        return this;
    }

    /** Subscribes to many topics before the port opens. */
    public BrokerBuilder subscribe(TopicFilter filter, TopicListener<Message> listener) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(listener, "listener");
        beforeThePortOpens.add(broker -> broker.subscribe(filter, listener));
        return this;
    }

    /**
     * Has a handler answer what clients ask a service for, from before the port opens; see {@link RobotStreamBroker#handle}. A service that has
     * two handlers, or a type of which Gson has no form, has {@link #start} throw IllegalArgumentException.
     *
     * @throws IllegalArgumentException if the name is not allowed
     */
    public <Q, A> BrokerBuilder handle(
            String service, Class<Q> requestType, Class<A> replyType, ServiceHandler<Q, A> handler) {
        RobotStreamBroker.checkServiceName(service);
        Objects.requireNonNull(requestType, "requestType");
        Objects.requireNonNull(replyType, "replyType");
        Objects.requireNonNull(handler, "handler");
        beforeThePortOpens.add(broker -> broker.handle(service, requestType, replyType, handler));
        return this;
    }

    /**
     * Where messages are kept beyond the broker's own memory; nowhere unless set. The broker closes the store, also when its start fails,
     * and may open it again.
     */
    public BrokerBuilder store(TopicStore value) {
        settings.store = Objects.requireNonNull(value, "store");
        return this;
    }

    /**
     * Where log entries go beside the topic {@code server_logs}; {@link LogSink#slf4j()} unless set. The broker closes the sink, also when its
     * start fails. A start after that writes to it again, see {@link LogSink}: set a new one if it cannot go on.
     */
    public BrokerBuilder logSink(LogSink value) {
        settings.logSink = Objects.requireNonNull(value, "logSink");
        return this;
    }

    /**
     * Who runs listeners. Unless set, daemon threads of the broker, at most one for each subscription. The broker does not shut it down. Each
     * task may run as long as a listener does. While the executor refuses a task by throwing, it is asked again, less and less often.
     */
    public BrokerBuilder callbackExecutor(Executor value) {
        settings.callbackExecutor = Objects.requireNonNull(value, "callbackExecutor");
        return this;
    }

    /** Who hears what happens to the broker: sessions, topics that somebody wants, failures. Nobody unless set. */
    public BrokerBuilder listener(BrokerListener value) {
        settings.listener = Objects.requireNonNull(value, "listener");
        return this;
    }

    /** Changes limits, as {@code limits(limits -> limits.sessions(10))}. */
    public BrokerBuilder limits(Consumer<Limits> change) {
        Objects.requireNonNull(change, "change").accept(new Limits(settings));
        return this;
    }

    /** Changes what the port answers in HTTP beside WebSockets. */
    public BrokerBuilder http(Consumer<HttpSettings> change) {
        Objects.requireNonNull(change, "change").accept(new HttpSettings(settings));
        return this;
    }

    /**
     * Writes messages to clients that do not say how they want them as {@code {"name":<topic>,"type":…,"data":…}}, for those that route on
     * {@code name} and know no envelope. Unless set they get {@code {"action":"publish","topic":…,"data":{…}}}, the documented form. A client
     * says it with {@code frame=envelope} or {@code frame=flat} in the address it connects to.
     */
    public BrokerBuilder flatFrames() {
        settings.frameStyle = FrameStyle.FLAT;
        return this;
    }

    /**
     * How long the broker waits after it wrote to clients until it writes again, so that more goes into one write, 0 to 100 milliseconds.
     * None unless set: what is published leaves at once. A millisecond or two makes a robot that publishes often much cheaper, and its calls
     * of {@code publish} too, as they have nobody to wake; messages of robot code, also those to its own listeners, arrive so much later at
     * the most. What clients ask for is done at once, and only what they are sent waits. A queue that fills up does not wait.
     */
    public BrokerBuilder flushInterval(Duration value) {
        settings.flushInterval = Range.check("flushInterval", value, Duration.ZERO, Duration.ofMillis(100));
        return this;
    }

    /** How long {@link RobotStreamBroker#close()} may take, 1 millisecond to 10 minutes; 5 seconds unless set. */
    public BrokerBuilder closeTimeout(Duration value) {
        settings.closeTimeout = Range.check("closeTimeout", value, Duration.ofMillis(1), Duration.ofMinutes(10));
        return this;
    }

    /** Changes what only tests change: {@link #transports}, and in the settings the clock and who takes the broker thread's steps. */
    BrokerBuilder inTest(Consumer<BrokerBuilder> change) {
        change.accept(this);
        return this;
    }

    /**
     * Starts the broker: opens the store, puts subscriptions and services in force, opens the port.
     *
     * @return the running broker; close it
     * @throws IOException if the port is taken, or the store or a file of TLS cannot be opened; nothing is left running then
     * @throws IllegalStateException if neither {@link #tokenVerifier} nor {@link #anonymousAccess} is set, or both are; or if Gson or slf4j-api
     *     on the class path is too old
     */
    public RobotStreamBroker start() throws IOException {
        Libraries.check();
        if (settings.console) {
            settings.pages.put(ConsolePage.PATH, ConsolePage.of(settings.path));
        }
        checkTogether();
        BrokerRuntime runtime = new BrokerRuntime(settings.copy(), tls, transports, SessionSnapshot::new);
        RobotStreamBroker broker = new RobotStreamBroker(runtime);
        runtime.start(() -> beforeThePortOpens.forEach(step -> step.accept(broker)));
        return broker;
    }

    private void checkTogether() {
        boolean verified = settings.verifier != null;
        boolean anonymous = settings.anonymous != null;
        boolean certified = settings.certificates != null;
        if (settings.network && !verified && !anonymous && !certified) {
            throw new IllegalStateException("nobody is said to get in: set tokenVerifier(...), for instance"
                    + " JwtTokenVerifier.hmac(secret).build(), or deliberately anonymousAccess(...)");
        }
        if (verified && anonymous) {
            throw new IllegalStateException("both tokenVerifier(...) and anonymousAccess(...) are set: a client without"
                    + " token would get in beside those with one; set one of them");
        }
        if (certified && anonymous) {
            throw new IllegalStateException("both clientCertificates(...) and anonymousAccess(...) are set: a client"
                    + " without certificate would get in beside those with one; set one of them");
        }
        if (settings.pages.containsKey(settings.path)) {
            throw new IllegalStateException(
                    "a page is set at " + settings.path + ", where WebSockets connect: set another path");
        }
    }
}
