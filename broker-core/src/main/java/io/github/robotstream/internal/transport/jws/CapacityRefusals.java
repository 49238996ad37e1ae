package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.connection.Tasks;
import io.github.robotstream.internal.transport.gate.HttpAnswer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Sockets for which there is no room: {@value #MOST} at a time are told so and closed a second later, so that a reset does not destroy the
 * answer on its way; the rest are closed at once. Thread-safe.
 */
final class CapacityRefusals {
    static final int MOST = 32;
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int DISCARDED_BYTES = 256 * 1024;

    private final Tasks tasks;
    private final int most;
    private final Set<SocketChannel> told = ConcurrentHashMap.newKeySet();

    /** @param most how many are told at a time; none where they expect TLS */
    CapacityRefusals(Tasks tasks, int most) {
        this.tasks = tasks;
        this.most = most;
    }

    /** Acceptor thread. */
    void turnAway(SocketChannel socket, HttpAnswer answer) throws IOException {
        if (told.size() >= most) {
            socket.close();
            return;
        }
        told.add(socket);
        try {
            socket.configureBlocking(false);
            socket.write(ByteBuffer.wrap(answer.head())); // an empty socket takes both whole
            socket.write(ByteBuffer.wrap(answer.body()));
            socket.shutdownOutput();
            tasks.after(LINGER, () -> end(socket));
        } catch (IOException | RejectedExecutionException gone) {
            end(socket);
        } catch (OutOfMemoryError fault) {
            told.remove(socket);
            throw fault;
        }
    }

    /** Closes all. */
    void close() {
        told.forEach(this::end);
    }

    private void end(SocketChannel socket) {
        told.remove(socket);
        try (socket) {
            socket.read(ByteBuffer.allocate(DISCARDED_BYTES)); // what is unread would make the close a reset
        } catch (IOException gone) {
            // then it is closed
        }
    }
}
