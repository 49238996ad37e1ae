package io.github.robotstream.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What one client is still to be sent: messages of {@link TransportSettings#LANE_BYTES} together, or one larger message; what does not fit
 * is refused. Before the messages, at the next frame's border, goes the newest pong; older unsent ones are forgotten (RFC 6455 section
 * 5.5.3 allows it). After them goes the last item, a close frame or an HTTP answer, and then nothing is taken.
 *
 * <p>Thread-safe by its own monitor, which is held across a write, as that never blocks. It calls nothing but the {@link Wire}.
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

    private static final byte[] NONE = new byte[0];

    private final Wire wire;
    private final WriteBuffers buffers;
    private final byte[] headScratch = new byte[ServerFrames.MAX_HEAD_BYTES];

    private final ArrayDeque<byte[]> texts = new ArrayDeque<>();
    private byte[] answer = NONE;
    private byte[] pong = NONE;
    private byte[] last = NONE;

    private byte[] current = NONE; // written in part, so it goes on first
    private boolean currentIsText;
    private int currentLeft; // 0 if none is

    private long unsentBytes;
    private boolean refused;
    private boolean closing;
    private boolean lastIsOut;
    private boolean endTold;
    private boolean dead;
    private volatile boolean full; // the socket took less than offered: nothing is tried before it takes more

    OutboundLane(Wire wire, WriteBuffers buffers) {
        this.wire = wire;
        this.buffers = buffers;
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
        int frameBytes = frameBytes(text, true);
        if (unsentBytes > 0 && unsentBytes + frameBytes > TransportSettings.LANE_BYTES) {
            refused |= tellWritable;
            return false;
        }
        texts.add(text);
        unsentBytes += frameBytes;
        return true;
    }

    /** The answer to the handshake; it goes before everything. */
    synchronized void answer(byte[] bytes) {
        answer = bytes;
    }

    synchronized void pong(byte[] payload) {
        if (!closing) {
            pong = ServerFrames.pong(payload);
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
        last = bytes;
        pong = NONE;
        if (!keepTexts) {
            texts.clear();
            unsentBytes = currentIsText ? currentLeft : 0;
        }
    }

    /** Forgets everything: the socket is gone. */
    synchronized void kill() {
        dead = true;
        full = false;
        texts.clear();
        answer = NONE;
        pong = NONE;
        last = NONE;
        current = NONE;
        currentIsText = false;
        currentLeft = 0;
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
        return unsentBytes;
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
        if (hasMore()) {
            ByteBuffer buffer = buffers.take();
            try {
                write(buffer);
            } finally {
                buffers.giveBack(buffer);
            }
        }
        return outcome();
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (hasMore()) {
            buffer.clear();
            fill(buffer);
            buffer.flip();
            wire.write(buffer);
            consume(buffer.position());
            if (buffer.hasRemaining()) {
                full = true;
                wire.writing(true);
                return;
            }
        }
        wire.writing(false);
    }

    private Flushed outcome() {
        if (lastIsOut && !endTold) {
            endTold = true;
            return Flushed.ENDED;
        }
        if (refused && unsentBytes == 0 && !closing) {
            refused = false;
            return Flushed.WRITABLE;
        }
        return Flushed.QUIET;
    }

    private boolean hasMore() {
        return currentLeft + answer.length + pong.length + last.length > 0 || !texts.isEmpty();
    }

    /** Copies what goes out next, in the order of {@link #advance()}, as far as there is room. */
    private void fill(ByteBuffer buffer) {
        put(buffer, current, currentIsText, frameBytes(current, currentIsText) - currentLeft);
        put(buffer, answer, false, 0);
        put(buffer, pong, false, 0);
        for (byte[] text : texts) {
            if (!buffer.hasRemaining()) {
                return;
            }
            put(buffer, text, true, 0);
        }
        put(buffer, last, false, 0);
    }

    private void put(ByteBuffer buffer, byte[] bytes, boolean isText, int skip) {
        int from = skip;
        if (isText) {
            int head = ServerFrames.putHead(headScratch, FrameHead.TEXT, bytes.length);
            if (skip < head) {
                buffer.put(headScratch, skip, Math.min(head - skip, buffer.remaining()));
            }
            from = Math.max(0, skip - head);
        }
        buffer.put(bytes, from, Math.min(bytes.length - from, buffer.remaining()));
    }

    /** Takes away what the socket took. */
    private void consume(int written) {
        int left = written;
        while (left > 0) {
            if (currentLeft == 0) {
                advance();
            }
            int step = Math.min(left, currentLeft);
            currentLeft -= step;
            left -= step;
            if (currentIsText) {
                unsentBytes -= step;
            }
            if (currentLeft == 0) {
                current = NONE;
                currentIsText = false;
                lastIsOut = closing && !hasMore();
            }
        }
    }

    private void advance() {
        if (answer.length > 0) {
            current = answer;
            answer = NONE;
        } else if (pong.length > 0) {
            current = pong;
            pong = NONE;
        } else if (!texts.isEmpty()) {
            current = texts.remove();
            currentIsText = true;
        } else {
            current = last;
            last = NONE;
        }
        currentLeft = frameBytes(current, currentIsText);
    }

    private static int frameBytes(byte[] bytes, boolean isText) {
        return isText ? ServerFrames.headLength(bytes.length) + bytes.length : bytes.length;
    }
}
