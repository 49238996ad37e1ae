package io.github.robotstream.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Binary messages as docs/protocol.md says: length of the head, head, bytes. */
public final class BinaryMessages {
    private BinaryMessages() {}

    public static byte[] of(String head, byte[] bytes) {
        byte[] utf8 = head.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + utf8.length + bytes.length)
                .putInt(utf8.length)
                .put(utf8)
                .put(bytes)
                .array();
    }

    /** The head without the blanks at its end. */
    public static String head(byte[] message) {
        return new String(message, 4, ByteBuffer.wrap(message).getInt(), StandardCharsets.UTF_8).stripTrailing();
    }

    public static byte[] bytes(byte[] message) {
        return Arrays.copyOfRange(message, 4 + ByteBuffer.wrap(message).getInt(), message.length);
    }
}
