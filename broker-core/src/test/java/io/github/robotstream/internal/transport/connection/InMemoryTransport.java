package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.HttpRefused;
import io.github.robotstream.testing.ServerFrameReader;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The transport without sockets: everything above the {@link Wire} is the real thing, frames and lanes and all.
 *
 * <p>{@link #threaded} has a transport thread as a real one has. {@link #manual} has none: what a transport thread would do is done on the
 * caller's thread within each call of a client and in {@link #settle()}, and time passes in {@link #advance} only, so a test is a plain
 * sequence without a wait.
 */
public final class InMemoryTransport implements Transport {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final TransportContext context;
    private final Optional<ManualTasks> manual;
    private final Optional<TaskThread> thread;
    private final AtomicInteger lastPort = new AtomicInteger(10_000);
    private volatile boolean accepting = true;
    private volatile Runnable beforeUpgrade = () -> {};

    private InMemoryTransport(
            Settings settings,
            HandshakeListener listener,
            FaultLog faults,
            Tasks tasks,
            Optional<ManualTasks> manual,
            Optional<TaskThread> thread) {
        this.manual = manual;
        this.thread = thread;
        this.context = TransportContext.begin(settings, listener, tasks, faults);
    }

    public static InMemoryTransport threaded(Settings settings, HandshakeListener listener) {
        FaultLog faults = new FaultLog(System::nanoTime, listener);
        TaskThread thread = TaskThread.start("robotstream-transport", faults);
        return new InMemoryTransport(settings, listener, faults, thread, Optional.empty(), Optional.of(thread));
    }

    public static InMemoryTransport manual(Settings settings, HandshakeListener listener) {
        ManualTasks tasks = new ManualTasks();
        FaultLog faults = new FaultLog(() -> 0, listener);
        return new InMemoryTransport(settings, listener, faults, tasks, Optional.of(tasks), Optional.empty());
    }

    /**
     * A client that is let in, or in a manual transport waits for the verdict.
     *
     * @throws HttpRefused if the answer is no upgrade
     */
    public TestClient connect(String target, Map<String, String> headers) throws IOException {
        TestClient client = requestUpgrade(target, headers);
        boolean waits =
                manual.isPresent() && ((MemoryClient) client).frames.pollHead().isEmpty();
        if (!waits && client.status() != 101) {
            throw new HttpRefused(client.answerHead());
        }
        return client;
    }

    /** A client that has sent its request. */
    public TestClient requestUpgrade(String target, Map<String, String> headers) throws IOException {
        if (!accepting || context.open().isFull()) {
            throw new ConnectException("Connection refused");
        }
        SocketTestClient.Request request = SocketTestClient.to(ADDRESS).target(target);
        headers.forEach(request::header);
        MemoryWire wire = new MemoryWire(
                context, new InetSocketAddress(ADDRESS.getAddress(), lastPort.incrementAndGet()), beforeUpgrade);
        wire.connection().begin();
        wire.send(request.head());
        settle();
        return new MemoryClient(wire);
    }

    public TestClient connect() throws IOException {
        return connect("/wss?token=t", Map.of());
    }

    /** Whether a client was sent a close frame, or its connection is gone. */
    public static boolean isClosed(TestClient client) {
        return ((MemoryClient) client).frames.isClosed();
    }

    /** Lets a client answer no pings, as others do by themselves. */
    public static void answersNoPings(TestClient client) {
        ((MemoryClient) client).wire.answersPings(false);
    }

    /** Does what a transport thread would do. Nothing is left to do in a threaded one. */
    public void settle() {
        manual.ifPresent(ManualTasks::settle);
    }

    /** Lets time pass, in a manual one. */
    public void advance(Duration time) {
        manual.orElseThrow().advance(time);
    }

    /** Nothing is done for a while, in a manual one, as if the process had been stopped. */
    public void standStill(Duration time) {
        manual.orElseThrow().standStill(time);
    }

    @Override
    public InetSocketAddress address() {
        return ADDRESS;
    }

    @Override
    public int connections() {
        return context.open().count();
    }

    @Override
    public void stopAccepting() {
        accepting = false;
    }

    /** Something that comes between the verdict on a client and its upgrade. */
    void beforeUpgrade(Runnable task) {
        beforeUpgrade = task;
    }

    /** The first step of closing. */
    void goAway() {
        context.open().snapshot().forEach(SocketConnection::goAway);
    }

    @Override
    public void close(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        accepting = false;
        goAway();
        try {
            settle();
            if (manual.isEmpty()) {
                context.open().awaitNone(deadline.earlierBy(timeout.dividedBy(2)));
            }
            context.open().snapshot().forEach(SocketConnection::cut);
            settle();
            if (thread.isPresent()) {
                thread.get().end(deadline);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The client's end; every call settles, before it looks or after it did something. */
    private final class MemoryClient implements TestClient {
        private final MemoryWire wire;
        private final ServerFrameReader frames;

        MemoryClient(MemoryWire wire) {
            this.wire = wire;
            this.frames = wire.frames();
        }

        @Override
        public String answerHead() {
            settle();
            return frames.head(SOON);
        }

        @Override
        public String answerBody() {
            awaitEnd(SOON);
            return frames.body();
        }

        @Override
        public void send(String text) {
            sendRaw(ClientFrames.text(text));
        }

        @Override
        public void sendRaw(byte[] bytes) {
            try {
                wire.send(bytes);
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
            settle();
        }

        @Override
        public String next(Duration within) {
            settle();
            return frames.nextText(within);
        }

        @Override
        public Optional<String> poll() {
            settle();
            return frames.pollText();
        }

        @Override
        public byte[] nextBinary(Duration within) {
            settle();
            return frames.nextBinary(within);
        }

        @Override
        public Optional<byte[]> pollBinary() {
            settle();
            return frames.pollBinary();
        }

        @Override
        public String nextPong(Duration within) {
            settle();
            return frames.nextPong(within);
        }

        @Override
        public int pings() {
            settle();
            return frames.pings();
        }

        @Override
        public int closeCode(Duration within) {
            settle();
            return frames.closeCode(within);
        }

        @Override
        public String closeReason(Duration within) {
            settle();
            return frames.closeReason(within);
        }

        @Override
        public void awaitEnd(Duration within) {
            settle();
            frames.awaitEnd(within);
        }

        @Override
        public void stopReading() {
            wire.clientReads(false);
        }

        @Override
        public void resumeReading() {
            wire.clientReads(true);
            settle();
        }

        @Override
        public void close(int code, String reason) {
            sendRaw(ClientFrames.close(code, reason));
        }

        @Override
        public void abort() {
            wire.leave();
            settle();
        }
    }
}
