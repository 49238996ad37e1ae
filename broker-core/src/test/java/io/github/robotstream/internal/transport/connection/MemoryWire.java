package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.ServerFrameReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Two pipes in place of a socket, with the client's end: the one to the client holds as much as a socket would, the one to the server all
 * that is sent. Thread-safe, by its monitor; the connection is called from the tasks only, and without it.
 */
final class MemoryWire implements Wire {
    private final Tasks tasks;
    private final InetSocketAddress remoteAddress;
    private final Runnable beforeUpgrade;
    private final SocketConnection connection;
    private final ServerFrameReader frames = new ServerFrameReader();

    private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
    private final Queue<byte[]> toServer = new ArrayDeque<>();
    private int socketBytes;
    private boolean reading;
    private boolean writing;
    private boolean clientReads = true;
    private boolean answersPings = true;
    private boolean clientAnswered;
    private boolean clientEnded;
    private boolean clientGone;
    private boolean endTold;
    private boolean outputShut;
    private boolean cut;

    /** @param beforeUpgrade done after the verdict and before the WebSocket is open */
    MemoryWire(TransportContext context, InetSocketAddress remoteAddress, Runnable beforeUpgrade) {
        this.beforeUpgrade = beforeUpgrade;
        this.tasks = context.tasks();
        this.remoteAddress = remoteAddress;
        this.socketBytes = context.settings().socketBufferBytes;
        this.connection = new SocketConnection(context, this, this::upgrade);
    }

    private boolean upgrade(byte[] head) {
        beforeUpgrade.run();
        synchronized (this) {
            if (cut || clientGone) {
                return false;
            }
        }
        connection.answer("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return true;
    }

    SocketConnection connection() {
        return connection;
    }

    ServerFrameReader frames() {
        return frames;
    }

    // the server's end

    @Override
    public synchronized int write(ByteBuffer bytes) throws IOException {
        if (cut || clientGone) {
            throw new IOException("reset");
        }
        int written = 0;
        while (bytes.hasRemaining() && toClient.size() < socketBytes) {
            byte[] part = new byte[Math.min(bytes.remaining(), socketBytes - toClient.size())];
            bytes.get(part);
            toClient.writeBytes(part);
            written += part.length;
            readAtClient();
        }
        return written;
    }

    @Override
    public synchronized void sendBuffer(int bytes) {
        socketBytes = bytes;
    }

    @Override
    public synchronized void reading(boolean on) {
        reading = on;
        if (on) {
            tasks.execute(this::deliver);
        }
    }

    @Override
    public synchronized void writing(boolean on) {
        writing = on;
        tellRoom();
    }

    @Override
    public synchronized void shutdownOutput() {
        outputShut = true;
        readAtClient();
    }

    @Override
    public void cut() {
        synchronized (this) {
            if (cut) {
                return;
            }
            cut = true;
            readAtClient();
        }
        connection.lost();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    // the client's end

    synchronized void send(byte[] bytes) throws IOException {
        if (cut || clientEnded) {
            throw new IOException("the connection is closed");
        }
        toServer.add(bytes);
        tasks.execute(this::deliver);
    }

    synchronized void clientReads(boolean on) {
        clientReads = on;
        readAtClient();
    }

    synchronized void answersPings(boolean on) {
        answersPings = on;
    }

    /** The client closes its socket. */
    synchronized void leave() {
        clientGone = true;
        endClient();
    }

    private void readAtClient() {
        if (!clientReads || clientGone) {
            return;
        }
        byte[] bytes = toClient.toByteArray();
        toClient.reset();
        boolean closeFrame = frames.feed(bytes, bytes.length);
        for (Optional<byte[]> ping = frames.pollPing(); ping.isPresent() && !clientEnded; ping = frames.pollPing()) {
            if (answersPings) {
                toServer.add(ClientFrames.pong(ping.get()));
                tasks.execute(this::deliver);
            }
        }
        if (closeFrame && !clientAnswered && !clientEnded) {
            clientAnswered = true;
            toServer.add(ClientFrames.close(1000, ""));
            tasks.execute(this::deliver);
        }
        if (outputShut || cut) {
            endClient();
        }
        tellRoom();
    }

    private void endClient() {
        frames.end();
        clientEnded = true;
        if (!cut) {
            tasks.execute(this::deliver);
        }
    }

    private void tellRoom() {
        if (writing && toClient.size() < socketBytes) {
            tasks.execute(connection::writable);
        }
    }

    /** As the selector does: reads what there is, while it is to read. */
    private void deliver() {
        for (Optional<byte[]> bytes = nextForServer(); bytes.isPresent(); bytes = nextForServer()) {
            connection.received(ByteBuffer.wrap(bytes.get()));
        }
        if (endIsDue()) {
            connection.streamEnded();
        }
    }

    private synchronized Optional<byte[]> nextForServer() {
        return reading && !cut ? Optional.ofNullable(toServer.poll()) : Optional.empty();
    }

    private synchronized boolean endIsDue() {
        boolean due = reading && !cut && clientEnded && !endTold && toServer.isEmpty();
        endTold |= due;
        return due;
    }
}
