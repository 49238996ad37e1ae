package io.github.robotstream.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Twenty connections that send as fast as they are let and read nothing, five each: values of just under 1 MiB, broken JSON, pings, and
 * small values. Who is cut off is back after 10 ms.
 */
final class Hostiles implements AutoCloseable {
    private static final int EACH = 5;
    private static final List<byte[]> KINDS = List.of(
            text(Frames.text("large", Frames.value(1_000_000, 0))),
            text("{\"action\":\"publish\",\"topic\":[}"),
            Frames.masked(new byte[125], 9),
            text(Frames.text("small", Frames.value(40, 0))));

    private final int port;
    private volatile boolean closed;

    Hostiles(int port) {
        this.port = port;
    }

    void begin() {
        for (int i = 0; i < EACH * KINDS.size(); i++) {
            byte[] frame = KINDS.get(i % KINDS.size());
            Thread thread = new Thread(() -> send(frame), "hostile-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void send(byte[] frame) {
        while (!closed) {
            try (SocketChannel channel = LoadClient.open(port)) {
                while (!closed) {
                    channel.write(ByteBuffer.wrap(frame));
                }
            } catch (IOException cutOff) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private static byte[] text(String text) {
        return Frames.masked(text.getBytes(US_ASCII), 1);
    }

    @Override
    public void close() {
        closed = true;
    }
}
