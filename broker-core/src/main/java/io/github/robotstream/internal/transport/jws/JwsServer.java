package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.connection.Deadline;
import io.github.robotstream.internal.transport.connection.FaultLog;
import io.github.robotstream.internal.transport.connection.TransportContext;
import io.github.robotstream.internal.transport.tls.TlsShared;
import io.github.robotstream.internal.worker.Heartbeat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/**
 * Java-WebSocket's server, for its selector thread and its workers. It accepts nothing: sockets are accepted by our {@link Acceptor} and
 * registered with its selector, since its own accepting ends for ever at the first failure. The one connection it does take is ours, over
 * loopback while it starts, as there is no other way to get hold of that selector; then its port is closed.
 *
 * <p>The callbacks of {@link WebSocketServer} are for sockets of its own making, and there are none.
 */
final class JwsServer extends WebSocketServer {
    private static final int WORKERS = 2;
    private static final long START_NANOS = 10_000_000_000L;
    private static final long LOOK_MILLIS = 50;
    private static final int STOP_MILLIS = 1; // 0 would be for ever; who ends waits for the threads itself
    private static final List<Draft> DRAFTS = List.of(new UpgradeDraft());

    private final Settings settings;
    private final FaultLog faults;
    private final InlineReads inlineReads;
    private final SelectedKeys selectedKeys = new SelectedKeys();
    private final DecoderBacklog backlog = new DecoderBacklog();
    private final Optional<TlsShared> tls;
    private final Thread selectorThread;
    private final Heartbeat selecting;
    private final CompletableFuture<Integer> startedOnPort = new CompletableFuture<>();
    private final CompletableFuture<Selector> selectorFound = new CompletableFuture<>();
    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean ending;
    private volatile boolean threadEnded;
    // For all connections.
    private final Runnable beat = this::beat;
    private final BooleanSupplier isEnding = this::isEnding;
    private final BooleanSupplier isServing = this::isServing;

    JwsServer(Settings settings, HandshakeListener listener, FaultLog faults, Optional<TlsShared> tls) {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), WORKERS);
        this.settings = settings;
        this.faults = faults;
        this.inlineReads = new InlineReads(listener);
        this.tls = tls;
        this.selectorThread = new Thread(this::select, "robotstream-selector");
        selectorThread.setDaemon(true);
        this.selecting = new Heartbeat(selectorThread);
        decoders.clear();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(new Worker("robotstream-decoder-" + i));
        }
        decoders.addAll(workers);
        setDaemon(true);
        setConnectionLostTimeout(0);
    }

    /**
     * Java-WebSocket's worker, which is started before the selector thread and not by it: where no thread is to be had, that would end with its
     * selector open.
     */
    private final class Worker extends WebSocketWorker {
        private final Heartbeat heartbeat = new Heartbeat(this);
        private boolean begun;

        Worker(String name) {
            setName(name);
            setDaemon(true);
        }

        @Override
        public synchronized void start() {
            if (!begun) {
                begun = true;
                super.start();
            }
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                threadEnded = true;
            }
        }
    }

    private void select() {
        try {
            run();
        } finally {
            threadEnded = true;
        }
    }

    /** What the selector thread will say, unless it ends or takes too long. */
    private <T> T fromSelectorThread(CompletableFuture<T> what) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_NANOS;
        while (!threadEnded && System.nanoTime() < deadline) {
            try {
                return what.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // it may have ended meanwhile, without the memory to say so
            } catch (ExecutionException fault) {
                throw new IOException("the WebSocket server could not be started", fault);
            }
        }
        throw new IOException("the WebSocket server could not be started: its selector thread "
                + (threadEnded ? "has ended" : "says nothing"));
    }

    /** Starts the threads and returns when sockets can be adopted. If that fails, it is {@link #abandon}ed. */
    void begin() throws IOException {
        try {
            workers.forEach(Worker::start);
            selectorThread.start();
            int port = fromSelectorThread(startedOnPort);
            connectOnce(port);
            fromSelectorThread(selectorFound);
        } catch (InterruptedException interrupted) {
            abandon();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the WebSocket server was starting", interrupted);
        } catch (Throwable fault) {
            abandon();
            throw fault;
        }
    }

    private boolean isEnding() {
        return ending;
    }

    /** Whether its threads are all there. */
    boolean isServing() {
        return !threadEnded && !ending;
    }

    /** Ends its threads without waiting for them, and closes the selector, which may have been left open. Throws nothing. */
    void abandon() {
        ending = true;
        threadEnded = true;
        try {
            endSelecting();
            workers.forEach(Thread::interrupt);
            if (selectorFound.isDone() && !selectorFound.isCompletedExceptionally()) {
                selectorFound.join().close();
            }
        } catch (Throwable fault) {
            faults.report("Java-WebSocket could not be ended", fault);
        }
    }

    private static void connectOnce(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (SocketException hungUp) {
            // The port is closed as soon as somebody is there, perhaps before this socket knows that it was let in.
        }
    }

    /** Takes an accepted socket in. Acceptor thread. */
    void adopt(SocketChannel channel, TransportContext context) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, settings.socketBufferBytes);
        JwsSocket socket = new JwsSocket(DRAFTS, beat, isEnding);
        SelectionKey key = channel.register(selectorFound.join(), 0, socket);
        JwsWire wire = new JwsWire(
                channel, key, socket, isServing, selecting, inlineReads, selectedKeys, backlog, context, tls);
        socket.attach(wire);
        try {
            allocateReadBuffer(socket);
            wire.connection().begin();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a connection was taken", interrupted);
        } catch (Throwable fault) {
            wire.cut(); // it may be among the open ones already
            throw fault;
        }
    }

    /** A buffer that fails counts all the same: without any, the selector thread would wait for one for ever. */
    private void allocateReadBuffer(JwsSocket socket) throws InterruptedException {
        try {
            allocateBuffers(socket);
        } catch (OutOfMemoryError fault) {
            abandon();
            throw fault;
        }
    }

    /** Of the selector thread and the workers. */
    List<Heartbeat> heartbeats() {
        List<Heartbeat> all = new ArrayList<>();
        all.add(selecting);
        workers.forEach(worker -> all.add(worker.heartbeat));
        return all;
    }

    /** The current thread, a worker, begins or ends to decode what was read. */
    private void beat() {
        if (Thread.currentThread() instanceof Worker worker) {
            worker.heartbeat.beat();
        }
    }

    /** Ends the threads and waits for them; all sockets are closed before. */
    void end(Deadline deadline) throws InterruptedException {
        ending = true;
        endSelecting();
        workers.forEach(Thread::interrupt); // which the selector thread does as well, if it was started
        List<Thread> threads = new ArrayList<>(workers);
        threads.add(selectorThread);
        for (Thread thread : threads) {
            deadline.join(thread);
            if (thread.isAlive()) {
                faults.report(
                        "a transport thread is held up in a callback and could not be ended",
                        new TimeoutException(thread.getName()));
            }
        }
    }

    /**
     * Tells the selector thread to end; it interrupts the workers then, and closes the selector. The interrupt alone is not enough: whoever
     * is called on that thread may swallow it, and before JDK 23 one that comes just as the thread begins to select does not wake it
     * (JDK-8323782). Stopped as well, it is woken, and ends after a few empty selections.
     */
    private void endSelecting() {
        selectorThread.interrupt();
        try {
            stop(STOP_MILLIS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onStart() {
        selectorThread.setName("robotstream-selector"); // it was renamed
        startedOnPort.complete(getPort());
    }

    @Override
    protected boolean onConnect(SelectionKey acceptorKey) {
        try {
            acceptorKey.channel().close();
        } catch (IOException gone) {
            faults.report("the start-up port could not be closed", gone);
        }
        selectorFound.complete(acceptorKey.selector());
        return false;
    }

    @Override
    public void onError(WebSocket socket, Exception fault) {
        startedOnPort.completeExceptionally(fault);
        faults.report("Java-WebSocket failed", fault);
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {}

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onMessage(WebSocket socket, String message) {}
}
