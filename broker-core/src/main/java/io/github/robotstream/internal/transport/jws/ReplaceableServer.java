package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.connection.Deadline;
import io.github.robotstream.internal.transport.connection.FaultLog;
import io.github.robotstream.internal.transport.connection.TransportContext;
import io.github.robotstream.internal.transport.connection.Wire;
import io.github.robotstream.internal.worker.Heartbeat;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Supplier;

/**
 * The {@link JwsServer} that serves now. Where memory runs out, its selector thread or a worker may end, in code of Java-WebSocket that is
 * not ours to guard, and then nothing of it is of use any more: the sweep cuts its connections ({@link Wire#isToBeCut}), and the next
 * socket that is accepted gets another one.
 */
final class ReplaceableServer {
    private static final long LEAST_NANOS = 1_000_000_000; // between two replacements

    private final Supplier<JwsServer> maker;
    private final FaultLog faults;
    private volatile JwsServer present;
    private long replacedAt; // acceptor thread
    private boolean replaced;

    ReplaceableServer(Supplier<JwsServer> maker, FaultLog faults) {
        this.maker = maker;
        this.faults = faults;
        this.present = maker.get();
    }

    /** Starts the first. */
    void begin() throws IOException {
        present.begin();
    }

    /** Takes an accepted socket in. Acceptor thread. */
    void adopt(SocketChannel channel, TransportContext context) throws IOException {
        if (!present.isServing()) {
            replace();
        }
        present.adopt(channel, context);
    }

    /** One whose threads cannot be started serves nobody, and is replaced in turn. */
    private void replace() throws IOException {
        long now = System.nanoTime();
        if (replaced && now - replacedAt < LEAST_NANOS) {
            throw new IOException("Java-WebSocket has ended again, and is replaced a second after the last time");
        }
        replaced = true;
        replacedAt = now;
        faults.report(
                "threads of Java-WebSocket have ended and are replaced, their connections are closed",
                new IllegalStateException("for want of memory, most likely"));
        present.abandon();
        JwsServer next = maker.get();
        present = next;
        next.begin();
    }

    void end(Deadline deadline) throws InterruptedException {
        present.end(deadline);
    }

    /** Its threads, unless they have ended: they are replaced when a client comes, and stand still for nobody. */
    List<Heartbeat> heartbeats() {
        JwsServer server = present;
        return server.isServing() ? server.heartbeats() : List.of();
    }
}
