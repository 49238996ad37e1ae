package io.github.robotstream.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** All subscribers, on one thread. Counts frames, and takes the latency of each from the time in it. */
final class LoadClient implements AutoCloseable {
    private static final int PAUSE_NANOS = 200_000; // larger reads, as a network card that coalesces would give
    private static final int SAMPLED = 16; // of so many frames one, where it pauses
    private static final int MIN_MESSAGE = 64; // an ack or a log line has no time in it, and none is asked for

    private final Acks acks;
    private final boolean pauses;
    private final Selector selector = Selector.open();
    private final List<Reader> readers = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 20);
    private final Samples latencies = new Samples(5_000_000);
    private final Thread thread = new Thread(this::run, "load-client");
    private volatile boolean closed;
    private volatile boolean restarts;
    private volatile long received;
    private long frames;

    LoadClient(Acks acks, boolean pauses) throws IOException {
        this.acks = acks;
        this.pauses = pauses;
    }

    private static final class Reader {
        final SocketChannel channel;
        ByteBuffer rest = ByteBuffer.allocate(0);
        long frames;

        Reader(SocketChannel channel) {
            this.channel = channel;
        }

        void answer(ByteBuffer ping) {
            try {
                channel.write(Frames.pong(ping));
            } catch (IOException gone) {
                // the next read finds it out
            }
        }
    }

    /** Connects clients that are subscribed to that many topics each. */
    void subscribe(int port, int clients, int topics) throws IOException {
        List<byte[]> requests = new ArrayList<>();
        for (int topic = 0; topic < topics; topic++) {
            requests.add(Frames.subscribe("t" + topic));
        }
        connect(port, clients, requests);
    }

    /** Connects clients that send these requests. */
    void connect(int port, int clients, List<byte[]> requests) throws IOException {
        for (int i = 0; i < clients; i++) {
            SocketChannel channel = open(port);
            for (byte[] request : requests) {
                channel.write(ByteBuffer.wrap(request));
            }
            channel.configureBlocking(false);
            Reader reader = new Reader(channel);
            readers.add(reader);
            channel.register(selector, SelectionKey.OP_READ, reader);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** A client that is upgraded, on a socket that blocks. */
    static SocketChannel open(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(Frames.upgrade(port)));
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int matched = 0; matched < 4; one.clear()) {
            if (channel.read(one) < 0) {
                throw new IOException("the server closed during the handshake");
            }
            matched = one.get(0) == "\r\n\r\n".charAt(matched) ? matched + 1 : one.get(0) == '\r' ? 1 : 0;
        }
        return channel;
    }

    long received() {
        return received;
    }

    /** Latencies count from now on. */
    void restart() {
        restarts = true;
    }

    /** What the latencies were; ends it. */
    String latencies() throws InterruptedException {
        close();
        thread.join();
        return latencies.micros(50, 99, 99.9);
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::read, 100);
                long slowest = Long.MAX_VALUE;
                for (Reader reader : readers) {
                    slowest = Math.min(slowest, reader.frames);
                }
                acks.tell(slowest);
                received = frames;
                if (restarts) {
                    restarts = false;
                    latencies.clear();
                }
                if (pauses) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(SelectionKey key) {
        Reader reader = (Reader) key.attachment();
        in.clear().put(reader.rest);
        try {
            if (reader.channel.read(in) < 0) {
                key.cancel();
            }
        } catch (IOException gone) {
            key.cancel();
        }
        in.flip();
        long now = System.nanoTime();
        while (takeFrame(reader, now)) {}
        reader.rest = ByteBuffer.allocate(in.remaining()).put(in).flip();
    }

    private boolean takeFrame(Reader reader, long now) {
        if (in.remaining() < 2) {
            return false;
        }
        int start = in.position();
        int length = in.get(start + 1) & 0x7f;
        int head = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (in.remaining() < head) {
            return false;
        }
        if (head > 2) {
            length = head == 4 ? in.getShort(start + 2) & 0xffff : (int) in.getLong(start + 2);
        }
        if (in.remaining() < head + length) {
            return false;
        }
        int end = start + head + length;
        in.position(end);
        if (in.get(start) == Frames.PING) {
            reader.answer(in.slice(start + head, length));
            return true;
        }
        if (length > MIN_MESSAGE) {
            if (!pauses || frames % SAMPLED == 0) {
                latencies.add(now - Frames.nanosOf(in, end));
            }
            reader.frames++;
            frames++;
        }
        return true;
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
