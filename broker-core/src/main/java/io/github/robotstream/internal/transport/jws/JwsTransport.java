package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.connection.Deadline;
import io.github.robotstream.internal.transport.connection.FaultLog;
import io.github.robotstream.internal.transport.connection.SocketConnection;
import io.github.robotstream.internal.transport.connection.TaskThread;
import io.github.robotstream.internal.transport.connection.TransportContext;
import io.github.robotstream.internal.transport.gate.HttpAnswer;
import io.github.robotstream.internal.transport.tls.TlsShared;
import io.github.robotstream.internal.worker.Heartbeat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * The transport on Java-WebSocket. Its threads, all daemons: robotstream-acceptor accepts, robotstream-selector reads and writes what
 * could not be written at once, robotstream-decoder-0 and -1 decode and call the listeners, robotstream-transport keeps the time limits
 * and delivers what no read brings, and with TLS robotstream-tls does the long steps of handshakes.
 */
public final class JwsTransport implements Transport {
    private static final Duration ENOUGH_TO_END = Duration.ofSeconds(1); // once all sockets are cut off

    private final Acceptor acceptor;
    private final TransportContext context;
    private final ReplaceableServer server;
    private final TaskThread tasks;
    private final Optional<TaskThread> handshakes;
    private final CapacityRefusals capacityRefusals;
    private final Thread acceptorThread;
    private boolean closed;

    private JwsTransport(
            Starting starting,
            Settings settings,
            Optional<Supplier<SSLEngine>> engines,
            HandshakeListener listener,
            FaultLog faults)
            throws IOException {
        this.acceptor = Acceptor.bind(new InetSocketAddress(settings.host, settings.port), faults);
        starting.toEndOtherwise(acceptor::stop);
        this.tasks = TaskThread.start("robotstream-transport", faults);
        starting.toEndOtherwise(() -> tasks.end(Deadline.in(ENOUGH_TO_END)));
        this.context = TransportContext.begin(settings, listener, tasks, faults);
        this.handshakes = engines.map(tls -> TaskThread.start("robotstream-tls", faults));
        handshakes.ifPresent(thread -> starting.toEndOtherwise(() -> thread.end(Deadline.in(ENOUGH_TO_END))));
        Optional<TlsShared> tls = engines.flatMap(made -> handshakes.map(thread -> new TlsShared(made, thread)));
        this.capacityRefusals = new CapacityRefusals(tasks, tls.isPresent() ? 0 : CapacityRefusals.MOST);
        this.server = new ReplaceableServer(() -> new JwsServer(settings, listener, faults, tls), faults);
        starting.toEndOtherwise(() -> server.end(Deadline.in(ENOUGH_TO_END)));
        server.begin();
        this.acceptorThread = acceptor.start(this::take);
    }

    /** What has been started, to be ended if the rest does not start. */
    private static final class Starting {
        private final ArrayDeque<Wait> ends = new ArrayDeque<>();

        void toEndOtherwise(Wait end) {
            ends.push(end);
        }

        void endAll() {
            boolean interrupted = Thread.interrupted();
            for (Wait end : ends) {
                interrupted |= interruptedIn(end);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Binds, and accepts from when it returns.
     *
     * @param tls makes the TLS of each new connection, in server mode; empty for plain sockets. Called on the acceptor thread
     * @param listener is told of each client that asks to be let in
     * @throws IOException if the address cannot be bound, a {@link java.net.BindException} that names it if it is taken; or if no thread is to
     *     be had. Nothing is left of it then
     */
    public static JwsTransport bind(Settings settings, Optional<Supplier<SSLEngine>> tls, HandshakeListener listener)
            throws IOException {
        FaultLog faults = new FaultLog(System::nanoTime, listener);
        Starting starting = new Starting();
        try {
            return new JwsTransport(starting, settings, tls, listener, faults);
        } catch (OutOfMemoryError none) {
            starting.endAll();
            throw new IOException(
                    "the transport could not be started for want of memory or of threads: allow this process more of them ("
                            + none.getMessage() + ")",
                    none);
        } catch (Throwable fault) {
            starting.endAll();
            throw fault;
        }
    }

    @Override
    public InetSocketAddress address() {
        return acceptor.address();
    }

    @Override
    public int connections() {
        return context.open().count();
    }

    @Override
    public List<Heartbeat> watchedThreads() {
        List<Heartbeat> all = new ArrayList<>(server.heartbeats());
        all.add(tasks.heartbeat());
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
        capacityRefusals.close();
        context.open().snapshot().forEach(SocketConnection::goAway);
        if (!interrupted) {
            interrupted = interruptedIn(() -> context.open().awaitNone(polite));
        }
        context.open().snapshot().forEach(SocketConnection::cut);
        interrupted |= interruptedIn(() -> context.open().awaitNone(deadline));
        interrupted |= interruptedIn(() -> server.end(deadline));
        if (handshakes.isPresent()) {
            interrupted |= interruptedIn(() -> handshakes.get().end(deadline));
        }
        interrupted |= interruptedIn(() -> tasks.end(deadline));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(SocketChannel socket) throws IOException {
        InetAddress address = ((InetSocketAddress) socket.getRemoteAddress()).getAddress();
        Optional<Refusal> refusal = context.open().refusalOf(address);
        if (refusal.isPresent()) {
            capacityRefusals.turnAway(socket, HttpAnswer.of(refusal.get()));
        } else {
            server.adopt(socket, context);
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
