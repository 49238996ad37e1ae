package io.github.robotstream.internal.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What stands before the bytes of a binary message: the length of what follows up to the bytes in {@value #LENGTH_BYTES} bytes, big-endian;
 * the envelope as JSON without the inner {@code data}; and blanks, so that the bytes begin at a multiple of {@value #ALIGNMENT}.
 */
final class BinaryHead {
    static final int LENGTH_BYTES = 4;
    static final int ALIGNMENT = 8;

    private BinaryHead() {}

    /** The head of an envelope that opens so, around a data object. */
    static byte[] of(byte[] opening, byte[] data) {
        byte[] head = room(opening.length + data.length + 1);
        System.arraycopy(opening, 0, head, LENGTH_BYTES, opening.length);
        System.arraycopy(data, 0, head, LENGTH_BYTES + opening.length, data.length);
        head[LENGTH_BYTES + opening.length + data.length] = '}';
        return head;
    }

    /** The same head with more members at the end of its envelope, which they close. */
    static byte[] withTail(byte[] head, byte[] tail) {
        int open = jsonEnd(head) - 1;
        byte[] longer = room(open - LENGTH_BYTES + tail.length);
        System.arraycopy(head, LENGTH_BYTES, longer, LENGTH_BYTES, open - LENGTH_BYTES);
        System.arraycopy(tail, 0, longer, open, tail.length);
        return longer;
    }

    /** The envelope, without length and blanks. */
    static byte[] json(byte[] head) {
        return Arrays.copyOfRange(head, LENGTH_BYTES, jsonEnd(head));
    }

    private static int jsonEnd(byte[] head) {
        int end = head.length;
        while (head[end - 1] == ' ') {
            end--;
        }
        return end;
    }

    private static byte[] room(int jsonLength) {
        int length = (LENGTH_BYTES + jsonLength + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] head = new byte[length];
        Arrays.fill(head, LENGTH_BYTES + jsonLength, length, (byte) ' ');
        ByteBuffer.wrap(head).putInt(length - LENGTH_BYTES);
        return head;
    }
}
