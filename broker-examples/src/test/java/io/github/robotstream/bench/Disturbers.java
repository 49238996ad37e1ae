package io.github.robotstream.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Clients as a control loop must not feel them: ten that stopped reading, one that floods, and some that come and go. */
final class Disturbers implements AutoCloseable {
    private static final int STALLED = 10;
    private static final int TOPICS = 10;
    private static final long COME_NANOS = 50_000_000;
    private static final byte[] NOISE = Frames.masked("{\"no\":\"request\"}".getBytes(US_ASCII), 1);

    private final int port;
    private final List<SocketChannel> stalled = new ArrayList<>();
    private volatile boolean closed;

    /** They come with {@link #begin}. */
    Disturbers(int port) {
        this.port = port;
    }

    void begin() throws IOException {
        for (int i = 0; i < STALLED; i++) {
            stalled.add(subscribed());
        }
        start(this::comeAndGo, "come-and-go");
        start(this::flood, "flood");
    }

    private static void start(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private SocketChannel subscribed() throws IOException {
        SocketChannel channel = LoadClient.open(port);
        for (int topic = 0; topic < TOPICS; topic++) {
            channel.write(ByteBuffer.wrap(Frames.subscribe("t" + topic)));
        }
        return channel;
    }

    private void comeAndGo() {
        while (!closed) {
            try {
                subscribed().close();
            } catch (IOException refused) {
                // that is the server's right
            }
            LockSupport.parkNanos(COME_NANOS);
        }
    }

    /** Sends what is no request and reads nothing; comes back when it is thrown out. */
    private void flood() {
        while (!closed) {
            try (SocketChannel channel = LoadClient.open(port)) {
                while (!closed) {
                    channel.write(ByteBuffer.wrap(NOISE));
                    LockSupport.parkNanos(100_000);
                }
            } catch (IOException thrownOut) {
                LockSupport.parkNanos(COME_NANOS);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (SocketChannel channel : stalled) {
            channel.close();
        }
    }
}
