package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What an {@link OutboundFrames} still has to write, in this order: the frame that is written in part, the answer to the handshake, the
 * newest pong, a ping, the text messages, and the last item. Under the lane's monitor.
 */
final class FrameQueue {
    /** No such item. */
    static final byte[] NONE = new byte[0];

    private final UnsentBudget budget;
    private final ByteBuffer head = ByteBuffer.allocate(ServerFrames.MAX_HEAD_BYTES); // of the text that is put
    private final ArrayDeque<byte[]> texts = new ArrayDeque<>(0); // most lanes never need it
    private byte[] answer = NONE;
    private byte[] pong = NONE;
    private byte[] ping = NONE;
    private byte[] last = NONE;

    private byte[] current = NONE; // written in part, so it goes on first
    private boolean currentIsText;
    private int currentSent;

    /** A queue whose messages count in a budget. */
    FrameQueue(UnsentBudget budget) {
        this.budget = budget;
    }

    void answer(byte[] bytes) {
        answer = bytes;
    }

    /** Replaces one that has not left. */
    void pong(byte[] frame) {
        pong = frame;
    }

    /** Ignored where one waits. */
    void ping(byte[] frame) {
        if (ping == NONE) {
            ping = frame;
        }
    }

    /** {@return whether neither ping nor pong is still to be written, in part or as a whole} */
    boolean controlIsOut() {
        return pong == NONE && ping == NONE && (current == NONE || currentIsText);
    }

    /** Nothing is added after it, and pong and ping that wait are forgotten. */
    void last(byte[] bytes) {
        last = bytes;
        pong = NONE;
        ping = NONE;
    }

    void add(byte[] text) {
        texts.add(text);
        budget.hold(text);
    }

    /**
     * Forgets the messages, but for one that is written in part.
     *
     * @return how many bytes of that one are left
     */
    int dropTexts() {
        releaseTexts();
        return currentIsText ? ServerFrames.frameLength(current.length) - currentSent : 0;
    }

    void clear() {
        releaseTexts();
        answer = NONE;
        pong = NONE;
        ping = NONE;
        last = NONE;
        finishCurrent();
    }

    boolean isEmpty() {
        return current == NONE && answer == NONE && pong == NONE && ping == NONE && last == NONE && texts.isEmpty();
    }

    /** {@return the message that is written next or further, if it has so many bytes; else {@link #NONE}} */
    byte[] nextIfAtLeast(int bytes) {
        byte[] next = NONE;
        if (current != NONE) {
            next = currentIsText ? current : NONE;
        } else if (answer == NONE && pong == NONE && ping == NONE && !texts.isEmpty()) {
            next = texts.element();
        }
        return next.length < bytes ? NONE : next;
    }

    /** {@return how much of the next frame was written} */
    int sent() {
        return currentSent;
    }

    /** Copies what is written next, as far as there is room, and up to the next message of {@code border} bytes. */
    void fill(ByteBuffer buffer, int border) {
        put(buffer, current, currentIsText, currentSent);
        put(buffer, answer, false, 0);
        put(buffer, pong, false, 0);
        put(buffer, ping, false, 0);
        for (byte[] text : texts) {
            if (!buffer.hasRemaining() || (text.length >= border && buffer.position() > 0)) {
                return;
            }
            put(buffer, text, true, 0);
        }
        put(buffer, last, false, 0);
    }

    private void put(ByteBuffer buffer, byte[] bytes, boolean isText, int skip) {
        int from = skip;
        if (isText) {
            ServerFrames.putTextHead(head.clear(), bytes.length);
            int headLength = head.flip().limit();
            if (skip < headLength) {
                buffer.put(head.array(), skip, Math.min(headLength - skip, buffer.remaining()));
            }
            from = Math.max(0, skip - headLength);
        }
        buffer.put(bytes, from, Math.min(bytes.length - from, buffer.remaining()));
    }

    /**
     * Takes away what was written.
     *
     * @return how many bytes of it were messages
     */
    int consume(int written) {
        int ofTexts = 0;
        int left = written;
        while (left > 0) {
            if (current == NONE) {
                advance();
            }
            int whole = currentIsText ? ServerFrames.frameLength(current.length) : current.length;
            int step = Math.min(left, whole - currentSent);
            currentSent += step;
            left -= step;
            ofTexts += currentIsText ? step : 0;
            if (currentSent == whole) {
                finishCurrent();
            }
        }
        return ofTexts;
    }

    private void releaseTexts() {
        for (byte[] text = texts.poll(); text != null; text = texts.poll()) {
            budget.release(text);
        }
    }

    private void finishCurrent() {
        if (currentIsText) {
            budget.release(current);
        }
        current = NONE;
        currentIsText = false;
        currentSent = 0;
    }

    private void advance() {
        if (answer != NONE) {
            current = answer;
            answer = NONE;
        } else if (pong != NONE) {
            current = pong;
            pong = NONE;
        } else if (ping != NONE) {
            current = ping;
            ping = NONE;
        } else if (!texts.isEmpty()) {
            current = texts.remove();
            currentIsText = true;
        } else {
            current = last;
            last = NONE;
        }
    }
}
