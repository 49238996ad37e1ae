package io.github.robotstream.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one client is still to be sent: messages of {@link TransportSettings#LANE_BYTES} together, or one larger message; what does not fit
 * is refused. Before the messages, at the next frame's border, goes the newest pong; older unsent ones are forgotten (RFC 6455 section
 * 5.5.3 allows it). After them goes the last item, a close frame or an HTTP answer, and then nothing is taken.
 *
 * <p>Messages that find nothing before them are put together at once, in a {@link Staging} that leaves with the next flush: usually all of
 * them are gone then, and the lane holds nothing. What a full socket leaves waits in a queue.
 *
 * <p>Thread-safe by its own monitor, which is held across a write, as that never blocks. It calls nothing but the {@link Wire} and, in
 * {@link #offer(Outgoing, boolean)}, where the messages come from.
 */
final class OutboundLane {
    /** What a flush brought about, each but QUIET told once. */
    enum Flushed {
        QUIET,
        /** All messages are out, and one had been refused. */
        WRITABLE,
        /** The last item is out. */
        ENDED
    }

    private final Wire wire;
    private final WriteBuffers buffers;
    private final FrameQueue queue = new FrameQueue();
    private @Nullable Staging staged; // goes before the messages in the queue, which was empty when it was begun

    private long unsentBytes;
    private boolean refused;
    private boolean closing;
    private boolean lastIsOut;
    private boolean endTold;
    private boolean dead;
    private boolean armed; // the engine tells when the socket takes more
    private volatile boolean full; // the socket took less than offered: nothing is tried before it takes more

    OutboundLane(Wire wire, WriteBuffers buffers) {
        this.wire = wire;
        this.buffers = buffers;
    }

    /**
     * Takes text messages as long as there is room.
     *
     * @param tellWritable whether a no is to be followed by {@link Flushed#WRITABLE}
     * @return false if there was no room for the next
     */
    synchronized boolean offer(Outgoing messages, boolean tellWritable) {
        for (byte[] text = messages.peek(); text != null; text = messages.peek()) {
            if (!offer(text, tellWritable)) {
                return false;
            }
            messages.taken();
        }
        return true;
    }

    /**
     * Takes a text message, if there is room.
     *
     * @param tellWritable whether a no is to be followed by {@link Flushed#WRITABLE}
     */
    synchronized boolean offer(byte[] text, boolean tellWritable) {
        if (closing || dead) {
            return false;
        }
        int frameBytes = FrameQueue.frameBytes(text);
        long before = full ? unsentBytes() : unsentBytes;
        if (before > 0 && before + frameBytes > TransportSettings.LANE_BYTES) {
            refused |= tellWritable;
            return false;
        }
        if (!stage(text)) {
            queue.add(text);
        }
        unsentBytes += frameBytes;
        return true;
    }

    private boolean stage(byte[] text) {
        if (full || text.length >= SharedFrames.LEAST_BYTES || !queue.isEmpty()) {
            return false;
        }
        if (staged == null) {
            staged = buffers.take();
        }
        return staged.add(text);
    }

    /** The answer to the handshake; it goes before everything. */
    synchronized void answer(byte[] bytes) {
        queue.answer(bytes);
    }

    synchronized void pong(byte[] payload) {
        if (!closing) {
            queue.pong(ServerFrames.pong(payload));
        }
    }

    /**
     * Ends the lane with a last item.
     *
     * @param keepTexts whether the messages that were taken go out before it
     */
    synchronized void end(byte[] bytes, boolean keepTexts) {
        if (closing || dead) {
            return;
        }
        closing = true;
        queue.last(bytes);
        if (!keepTexts) {
            giveStagingBack();
            unsentBytes = queue.dropTexts();
        }
    }

    /** Forgets everything: the socket is gone. */
    synchronized void kill() {
        dead = true;
        full = false;
        giveStagingBack();
        queue.clear();
        unsentBytes = 0;
    }

    /** Whether the socket was full at the last write. */
    boolean isFull() {
        return full;
    }

    synchronized boolean lastIsOut() {
        return lastIsOut;
    }

    synchronized long unsentBytes() {
        return unsentBytes + wire.heldBytes();
    }

    /** The socket takes more. */
    synchronized Flushed writable() throws IOException {
        full = false;
        return flush();
    }

    /** Writes until there is no more or the socket is full. */
    synchronized Flushed flush() throws IOException {
        if (dead || full) {
            return Flushed.QUIET;
        }
        if (!wire.flush()) {
            becomeFull();
            return Flushed.QUIET;
        }
        if (staged != null) {
            if (queue.isEmpty()) {
                writeStaged(staged);
            } else {
                staged.forEachBackwards(queue::addFirst);
                giveStagingBack();
            }
        }
        while (!full && !queue.isEmpty()) {
            byte[] large = queue.nextIfAtLeast(SharedFrames.LEAST_BYTES);
            SharedFrames.Place shared = large == FrameQueue.NONE ? null : buffers.large.take(large);
            if (shared != null) {
                writeShared(shared);
            } else {
                writeCopies();
            }
        }
        if (!full && armed) {
            armed = false;
            wire.writing(false);
        }
        return outcome();
    }

    private void writeStaged(Staging frames) throws IOException {
        ByteBuffer bytes = frames.frames();
        wire.write(bytes);
        int written = bytes.position();
        if (bytes.hasRemaining()) {
            frames.forEachBackwards(queue::addFirst);
            giveStagingBack();
            consume(written);
            becomeFull();
        } else {
            becomeFullIfLeft(bytes);
            giveStagingBack();
            unsentBytes -= written;
        }
    }

    private void giveStagingBack() {
        if (staged != null) {
            buffers.giveBack(staged);
            staged = null;
        }
    }

    private void writeShared(SharedFrames.Place frame) throws IOException {
        ByteBuffer bytes = frame.from(queue.sent());
        try {
            wire.write(bytes);
        } finally {
            buffers.large.giveBack(frame);
        }
        consume(bytes.position() - queue.sent());
        becomeFullIfLeft(bytes);
    }

    private void writeCopies() throws IOException {
        Staging staging = buffers.take();
        try {
            ByteBuffer bytes = staging.room();
            queue.fill(bytes, SharedFrames.LEAST_BYTES);
            bytes.flip();
            wire.write(bytes);
            consume(bytes.position());
            becomeFullIfLeft(bytes);
        } finally {
            buffers.giveBack(staging);
        }
    }

    private void becomeFullIfLeft(ByteBuffer bytes) {
        if (bytes.hasRemaining() || wire.heldBytes() > 0) {
            becomeFull();
        }
    }

    private void becomeFull() {
        full = true;
        armed = true;
        wire.writing(true);
    }

    private Flushed outcome() {
        lastIsOut |= closing && !full && queue.isEmpty();
        if (lastIsOut && !endTold) {
            endTold = true;
            return Flushed.ENDED;
        }
        if (refused && unsentBytes == 0 && !closing && !full) {
            refused = false;
            return Flushed.WRITABLE;
        }
        return Flushed.QUIET;
    }

    private void consume(int written) {
        unsentBytes -= queue.consume(written);
    }
}
