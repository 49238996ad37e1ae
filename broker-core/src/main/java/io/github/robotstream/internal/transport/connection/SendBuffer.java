package io.github.robotstream.internal.transport.connection;

import java.io.IOException;

/**
 * How much of what a client is sent its socket's buffer in the kernel may hold: what the client takes within a tenth of a second, at least
 * what is set and at most {@value #MOST_TIMES} times that. So a client that takes much is sent it in few large writes, and over a long way:
 * with a round trip of 100 ms, 128 KiB carry 1.3 MB a second and 2 MiB carry 20. When it stalls, the messages that can no longer be
 * replaced are no older than that. Thread of the sweep.
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
     * @param taken bytes that went through the lane's queue in all; messages that do not wait there need no more room
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
            // the connection is told of it otherwise
        }
    }
}
