package io.github.robotstream.internal;

import io.github.robotstream.ControlLease;
import io.github.robotstream.ServiceHandler;
import io.github.robotstream.SessionSnapshot;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.access.AccessContext;
import io.github.robotstream.internal.access.Authenticator;
import io.github.robotstream.internal.access.CertificateAccess;
import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.access.OriginRules;
import io.github.robotstream.internal.jfr.FlightEvents;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.robot.Callbacks;
import io.github.robotstream.internal.robot.RobotLease;
import io.github.robotstream.internal.robot.RobotPublisher;
import io.github.robotstream.internal.robot.RobotService;
import io.github.robotstream.internal.robot.RobotSubscriptions;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.Lease;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.RobotLane;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.TopicActivity;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.TopicTable;
import io.github.robotstream.internal.session.CodecThreads;
import io.github.robotstream.internal.session.Identity;
import io.github.robotstream.internal.session.Session;
import io.github.robotstream.internal.session.SessionContext;
import io.github.robotstream.internal.session.SessionRegistry;
import io.github.robotstream.internal.session.SessionView;
import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TopicOptions;
import io.github.robotstream.internal.store.StoreRunner;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.AddressRate;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.tls.ReloadableTls;
import io.github.robotstream.internal.transport.tls.TlsSource;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.internal.worker.Heartbeat;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The rooms of a broker, wired in the order data flows. */
public final class BrokerRuntime {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int EPOCH_BITS = 40;

    final Settings settings;
    private final String name;
    private final @Nullable TlsSource tlsSource;
    private final TransportFactory transports;
    final BrokerLoop loop;
    private final StoredHistory history;
    final Router router;
    private final RoutingContext routing;
    final BrokerEvents events;
    final TopicActivity topicActivity;
    final ServerLogs serverLogs;
    final @Nullable StoreRunner store;
    final Callbacks callbacks;
    public final RobotPublisher publisher;
    public final RobotSubscriptions subscriptions;
    private final SpokenDialects dialects;
    public final SessionRegistry sessions;
    public final BrokerNumbers numbers;
    public final DenyList denied;
    final CodecThreads codecThreads = new CodecThreads();
    private final Shutdown shutdown;
    volatile @Nullable Authenticator authenticator;
    volatile @Nullable Transport transport;
    volatile boolean started;
    volatile @Nullable Watchdog watchdog;
    volatile @Nullable ReloadableTls tls;

    /**
     * Nothing runs yet.
     *
     * @param settings nobody changes them any more
     * @param tlsSource where key and certificate come from; null for plain sockets
     * @param snapshot how robot code sees a session
     */
    public BrokerRuntime(
            Settings settings,
            @Nullable TlsSource tlsSource,
            TransportFactory transports,
            Function<SessionView, SessionSnapshot> snapshot) {
        this.settings = settings;
        this.name = settings.name.orElse("robot");
        this.tlsSource = tlsSource;
        this.transports = transports;
        BrokerClock clock = settings.clock;
        Identity identity = new Identity(name, newEpoch(), clock.nanoTime());
        TopicTable topics = new TopicTable(identity.epoch(), settings.topics, settings.retainedBytes, settings.history);
        this.history = new StoredHistory(clock);
        this.router = new Router(clock, topics, settings.subscriptionBytes, new Counters(), history, this::log);
        MessageRun run = new MessageRun(settings.queuedMessagesPerSession, settings.queuedBytesPerSession);
        RobotLane lane = new RobotLane(settings.publishQueueMessages, settings.publishQueueBytes, run, router::route);
        this.loop = new BrokerLoop(clock, lane, settings.flushInterval.toNanos(), this::fault);
        this.events = new BrokerEvents(settings.listener, snapshot, clock, this::log);
        this.serverLogs = new ServerLogs(clock, loop, router, settings.logSink, events::userCodeFailed);
        this.store = settings.store == null
                ? null
                : new StoreRunner(settings.store, clock, serverLogs.log()::log, events::userCodeFailed);
        if (store != null) {
            history.attach(store, loop);
        }
        this.callbacks = new Callbacks(settings.callbackExecutor, loop, this::fault);
        this.routing = new RoutingContext(clock, loop, router, this::log, events::userCodeFailed);
        this.topicActivity = new TopicActivity(routing, events);
        this.publisher = new RobotPublisher(routing, lane, settings.messageBytes);
        this.subscriptions = new RobotSubscriptions(routing, callbacks, settings.queuedBytesPerSession);
        this.denied = new DenyList(clock);
        SessionContext shared = new SessionContext(routing, identity, denied, settings, codecThreads, events);
        this.dialects = new SpokenDialects(settings, topics, shared.topicDirectory(), router.services());
        // Clients without a token are nobody in particular, and have no limit as one subject.
        this.sessions = new SessionRegistry(
                shared,
                settings.sessions,
                settings.anonymous == null ? settings.sessionsPerSubject : Integer.MAX_VALUE);
        this.numbers = new BrokerNumbers(clock, identity, router, sessions, serverLogs.log(), store);
        OnDemandTopic stats = new OnDemandTopic("$stats", "stats", routing, numbers);
        OnDemandTopic clients =
                new OnDemandTopic("$clients", "clients", routing, new ConnectedClients(clock, router, sessions));
        router.onSubscribedToBrokerTopic(() -> {
            stats.lookForSubscribers();
            clients.lookForSubscribers();
        });
        this.shutdown = new Shutdown(this, settings.closeTimeout);
        settings.declared.forEach((topic, options) -> declare(topics.declare(topic, options), options));
    }

    private void declare(TopicState topic, TopicOptions options) {
        if (options.watchdog != null) {
            router.watchdogs().add(topic, options.watchdog, options.safeValue, routing, subscriptions::handOver);
        }
        if (options.leased) {
            router.leases().add(topic, options.leaseRequired, routing);
        }
        if (options.stopValue != null) {
            router.stops().add(topic, options.stops, routing);
        }
    }

    /**
     * Starts everything, the port last.
     *
     * @param subscribe makes the subscriptions that are in force before the port opens
     * @throws IOException if store or port do not open; nothing is left running then
     */
    public void start(Runnable subscribe) throws IOException {
        try {
            // First, so that a start that fails has a log to tell it to, and a sink that is closed.
            serverLogs.log().start();
            events.start();
            openStore();
            if (settings.threaded) {
                loop.startThread();
                router.watchdogs().startThread();
            }
            subscribe.run();
            loop.execute(new Housekeeping(routing, settings.topicIdle, sessions::lookAtEndsAgain)::begin);
            loop.execute(() -> router.leases().begin(routing));
            if (events.hasListener()) {
                loop.execute(topicActivity::begin);
            }
            if (!reached(START_LIMIT)) {
                throw new IOException("the broker thread did not start within " + START_LIMIT.toSeconds() + " s");
            }
            if (settings.network) {
                openPort();
            }
            if (settings.threaded) {
                watch();
            }
        } catch (Throwable t) {
            shutdown.run();
            throw t;
        }
        started = true;
        log(LogEntry.of(Level.INFO, "broker_started", describe()));
    }

    /** Its name, and where it listens. */
    public String describe() {
        Transport open = transport;
        return name
                + (open == null
                        ? " without network"
                        : " on " + open.address().getHostString() + ":"
                                + open.address().getPort());
    }

    private void openStore() throws IOException {
        if (store != null) {
            store.start().forEach(router::restore);
        }
    }

    private void openPort() throws IOException {
        int failures = settings.failedAttemptsPerAddress;
        AddressRate failedAttempts =
                new AddressRate(failures, failures, settings.trustedProxies, settings.clock::nanoTime);
        AccessContext access =
                new AccessContext(settings.clock, loop, denied, failedAttempts, this::log, events::userCodeFailed);
        OriginRules origins = new OriginRules(
                settings.anonymous != null,
                settings.host.toLowerCase(Locale.ROOT),
                settings.allowedHosts,
                settings.allowedOrigins);
        Authenticator gate = new Authenticator(
                access,
                sessions,
                verifier(),
                Optional.ofNullable(settings.certificates),
                origins,
                dialects,
                new Metrics(numbers, sessions));
        authenticator = gate;
        if (tlsSource != null) {
            ReloadableTls live = new ReloadableTls(
                    tlsSource,
                    message -> log(LogEntry.of(Level.INFO, "tls_reloaded", message)),
                    message -> log(LogEntry.of(Level.ERROR, "tls_reload_failed", message)));
            live.start();
            tls = live;
        }
        transport = transports.open(settings, Optional.ofNullable(tls), gate);
    }

    /** Who judges the tokens of this broker. */
    private TokenVerifier verifier() {
        if (settings.verifier != null) {
            return Objects.requireNonNull(
                    settings.verifier.forBroker(settings.name, this::log), "a token verifier's forBroker");
        }
        return settings.anonymous == null ? CertificateAccess.ONLY : Authenticator.anonymous(settings.anonymous);
    }

    private void watch() {
        Watchdog dog = new Watchdog(this::watchedThreads, serverLogs::writePastBroker, this::fail);
        watchdog = dog;
        dog.start();
    }

    private List<Heartbeat> watchedThreads() {
        List<Heartbeat> threads = new ArrayList<>();
        loop.heartbeat().ifPresent(threads::add);
        Transport open = transport;
        if (open != null) {
            threads.addAll(open.watchedThreads());
        }
        return threads;
    }

    /** Waits until the broker thread has taken all that robot code put in before; false if the time is over. */
    boolean reached(Duration limit) {
        CountDownLatch reached = new CountDownLatch(1);
        loop.execute(reached::countDown);
        return loop.await(reached, limit.toNanos());
    }

    void log(LogEntry.Builder entry) {
        log(entry.at(settings.clock.now()));
    }

    private void log(LogEntry entry) {
        FlightEvents.logged(entry);
        if (callbacks.isInsideLogListener()) {
            serverLogs.log().logToSinkAlone(entry);
        } else {
            serverLogs.log().log(entry);
        }
    }

    /** Ends the broker, which cannot go on. */
    private void fail(Throwable cause) {
        log(LogEntry.of(Level.ERROR, "broker_failed", "the broker cannot go on and ends")
                .detail(FailureText.of(cause)));
        shutdown.fail(cause);
    }

    private void fault(Throwable t) {
        log(LogEntry.of(Level.ERROR, "internal_fault", "a fault of the broker").detail(FailureText.of(t)));
    }

    /** A short word for a numbering, different from all before with near certainty. */
    private static String newEpoch() {
        long random = RANDOM.nextLong() & ((1L << EPOCH_BITS) - 1);
        return Long.toString((1L << EPOCH_BITS) | random, Character.MAX_RADIX);
    }

    /** See {@code RobotStreamBroker.clear}. */
    public void clear(Topic<?> topic) {
        TopicState state = router.topics().declare(topic);
        loop.execute(() -> {
            router.clear(state, newEpoch());
            if (store != null) {
                store.forget(state.name());
            }
        });
    }

    /** See {@code RobotStreamBroker.lease}. */
    public ControlLease lease(Topic<?> topic) {
        Lease lease = router.topics().declare(topic).lease();
        if (lease == null) {
            throw new IllegalArgumentException(
                    topic + " has no lease: say so on the builder, topic(..., settings -> settings.leased())");
        }
        return new RobotLease(lease, loop, subscriptions);
    }

    /** See {@code RobotStreamBroker.handle}. */
    public <Q, A> void handle(String service, Class<Q> request, Class<A> reply, ServiceHandler<Q, A> handler) {
        router.services().add(service, new RobotService<>(service, request, reply, handler, callbacks, routing));
    }

    /** See {@code RobotStreamBroker.log}. */
    public void logOfRobot(LogEntry.Builder entry) {
        log(entry.fromRobot());
    }

    /** How long a value may wait that a newer one has followed. */
    public Duration thinAfter() {
        return settings.thinAfter;
    }

    /** See {@code RobotStreamBroker.address}. */
    public InetSocketAddress address() {
        Transport open = transport;
        if (open == null) {
            throw new IllegalStateException("the broker was started without network: it has no address");
        }
        return open.address();
    }

    /** See {@code RobotStreamBroker.tls}. */
    public void tls(SSLContext context) {
        ReloadableTls present = tls;
        if (present == null) {
            throw new IllegalStateException("the broker was started without TLS: set tls(...) on the builder");
        }
        present.replace(context);
    }

    /** Does a bounded piece of the broker thread's work, where it was started without that thread. */
    public boolean step() {
        router.watchdogs().look();
        return loop.step();
    }

    /** Whether nothing is left to do for other threads than the broker's: no listener runs, nothing waits for a codec, the verifier or the store. */
    public boolean isIdle() {
        Authenticator gate = authenticator;
        return (gate == null || gate.isIdle())
                && callbacks.isIdle()
                && history.isIdle()
                && sessions.all().stream().noneMatch(Session::waitsForOthers);
    }

    /** See {@code RobotStreamBroker.close}. */
    public void close() {
        shutdown.close();
    }

    /** See {@code RobotStreamBroker.isClosed}. */
    public boolean isClosed() {
        return shutdown.hasBegun();
    }

    /** See {@code RobotStreamBroker.awaitClose}. */
    public void awaitClose() throws InterruptedException {
        shutdown.awaitEnd();
    }
}
