package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link OutboundFrames} still has to write, in this order: the frame that is written in part, the answer to the handshake, the
 * newest pong, a ping, the messages, and the last item. Under the lane's monitor.
 */
final class FrameQueue {
    /** No such item. */
    static final byte[] NONE = new byte[0];
    /** Of all lanes that have never kept a message, as most never do; nothing is put in. */
    private static final ArrayDeque<OutboundMessage> NO_MESSAGES = new ArrayDeque<>(0);

    private final UnsentBudget budget;
    private ArrayDeque<OutboundMessage> messages = NO_MESSAGES;
    private int urgent; // of the messages, those that nothing passes: they stand first
    private byte[] answer = NONE;
    private byte[] pong = NONE;
    private byte[] ping = NONE;
    private byte[] last = NONE;

    // What is written in part, so that it goes on first: a message, or the bytes of another item.
    private @Nullable OutboundMessage currentMessage;
    private byte[] current = NONE;
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

    /** A frame was written in part; nothing else waits. */
    void goOnWith(byte[] frame, int sent) {
        current = frame;
        currentSent = sent;
    }

    /** {@return whether neither ping nor pong is still to be written, in part or as a whole} */
    boolean controlIsOut() {
        return pong == NONE && ping == NONE && current == NONE;
    }

    /** Nothing is added after it, and pong and ping that wait are forgotten. */
    void last(byte[] bytes) {
        last = bytes;
        pong = NONE;
        ping = NONE;
    }

    /** Adds a message behind other urgent ones and before all that are not. */
    void addUrgent(OutboundMessage message) {
        OutboundMessage[] before = new OutboundMessage[urgent];
        for (int i = 0; i < urgent; i++) {
            before[i] = messages.remove();
        }
        ownMessages().addFirst(message);
        for (int i = urgent - 1; i >= 0; i--) {
            messages.addFirst(before[i]);
        }
        urgent++;
        budget.hold(message);
    }

    /** Nothing goes before so many of the messages that stand first. */
    void keepFirst(int count) {
        urgent = count;
    }

    void add(OutboundMessage message) {
        ownMessages().add(message);
        budget.hold(message);
    }

    private ArrayDeque<OutboundMessage> ownMessages() {
        if (messages == NO_MESSAGES) {
            messages = new ArrayDeque<>(1);
        }
        return messages;
    }

    /**
     * Forgets the messages, but for one that is written in part.
     *
     * @return how many bytes of that one are left
     */
    int dropMessages() {
        releaseMessages();
        return currentMessage == null ? 0 : ServerFrames.frameLength(currentMessage) - currentSent;
    }

    void clear() {
        releaseMessages();
        answer = NONE;
        pong = NONE;
        ping = NONE;
        last = NONE;
        finishCurrent();
    }

    boolean isEmpty() {
        return hasNoCurrent() && answer == NONE && pong == NONE && ping == NONE && last == NONE && messages.isEmpty();
    }

    private boolean hasNoCurrent() {
        return current == NONE && currentMessage == null;
    }

    /** {@return the message that is written next or further, if it has so many bytes; else null} */
    @Nullable
    OutboundMessage nextIfAtLeast(int bytes) {
        OutboundMessage next = currentMessage;
        if (hasNoCurrent() && answer == NONE && pong == NONE && ping == NONE) {
            next = messages.peek();
        }
        return next == null || next.length() < bytes ? null : next;
    }

    /** {@return how much of the next frame was written} */
    int sent() {
        return currentSent;
    }

    /** Copies what is written next, as far as there is room, and up to the next message of {@code border} bytes. */
    void fill(ByteBuffer buffer, int border) {
        if (currentMessage != null) {
            put(buffer, currentMessage, currentSent);
        }
        put(buffer, current, currentSent);
        put(buffer, answer, 0);
        put(buffer, pong, 0);
        put(buffer, ping, 0);
        for (OutboundMessage message : messages) {
            if (!buffer.hasRemaining() || (message.length() >= border && buffer.position() > 0)) {
                return;
            }
            put(buffer, message, 0);
        }
        put(buffer, last, 0);
    }

    private void put(ByteBuffer buffer, OutboundMessage message, int skip) {
        int headLength = ServerFrames.headLength(message);
        for (int i = skip; i < headLength && buffer.hasRemaining(); i++) {
            buffer.put(ServerFrames.headByte(message, i));
        }
        message.copyTo(buffer, Math.max(0, skip - headLength));
    }

    private static void put(ByteBuffer buffer, byte[] bytes, int skip) {
        if (bytes.length > 0) {
            buffer.put(bytes, skip, Math.min(bytes.length - skip, buffer.remaining()));
        }
    }

    /**
     * Takes away what was written.
     *
     * @return how many bytes of it were messages
     */
    int consume(int written) {
        int ofMessages = 0;
        int left = written;
        while (left > 0) {
            if (hasNoCurrent()) {
                advance();
            }
            boolean isMessage = currentMessage != null;
            int whole = currentMessage == null ? current.length : ServerFrames.frameLength(currentMessage);
            int step = Math.min(left, whole - currentSent);
            currentSent += step;
            left -= step;
            ofMessages += isMessage ? step : 0;
            if (currentSent == whole) {
                finishCurrent();
            }
        }
        return ofMessages;
    }

    private void releaseMessages() {
        urgent = 0;
        for (OutboundMessage next = messages.poll(); next != null; next = messages.poll()) {
            budget.release(next);
        }
    }

    private void finishCurrent() {
        if (currentMessage != null) {
            budget.release(currentMessage);
        }
        currentMessage = null;
        current = NONE;
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
        } else if (!messages.isEmpty()) {
            currentMessage = messages.remove();
            urgent = Math.max(0, urgent - 1);
        } else {
            current = last;
            last = NONE;
        }
    }
}
