package io.github.robotstream.internal.transport.jws;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many reads of all connections wait for a worker to decode them. Java-WebSocket has {@value #BUFFERS} buffers for them with its two workers:
 * when they are taken the selector waits for one, and with it whatever clients have sent. Thread-safe.
 */
final class DecoderBacklog {
    private static final int BUFFERS = 5;

    private final AtomicInteger reads = new AtomicInteger();

    /** A read is handed on. Returns whether the selector had to wait before it, or has to now, about. */
    boolean handsOn() {
        return reads.incrementAndGet() >= BUFFERS - 1;
    }

    void decoded() {
        reads.decrementAndGet();
    }
}
