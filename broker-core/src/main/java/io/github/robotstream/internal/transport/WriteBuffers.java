package io.github.robotstream.internal.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The buffers in which small frames are put together for one write. As many exist as threads write at a time; of those not in use
 * {@value #KEPT} are kept.
 */
final class WriteBuffers {
    private static final int KEPT = 4;
    private static final int BYTES = 64 * 1024;

    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer != null ? buffer : ByteBuffer.allocateDirect(BYTES);
    }

    void giveBack(ByteBuffer buffer) {
        free.offer(buffer); // refused when enough are kept: then the garbage collector has it
    }
}
