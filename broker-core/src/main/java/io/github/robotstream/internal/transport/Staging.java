package io.github.robotstream.internal.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Messages put together as frames for one write, and the messages themselves, of which a socket that is full leaves some. Used by one lane
 * at a time, under its monitor.
 */
final class Staging {
    static final int BYTES = 64 * 1024;
    private static final int MAX_TEXTS = 512;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    private final byte[][] texts = new byte[MAX_TEXTS][];
    private int count;

    /** Puts a message behind the others; false if there is no room for all of it. */
    boolean add(byte[] text) {
        if (count == MAX_TEXTS || ServerFrames.headLength(text.length) + text.length > bytes.remaining()) {
            return false;
        }
        ServerFrames.putTextHead(bytes, text.length);
        bytes.put(text);
        texts[count++] = text;
        return true;
    }

    /** The frames, from the first to the last, as they are to be written. */
    ByteBuffer frames() {
        return bytes.flip();
    }

    /** The room, empty, for bytes that are put together otherwise. */
    ByteBuffer room() {
        return bytes.clear();
    }

    /** The messages, from the last to the first. */
    void forEachBackwards(Consumer<byte[]> action) {
        for (int i = count - 1; i >= 0; i--) {
            action.accept(texts[i]);
        }
    }

    void clear() {
        Arrays.fill(texts, 0, count, null);
        count = 0;
        bytes.clear();
    }
}
