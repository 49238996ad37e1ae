package io.github.robotstream.internal.transport.connection;

import java.io.IOException;

/**
 * How much of what a client is sent its socket's buffer in the kernel may hold: what the client takes within a tenth of a second, at least
 * what is set and at most {@value #MOST_TIMES} times that. So one that takes much is written to in few large writes, and a long way to it
 * is kept full; and when it stalls, what is past recall is no older than that. Thread of the sweep.
 */
public final class SendBuffer {
    static final int MOST_TIMES = 16;
    private static final double HELD_NANOS = 100e6;

    private final Wire wire;
    private final int leastBytes;
    private int bytes;
    private long takenBefore;
    private long lookedAt;

    SendBuffer(Wire wire, int leastBytes) {
        this.wire = wire;
        this.leastBytes = leastBytes;
        this.bytes = leastBytes;
    }

    /**
     * Fits it to what the client has taken since the last time.
     *
     * @param taken bytes that went through the lane's queue in all; those that find a socket with room, and go past it, need no more room
     */
    void fit(long taken, long nowNanos) {
        double held = (taken - takenBefore) * HELD_NANOS / Math.max(1, nowNanos - lookedAt);
        takenBefore = taken;
        lookedAt = nowNanos;
        int fitting = leastBytes;
        while (fitting < leastBytes * MOST_TIMES && held > fitting) {
            fitting *= 2;
        }
        if (fitting != bytes) {
            resize(fitting);
        }
    }

    private void resize(int fitting) {
        try {
            wire.sendBuffer(fitting);
            bytes = fitting;
        } catch (IOException gone) {
            // whoever closed the socket tells it
        }
    }
}
