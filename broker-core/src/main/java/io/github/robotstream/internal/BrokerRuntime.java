package io.github.robotstream.internal;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.access.AccessContext;
import io.github.robotstream.internal.access.Authenticator;
import io.github.robotstream.internal.access.DenyList;
import io.github.robotstream.internal.log.BrokerLog;
import io.github.robotstream.internal.protocol.FlatFrames;
import io.github.robotstream.internal.protocol.RequestDecoder;
import io.github.robotstream.internal.robot.Callbacks;
import io.github.robotstream.internal.robot.RobotPublisher;
import io.github.robotstream.internal.robot.RobotSubscriptions;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.MessageRun;
import io.github.robotstream.internal.routing.QueueBudget;
import io.github.robotstream.internal.routing.RobotLane;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.TopicTable;
import io.github.robotstream.internal.session.CodecThreads;
import io.github.robotstream.internal.session.Identity;
import io.github.robotstream.internal.session.NewSessions;
import io.github.robotstream.internal.session.Revocation;
import io.github.robotstream.internal.session.SessionContext;
import io.github.robotstream.internal.session.SessionRegistry;
import io.github.robotstream.internal.store.StoreRunner;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.internal.worker.Pool;
import io.github.robotstream.internal.worker.Pulse;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.LogEntry.Origin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The rooms of a broker, wired in the order data flows. */
public final class BrokerRuntime {
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    final BrokerConfig config;
    final Counters counters = new Counters();
    final BrokerLoop loop;
    final Router router;
    final ServerLogs serverLogs;
    final @Nullable StoreRunner store;
    final Callbacks callbacks;
    final RobotPublisher publisher;
    final RobotSubscriptions subscriptions;
    final SessionRegistry sessions;
    final CodecThreads codecThreads = new CodecThreads();
    private final Revocation revocation;
    private final SessionContext sessionContext;
    private final Shutdown shutdown;
    volatile @Nullable Authenticator authenticator;
    volatile @Nullable Transport transport;
    volatile boolean started;
    volatile @Nullable Watchdog watchdog;
    volatile @Nullable LiveTls tls;

    /** Nothing runs yet. */
    public BrokerRuntime(BrokerConfig config) {
        this.config = config;
        Identity identity =
                new Identity(config.name(), Epochs.next(), config.clock().nanoTime());
        TopicTable topics = new TopicTable(
                identity.epoch(),
                config.limits().topics(),
                config.limits().memory().retainedBytes());
        this.router = new Router(
                config.clock(),
                topics,
                config.limits().memory().subscriptionBytes(),
                counters,
                new StoredHistory(),
                this::log);
        MessageRun run = new MessageRun(
                config.limits().queuedMessagesPerSession(), config.limits().queuedBytesPerSession());
        RobotLane lane = new RobotLane(
                config.limits().publishQueueMessages(), config.limits().publishQueueBytes(), run);
        this.loop = new BrokerLoop(
                config.clock(), lane, config.delivery().flushInterval().toNanos(), router::route, this::fault);
        this.serverLogs = new ServerLogs(config.clock(), loop, router, config.logSink());
        this.store =
                config.store() == null ? null : new StoreRunner(config.store(), config.clock(), serverLogs.log()::log);
        this.callbacks = new Callbacks(config.callbackExecutor(), loop, this::fault);
        this.publisher =
                new RobotPublisher(config.clock(), loop, router, config.limits().messageBytes(), this::log);
        this.subscriptions = new RobotSubscriptions(
                config.clock(), loop, router, callbacks, config.limits().queuedBytesPerSession(), this::log);
        this.sessions = new SessionRegistry(config.limits().sessions(), config.sessionsPerSubject());
        DenyList denied = new DenyList(config.clock());
        this.revocation = new Revocation(sessions, denied);
        this.sessionContext = new SessionContext(
                identity,
                denied,
                config.clock(),
                loop,
                router,
                new QueueBudget(config.limits().memory().queuedBytes()),
                SessionContext.requests(config.limits()),
                config.limits(),
                config.overflow(),
                codecThreads,
                new Pool<>(RequestDecoder::new),
                new FlatFrames(),
                this::log);
        this.shutdown = new Shutdown(this, config.closeTimeout(), config.onFailure());
        config.topics().forEach(topics::declare);
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
            openStore();
            if (config.threaded()) {
                loop.startThread();
            }
            subscribe.run();
            loop.execute(new Housekeeping(this)::begin);
            if (!reached(START_LIMIT)) {
                throw new IOException("the broker thread did not start within " + START_LIMIT.toSeconds() + " s");
            }
            if (config.network()) {
                openPort();
            }
            if (config.threaded()) {
                watch();
            }
        } catch (Throwable t) {
            shutdown.run();
            throw t;
        }
        started = true;
        log(LogEntry.builder(Origin.BROKER, Level.INFO, "broker_started", describe()));
    }

    /** Its name, and where it listens. */
    public String describe() {
        Transport open = transport;
        return config.name()
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
        AccessContext access =
                new AccessContext(config.clock(), loop, sessionContext.denied(), config.failedAttempts(), this::log);
        Authenticator gate = new Authenticator(
                access,
                new NewSessions(sessionContext, sessions),
                config.whoGetsIn(this::log),
                Optional.ofNullable(config.certificates()),
                config.originRules(),
                config.frameStyle());
        authenticator = gate;
        Optional<LiveTls> live = LiveTls.of(config.tls(), this::log);
        tls = live.orElse(null);
        transport = config.transports().open(config.transportSettings(live.map(LiveTls::engines)), gate);
    }

    private void watch() {
        Watchdog dog = new Watchdog(this::watchedThreads, serverLogs::writePastBroker, this::fail);
        watchdog = dog;
        dog.start();
    }

    private List<Pulse> watchedThreads() {
        List<Pulse> threads = new ArrayList<>();
        loop.pulse().ifPresent(threads::add);
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

    /** The store's, if there is one. */
    private final class StoredHistory implements Router.History {
        @Override
        public void keep(RoutedMessage message) {
            if (store != null && !message.isBuiltIn()) {
                store.append(message.toMessage());
            }
        }

        @Override
        public void forget(String topic) {
            if (store != null) {
                store.forget(topic);
            }
        }
    }

    void log(LogEntry.Builder entry) {
        log(entry.at(config.clock().now()));
    }

    private void log(LogEntry entry) {
        if (callbacks.isInsideLogListener()) {
            serverLogs.log().logToSinkAlone(entry);
        } else {
            serverLogs.log().log(entry);
        }
    }

    /** Ends the broker, which cannot go on. */
    private void fail(Throwable cause) {
        log(LogEntry.builder(Origin.BROKER, Level.ERROR, "broker_failed", "the broker ends: " + FailureText.of(cause)));
        shutdown.fail(cause);
    }

    private void fault(Throwable t) {
        log(LogEntry.builder(Origin.BROKER, Level.ERROR, "internal_fault", FailureText.of(t)));
    }

    /** Publishing by robot code. */
    public RobotPublisher publisher() {
        return publisher;
    }

    /** Subscriptions of robot code. */
    public RobotSubscriptions subscriptions() {
        return subscriptions;
    }

    /** See {@code RobotStreamBroker.clear}. */
    public void clear(Topic<?> topic) {
        TopicState state = router.topics().declare(topic, false);
        loop.execute(() -> {
            router.clear(state, Epochs.next());
            if (store != null) {
                store.forget(state.name());
            }
        });
    }

    /** See {@code RobotStreamBroker.log}. */
    public void logOfRobot(LogEntry.Builder entry) {
        LogEntry dated = entry.at(config.clock().now());
        if (dated.origin() != Origin.ROBOT) {
            throw new IllegalArgumentException("the entry's origin is BROKER: robot code logs with Origin.ROBOT");
        }
        log(dated);
    }

    /** The open sessions. */
    public SessionRegistry sessions() {
        return sessions;
    }

    /** See {@code AccessControl}. */
    public Revocation revocation() {
        return revocation;
    }

    /** The counters. */
    public Counters counters() {
        return counters;
    }

    /** How many messages the store did not keep. */
    public long notStored() {
        return store == null ? 0 : store.lost();
    }

    /** How many log entries the sink did not write, or that were left out. */
    public long notLogged() {
        BrokerLog log = serverLogs.log();
        return log.lost() + log.leftOut() + log.lostToSink();
    }

    /** How many topics are known. */
    public int topicCount() {
        return router.topics().all().size();
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
        LiveTls present = tls;
        if (present == null) {
            throw new IllegalStateException("the broker was started without TLS: set tls(...) on the builder");
        }
        present.replace(context);
    }

    /** Does a bounded piece of the broker thread's work, where it was started without that thread. */
    public boolean step() {
        return loop.step();
    }

    /** See {@code RobotStreamBroker.close}. */
    public void close() {
        shutdown.close();
    }

    /** See {@code RobotStreamBroker.awaitClose}. */
    public void awaitClose() throws InterruptedException {
        shutdown.awaitEnd();
    }
}
