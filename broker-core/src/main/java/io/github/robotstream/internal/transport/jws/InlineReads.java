package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.connection.WireListener;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * Which reads are decoded on the selector's thread. On a machine that idles, each thread that is woken costs a message about 0.1 ms. Under
 * load the workers are awake, and the selector has to serve others: so a read is for a worker, unless it is small and the selector has
 * rested before it. Selector thread.
 */
final class InlineReads {
    /** So long after the last read and what it did for it the selector counts as idle. */
    static final long REST_NANOS = 200_000;

    static final int MAX_BYTES = 4 * 1024;
    private static final int MAX_SELECTED_KEYS = 8;

    private final HandshakeListener listener;
    private long lastReadNanos = System.nanoTime();

    InlineReads(HandshakeListener listener) {
        this.listener = listener;
    }

    /** Counts a read of so many bytes, and tells whether it may be decoded here. */
    boolean admits(int bytes, SelectionKey key) {
        long now = System.nanoTime();
        boolean rested = now - lastReadNanos > REST_NANOS;
        lastReadNanos = now;
        return rested && bytes <= MAX_BYTES && key.selector().selectedKeys().size() <= MAX_SELECTED_KEYS;
    }

    /** Decodes what was read into the buffer. */
    void decode(ByteBuffer bytes, WireListener decoder) {
        bytes.flip();
        listener.readInline(() -> decoder.received(bytes));
        bytes.clear();
        lastReadNanos = System.nanoTime(); // what it has just done is no rest
    }
}
