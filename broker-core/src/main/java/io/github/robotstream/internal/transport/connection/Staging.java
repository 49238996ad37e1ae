package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages put together as frames for one write. The frames of the last write are kept: many sessions are sent the same messages one after
 * the other, and find them here as frames already. Used by one lane at a time, under its monitor.
 */
final class Staging {
    static final int BYTES = 64 * 1024;
    private static final int MAX_MESSAGES = 512;
    /** Room for a control frame behind the messages, however many they are. */
    private static final int BYTES_BEHIND = 16;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES + BYTES_BEHIND);
    private final @Nullable OutboundMessage[] messages = new @Nullable OutboundMessage[MAX_MESSAGES];
    private final int[] ends = new int[MAX_MESSAGES]; // of their frames
    private int kept; // messages that have their frames here
    private int count; // of them, those that are used this time

    /** Begins anew. */
    void begin() {
        count = 0;
    }

    /** Adds a message behind the others; false if there is no room for all of it. */
    boolean add(OutboundMessage message) {
        if (count < kept && messages[count] == message) {
            count++;
            return true;
        }
        int start = count == 0 ? 0 : ends[count - 1];
        if (count == MAX_MESSAGES || ServerFrames.frameLength(message) > BYTES - start) {
            return false;
        }
        if (count < kept) {
            Arrays.fill(messages, count, kept, null);
        }
        bytes.limit(BYTES).position(start);
        ServerFrames.putHead(bytes, message);
        message.copyTo(bytes, 0);
        messages[count] = message;
        ends[count] = bytes.position();
        count++;
        kept = count;
        return true;
    }

    /** {@return how many bytes the frames of the messages have} */
    int length() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** {@return the frames of the messages, and a control frame or nothing behind them, ready to be written} */
    ByteBuffer frames(byte[] behind) {
        int end = length();
        if (behind.length == 0) {
            return bytes.limit(end).position(0);
        }
        Arrays.fill(messages, count, kept, null);
        kept = count;
        return bytes.limit(end + behind.length).position(end).put(behind).position(0);
    }

    /** {@return the whole buffer, empty, for bytes that are put together otherwise} */
    ByteBuffer room() {
        Arrays.fill(messages, 0, kept, null);
        kept = 0;
        count = 0;
        return bytes.clear();
    }

    void forEach(Consumer<OutboundMessage> action) {
        for (int i = 0; i < count; i++) {
            action.accept(Objects.requireNonNull(messages[i]));
        }
    }
}
