package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What one client is still to be sent: messages of {@link Connection#LANE_BYTES} together, or one larger message; what does not fit
 * is refused. Before the messages, at the next frame's border, goes the newest pong; older unsent ones are forgotten (RFC 6455 section
 * 5.5.3 allows it). After them goes the last item, a close frame or an HTTP answer, and then nothing is taken.
 *
 * <p>Messages that find nothing before them are put together in a {@link Staging} and written at once; what a full socket leaves of them
 * waits in a queue.
 *
 * <p>Thread-safe by its own monitor, which is held across a write, as that never blocks. It calls nothing but the {@link Wire} and the
 * source of the messages.
 */
final class OutboundFrames {
    /** What a flush has led to, each but QUIET returned once. */
    enum Flushed {
        QUIET,
        /** All messages are out, and one had been refused. */
        WRITABLE,
        /** The last item is out. */
        ENDED
    }

    private final Wire wire;
    private final WriteBuffers buffers;
    private final UnsentBudget budget;
    private final FrameQueue queue;
    private long unsentBytes;
    private long stillSince; // when the socket last took something, or the lane was empty
    private long consumed; // from the queue, in all
    private long progress;
    private boolean refused;
    private boolean closing;
    private boolean lastIsOut;
    private boolean dead;
    private volatile boolean full; // the socket took less than offered: nothing is tried before it takes more

    OutboundFrames(Wire wire, WriteBuffers buffers, UnsentBudget budget) {
        this.wire = wire;
        this.buffers = buffers;
        this.budget = budget;
        this.queue = new FrameQueue(budget);
    }

    /**
     * Takes messages as long as there is room, and writes them as far as the socket takes them. Those that find nothing before them are
     * written without being kept, as many as are small and go into one write.
     *
     * @return false if the socket is full and there was no room for the next: then a later {@link #writable} is {@link Flushed#WRITABLE};
     *     or if nothing is taken any more
     */
    synchronized boolean offer(Outgoing messages) throws IOException {
        if (closing || dead) {
            return false;
        }
        writeThrough(messages);
        while (!takeAll(messages)) {
            if (full) {
                refused = true;
                return false;
            }
            writeQueue();
        }
        if (!queue.isEmpty()) {
            writeQueue();
        }
        return true;
    }

    private void writeThrough(Outgoing messages) throws IOException {
        if (full || !queue.isEmpty()) {
            return;
        }
        if (!wire.flush()) {
            becomeFull();
            return;
        }
        Staging staging = buffers.small().take();
        try {
            staging.begin();
            for (OutboundMessage next = messages.peek();
                    next != null && next.length() < SharedFrames.LEAST_BYTES && staging.add(next);
                    next = messages.peek()) {
                messages.taken();
            }
            writeStaged(staging);
        } finally {
            buffers.small().giveBack(staging);
        }
    }

    /** Keeps messages as long as there is room. */
    private boolean takeAll(Outgoing messages) {
        for (OutboundMessage next = messages.peek(); next != null; next = messages.peek()) {
            int frameBytes = ServerFrames.frameLength(next);
            long before = full ? unsentBytes() : unsentBytes;
            if (before > 0 && before + frameBytes > Connection.LANE_BYTES) {
                return false;
            }
            if (unsentBytes == 0) {
                stillSince = budget.nanoTime();
            }
            queue.add(next);
            unsentBytes += frameBytes;
            messages.taken();
        }
        return true;
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

    synchronized void ping() {
        if (!closing) {
            queue.ping(ServerFrames.PING);
        }
    }

    synchronized boolean isPingOut() {
        return queue.controlIsOut() && wire.heldBytes() == 0;
    }

    /** {@return how many bytes the socket has taken of messages that had to wait, or were large, in all} */
    synchronized long consumed() {
        return consumed;
    }

    /** {@return a number that changes whenever the socket takes more after it was full} */
    synchronized long progress() {
        return progress;
    }

    /**
     * Ends the lane with a last item.
     *
     * @param keepMessages whether the messages that were taken go out before it
     */
    synchronized void end(byte[] bytes, boolean keepMessages) {
        if (closing || dead) {
            return;
        }
        closing = true;
        queue.last(bytes);
        if (!keepMessages) {
            unsentBytes = queue.dropMessages();
        }
    }

    /** Drops everything: the socket is closed. */
    synchronized void kill() {
        dead = true;
        full = false;
        queue.clear();
        unsentBytes = 0;
    }

    /** {@return whether the socket was full at the last write} */
    boolean isFull() {
        return full;
    }

    synchronized boolean lastIsOut() {
        return lastIsOut;
    }

    synchronized long unsentBytes() {
        return unsentBytes + wire.heldBytes();
    }

    /** {@return how much it holds, times for how long the socket has taken nothing of it} */
    synchronized double burden(long nowNanos) {
        return (double) unsentBytes * Math.max(1, nowNanos - stillSince);
    }

    /** The socket takes more. */
    synchronized Flushed writable() throws IOException {
        full = false;
        long before = consumed;
        Flushed flushed = flush();
        if (!full) {
            wire.writing(false);
        }
        if (!full || consumed != before) {
            progress++;
        }
        return flushed;
    }

    /** Writes until there is no more or the socket is full. */
    synchronized Flushed flush() throws IOException {
        if (dead || full) {
            return Flushed.QUIET;
        }
        writeQueue();
        if (full) {
            return Flushed.QUIET;
        }
        if (closing) {
            boolean ends = !lastIsOut;
            lastIsOut = true;
            return ends ? Flushed.ENDED : Flushed.QUIET;
        }
        boolean tell = refused;
        refused = false;
        return tell ? Flushed.WRITABLE : Flushed.QUIET;
    }

    private void writeQueue() throws IOException {
        if (full) {
            return;
        }
        if (!wire.flush()) {
            becomeFull();
            return;
        }
        while (!full && !queue.isEmpty()) {
            OutboundMessage large = queue.nextIfAtLeast(SharedFrames.LEAST_BYTES);
            SharedFrames.Place shared = large == null ? null : buffers.large().take(large);
            if (shared != null) {
                writeShared(shared);
            } else {
                writeCopies();
            }
        }
    }

    private void writeStaged(Staging staging) throws IOException {
        ByteBuffer bytes = staging.frames();
        if (!bytes.hasRemaining()) {
            return;
        }
        int length = bytes.remaining();
        wire.write(bytes);
        if (bytes.hasRemaining()) {
            staging.forEach(queue::add);
            unsentBytes = length;
            stillSince = budget.nanoTime();
            consume(bytes.position());
        }
        becomeFullIfLeft(bytes);
    }

    private void writeShared(SharedFrames.Place frame) throws IOException {
        ByteBuffer bytes = frame.from(queue.sent());
        int left = bytes.remaining();
        try {
            wire.write(bytes);
        } finally {
            buffers.large().giveBack(frame);
        }
        consume(left - bytes.remaining());
        becomeFullIfLeft(bytes);
    }

    private void writeCopies() throws IOException {
        Staging staging = buffers.small().take();
        try {
            ByteBuffer bytes = staging.room();
            queue.fill(bytes, SharedFrames.LEAST_BYTES);
            bytes.flip();
            wire.write(bytes);
            consume(bytes.position());
            becomeFullIfLeft(bytes);
        } finally {
            buffers.small().giveBack(staging);
        }
    }

    private void becomeFullIfLeft(ByteBuffer bytes) {
        if (bytes.hasRemaining() || wire.heldBytes() > 0) {
            becomeFull();
        }
    }

    private void becomeFull() {
        full = true;
        wire.writing(true);
    }

    private void consume(int written) {
        consumed += written;
        if (written > 0) {
            stillSince = budget.nanoTime();
        }
        unsentBytes -= queue.consume(written);
    }
}
