package io.github.robotstream.internal.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The transport on Java-WebSocket. Its threads, all daemons: robotstream-acceptor accepts, robotstream-selector reads and writes what
 * could not be written at once, robotstream-decoder-0 and -1 decode and call the listeners, robotstream-transport keeps the time limits
 * and delivers what no read brings, and with TLS robotstream-tls does the long steps of handshakes.
 */
public final class JwsTransport implements Transport {
    private static final Duration ENOUGH_TO_END = Duration.ofSeconds(1); // once all sockets are cut off

    private final Acceptor acceptor;
    private final Engine engine;
    private final JwsServer server;
    private final TaskThread tasks;
    private final TaskThread handshakes;
    private final Surplus surplus;
    private final Thread acceptorThread;
    private boolean closed;

    private JwsTransport(Acceptor acceptor, TransportSettings settings, ArrivalListener listener, FaultLog faults)
            throws IOException {
        this.acceptor = acceptor;
        this.tasks = new TaskThread("robotstream-transport", faults);
        OpenConnections open = new OpenConnections(settings, tasks::nanoTime);
        this.engine = new Engine(
                settings,
                new GateRules(settings),
                listener,
                tasks,
                new WriteBuffers(),
                new InboundBudget(settings.maxHalfReceivedBytes()),
                new Relief(new UnsentBudget(settings.maxUnsentBytes(), tasks::nanoTime), open),
                open,
                new Sweep(settings.silence().sweepPeriod(), tasks, open, faults),
                faults);
        this.handshakes = new TaskThread("robotstream-tls", faults);
        Optional<TlsShared> tls = settings.tls().map(engines -> new TlsShared(engines, handshakes));
        this.surplus = new Surplus(tasks, tls.isPresent() ? 0 : Surplus.MOST);
        this.server = new JwsServer(settings, faults, tls);
        server.begin();
        this.acceptorThread = acceptor.start(this::take);
    }

    /**
     * Binds, and accepts from when it returns.
     *
     * @param listener is told of each client that asks to be let in
     * @throws IOException if the address cannot be bound, a {@link java.net.BindException} that names it if it is taken
     */
    public static JwsTransport bind(TransportSettings settings, ArrivalListener listener) throws IOException {
        FaultLog faults = new FaultLog(System::nanoTime, listener);
        Acceptor acceptor = Acceptor.bind(settings.bindAddress(), faults);
        try {
            return new JwsTransport(acceptor, settings, listener, faults);
        } catch (IOException | RuntimeException fault) {
            acceptor.stop();
            throw fault;
        }
    }

    @Override
    public InetSocketAddress address() {
        return acceptor.address();
    }

    @Override
    public int connections() {
        return engine.open().count();
    }

    @Override
    public List<WatchedThread> watchedThreads() {
        List<WatchedThread> all = new ArrayList<>(server.watchedThreads());
        all.add(tasks.watched());
        return all;
    }

    @Override
    public void stopAccepting() {
        acceptor.stop();
    }

    @Override
    public synchronized void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        Deadline deadline = Deadline.in(timeout);
        Duration half = timeout.dividedBy(2);
        Deadline polite = deadline.earlierBy(half.compareTo(ENOUGH_TO_END) < 0 ? half : ENOUGH_TO_END);
        boolean interrupted = Thread.interrupted();

        acceptor.stop();
        interrupted |= interruptedIn(() -> deadline.join(acceptorThread));
        surplus.close();
        engine.open().snapshot().forEach(SocketConnection::goAway);
        if (!interrupted) {
            interrupted = interruptedIn(() -> engine.open().awaitNone(polite));
        }
        engine.open().snapshot().forEach(SocketConnection::cut);
        interrupted |= interruptedIn(() -> engine.open().awaitNone(deadline));
        interrupted |= interruptedIn(() -> server.end(deadline));
        interrupted |= interruptedIn(() -> handshakes.end(deadline));
        interrupted |= interruptedIn(() -> tasks.end(deadline));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(SocketChannel socket) throws IOException {
        InetAddress address = ((InetSocketAddress) socket.getRemoteAddress()).getAddress();
        Optional<Refusal> refusal = engine.open().refusalOf(address);
        if (refusal.isPresent()) {
            surplus.turnAway(socket, HttpAnswer.of(refusal.get()));
        } else {
            server.adopt(socket, engine);
        }
    }

    private interface Wait {
        void await() throws InterruptedException;
    }

    /** An interrupt makes the closing hurry, not stop half way. */
    private static boolean interruptedIn(Wait wait) {
        try {
            wait.await();
            return false;
        } catch (InterruptedException hurry) {
            return true;
        }
    }
}
