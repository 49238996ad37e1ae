package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What one client is still to be sent: messages of {@link Connection#LANE_BYTES} together, or one larger message; what does not fit
 * is refused, but urgent messages have as much room again and go before the others. Before the messages, at the next frame's border, goes the newest pong; older unsent ones are forgotten (RFC 6455 section
 * 5.5.3 allows it). After them goes the last item, a close frame or an HTTP answer, and then nothing is taken.
 *
 * <p>Messages that find nothing before them are put together in a {@link Staging} and written at once; what a full socket leaves of them
 * waits in a queue. Of a message that is encoded as it is copied one piece is written at a time: the rest waits as if the socket were full, so
 * that the event loop goes on with it, and others have their turn between the pieces.
 *
 * <p>Thread-safe by its own monitor, which is held across a write, as that never blocks. It calls nothing but the {@link Wire} and the
 * source of the messages.
 */
final class OutboundFrames {
    /** What a flush has led to, each but QUIET returned once. */
    enum Flushed {
        QUIET,
        /** All messages are out, one had been refused, and the client may be sent more. */
        WRITABLE,
        /** The last item is out. */
        ENDED
    }

    private final Wire wire;
    private final WriteBuffers buffers;
    private final UnsentBudget budget;
    private final FrameQueue queue;
    private final ReadWindow window;
    private long unsentBytes;
    private long stillSince; // when the socket last took something, or the lane was empty
    private long consumed; // from the queue, in all
    private long progress;
    private boolean refused;
    private long stamp = Outgoing.NO_STAMP; // of what was taken last since the last mark
    private boolean closing;
    private boolean lastIsOut;
    private boolean dead;
    private volatile boolean
            full; // the socket took less than offered, or the event loop is to go on: nothing is tried before it does

    OutboundFrames(Wire wire, WriteBuffers buffers, UnsentBudget budget, ReadWindow window) {
        this.wire = wire;
        this.buffers = buffers;
        this.budget = budget;
        this.queue = new FrameQueue(budget);
        this.window = window;
    }

    /**
     * Takes messages as long as there is room, and writes them as far as the socket takes them. Those that find nothing before them are
     * written without being kept, as many as are small and go into one write.
     *
     * @return false if the socket is full, or the client has as much unread as its window allows, and there was no room for the next: then a
     *     later {@link #writable} or {@link #flush} is {@link Flushed#WRITABLE}; or if nothing is taken any more
     */
    synchronized boolean offer(Outgoing messages) throws IOException {
        if (closing || dead) {
            return false;
        }
        long now = budget.nanoTime();
        window.conflated(messages.conflates());
        messages.readDelay(window.readDelay());
        boolean all = writeThrough(messages, now);
        return (all && !refused) || offerOn(messages, now);
    }

    /** Goes on where not all could be written at once, or it is still to be told that there is room. */
    private boolean offerOn(Outgoing messages, long now) throws IOException {
        boolean all = keep(messages);
        refused |= !all;
        while (markIfDue(now) && !all) {
            all = writeThrough(messages, now) || keep(messages);
            refused |= !all;
        }
        if (!all && !full && window.opens()) {
            messages.waitsForRoundTrip();
        }
        return all;
    }

    /** Writes or keeps what may be sent before the next mark, and of what is kept writes what the socket takes; returns whether that was all. */
    private boolean keep(Outgoing messages) throws IOException {
        writeLarge(messages);
        boolean all = takeAll(messages);
        OutboundMessage next = messages.peek();
        while (!all && !full && next != null && admits(messages, next)) {
            writeQueue();
            all = takeAll(messages);
            next = messages.peek();
        }
        writeQueue();
        return all;
    }

    /** Messages were taken, so what they say counts for the next mark, and for that alone. */
    private void noteStamp(Outgoing messages) {
        long newest = messages.stamp();
        stamp = newest == Outgoing.NO_STAMP ? stamp : newest;
    }

    /** An urgent message waits for the lane alone. */
    private boolean admits(Outgoing messages, OutboundMessage next) {
        return messages.isUrgent() || window.admits(ServerFrames.frameLength(next));
    }

    /** Marks only what is out, as a ping passes the messages that wait in the queue. Returns whether a mark is sent. */
    private boolean markIfDue(long now) throws IOException {
        boolean due = !full && !closing && queue.isEmpty() && window.isMarkDue(now, refused);
        if (due) {
            queue.ping(ServerFrames.ping(mark(now)));
            writeQueue();
        }
        return due;
    }

    private long mark(long now) {
        long number = window.mark(now, stamp);
        stamp = Outgoing.NO_STAMP;
        return number;
    }

    /**
     * A pong has come. Returns whether it answers a mark: then there may be room, of which {@link #flush} tells, and there may be a
     * {@link #readStamp}.
     */
    synchronized boolean ponged(byte[] payload) {
        boolean answers = payload.length == Long.BYTES
                && window.answered(ByteBuffer.wrap(payload).getLong(), budget.nanoTime(), wire.waitedForOthers());
        progress += answers ? 1 : 0;
        return answers;
    }

    /** {@return what {@link Outgoing#stamp} gave last before the mark that was answered last, or none if it gave none since the mark before} */
    synchronized long readStamp() {
        return window.readStamp();
    }

    /** Whether the client is read, so that its pongs are seen. Where it is not, {@link #flush} tells of the room. */
    synchronized void reading(boolean on) {
        window.paused(!on);
    }

    /**
     * Writes what finds nothing before it, with the mark if one is due behind all of it; returns whether that was all.
     *
     * <p>One method, and no shorter: HotSpot puts no hot method of more than 325 bytecodes (FreqInlineSize) into its callers. Else each of the
     * six methods between the broker thread's step and this one would be compiled with a copy of all that is called here.
     */
    private boolean writeThrough(Outgoing messages, long now) throws IOException {
        window.look(now);
        if (full || !queue.isEmpty()) {
            return false;
        }
        if (!wire.flush()) {
            becomeFull();
            return false;
        }
        Staging staging = buffers.small().take();
        try {
            Staged staged = new Staged(messages, staging);
            boolean all = messages.handOver(staged);
            int length = staging.length();
            if (length > 0) {
                noteStamp(messages);
            }
            byte[] mark = all && window.isMarkDue(now, false) ? ServerFrames.ping(window.nextMark()) : FrameQueue.NONE;
            ByteBuffer bytes = staging.frames(mark);
            if (bytes.hasRemaining()) {
                wire.write(bytes);
            }
            int written = bytes.position();
            if (written < length) {
                staging.forEach(queue::add);
                queue.keepFirst(staged.urgent);
                unsentBytes = length;
                stillSince = budget.nanoTime();
                consume(written);
            } else if (written > length) {
                mark(now);
                if (bytes.hasRemaining()) {
                    queue.goOnWith(mark, written - length);
                }
            }
            if (bytes.hasRemaining() || wire.heldBytes() > 0) {
                becomeFull();
            }
            return all;
        } finally {
            buffers.small().giveBack(staging);
        }
    }

    /** Takes messages that are put together for one write. */
    private final class Staged implements Outgoing.Taker {
        private final Outgoing messages;
        private final Staging staging;
        private int count;
        private int urgent; // messages up to the last urgent one

        Staged(Outgoing messages, Staging staging) {
            this.messages = messages;
            this.staging = staging;
            staging.begin();
        }

        @Override
        public boolean take(OutboundMessage next) {
            int length = next.length();
            int frameBytes = ServerFrames.frameLength(length);
            boolean isUrgent = messages.isUrgent();
            if (length >= SharedFrames.LEAST_BYTES || !(isUrgent || window.admits(frameBytes)) || !staging.add(next)) {
                return false;
            }
            count++;
            urgent = isUrgent ? count : urgent;
            window.sent(frameBytes);
            return true;
        }
    }

    /** Writes large messages that find nothing before them, as long as the socket takes them as a whole; what is left of the last is kept. */
    private void writeLarge(Outgoing messages) throws IOException {
        OutboundMessage next = messages.peek();
        while (next != null
                && next.length() >= SharedFrames.LEAST_BYTES
                && !next.isEncodedWhenCopied()
                && !full
                && queue.isEmpty()
                && admits(messages, next)) {
            SharedFrames.Place frame = buffers.copied().take(next, 0);
            if (frame == null) {
                return;
            }
            int frameBytes = ServerFrames.frameLength(next);
            int written = write(buffers.copied(), frame, 0);
            if (written < frameBytes) {
                add(next, messages.isUrgent());
                unsentBytes = frameBytes;
                stillSince = budget.nanoTime();
                consume(written);
            } else {
                consumed += written;
            }
            taken(messages, frameBytes);
            next = messages.peek();
        }
    }

    private void add(OutboundMessage message, boolean urgent) {
        if (urgent) {
            queue.addUrgent(message);
        } else {
            queue.add(message);
        }
    }

    private void taken(Outgoing messages, int frameBytes) {
        messages.taken();
        noteStamp(messages);
        window.sent(frameBytes);
    }

    /** Keeps messages as long as there is room. */
    private boolean takeAll(Outgoing messages) {
        for (OutboundMessage next = messages.peek(); next != null; next = messages.peek()) {
            int frameBytes = ServerFrames.frameLength(next);
            long before = full ? unsentBytes() : unsentBytes;
            boolean urgent = messages.isUrgent();
            int limit = urgent ? 2 * Connection.LANE_BYTES : Connection.LANE_BYTES;
            if (!admits(messages, next) || (before > 0 && before + frameBytes > limit)) {
                return false;
            }
            if (unsentBytes == 0) {
                stillSince = budget.nanoTime();
            }
            add(next, urgent);
            unsentBytes += frameBytes;
            taken(messages, frameBytes);
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

    /** {@return whether the client is sent no more until it has read: a message was refused, or the socket was full at the last write} */
    synchronized boolean waitsForClient() {
        return refused || full;
    }

    /** {@return a number that changes whenever the socket takes more after it was full, or the client has read up to a mark} */
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
        boolean wasFull = full;
        full = false;
        long before = consumed;
        Flushed flushed = flush();
        if (!full) {
            wire.writing(false);
        }
        if (wasFull && (!full || consumed != before)) {
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
        return hasRoomAgain() ? Flushed.WRITABLE : Flushed.QUIET;
    }

    private boolean hasRoomAgain() throws IOException {
        long now = budget.nanoTime();
        markIfDue(now);
        window.look(now);
        boolean tell = refused && !full && window.admits(1);
        refused &= !tell;
        return tell;
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
            if (large == null || !writeShared(large)) {
                writeCopies();
            }
            if (large != null && large.isEncodedWhenCopied() && !queue.isEmpty()) {
                becomeFull();
            }
        }
    }

    private boolean writeShared(OutboundMessage large) throws IOException {
        SharedFrames shared = buffers.forLarge(large);
        SharedFrames.Place frame = shared.take(large, queue.sent());
        if (frame == null) {
            return false;
        }
        consume(write(shared, frame, queue.sent()));
        return true;
    }

    /** Writes what is left of a piece when so many bytes of its frame are out; returns how many are written. */
    private int write(SharedFrames shared, SharedFrames.Place piece, int sent) throws IOException {
        ByteBuffer bytes = piece.from(sent);
        int left = bytes.remaining();
        try {
            wire.write(bytes);
        } finally {
            shared.giveBack(piece);
        }
        becomeFullIfLeft(bytes);
        return left - bytes.remaining();
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
