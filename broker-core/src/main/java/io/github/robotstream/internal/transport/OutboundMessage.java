package io.github.robotstream.internal.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A whole WebSocket message on its way to clients: text or binary, in three pieces of which the body may be shared by the messages of many
 * clients. Nobody writes to the arrays any more. Safe for several threads.
 */
public final class OutboundMessage {
    private static final byte[] NOTHING = {};

    private final boolean binary;
    private final byte[] head;
    private final byte[] body;
    private final int bodyLength;
    private final byte[] tail;

    private OutboundMessage(boolean binary, byte[] head, byte[] body, int bodyLength, byte[] tail) {
        this.binary = binary;
        this.head = head;
        this.body = body;
        this.bodyLength = bodyLength;
        this.tail = tail;
    }

    /** {@return a text message of that valid UTF-8} */
    public static OutboundMessage text(byte[] utf8) {
        return new OutboundMessage(false, NOTHING, utf8, utf8.length, NOTHING);
    }

    /** {@return a text message of pieces that are valid UTF-8 together} */
    public static OutboundMessage text(byte[] head, byte[] body, byte[] tail) {
        return new OutboundMessage(false, head, body, body.length, tail);
    }

    /** {@return a binary message of a head and the first so many bytes of a body} */
    public static OutboundMessage binary(byte[] head, byte[] body, int bodyLength) {
        return new OutboundMessage(true, head, body, bodyLength, NOTHING);
    }

    /** {@return this message with other bytes in the place of its last ones; the body is shared} */
    public OutboundMessage withTail(int dropped, byte[] bytes) {
        int kept = Math.max(0, tail.length - dropped);
        byte[] longer = kept == 0 ? bytes : Arrays.copyOf(tail, kept + bytes.length);
        if (kept > 0) {
            System.arraycopy(bytes, 0, longer, kept, bytes.length);
        }
        int droppedOfBody = Math.max(0, dropped - tail.length);
        return new OutboundMessage(binary, head, body, bodyLength - droppedOfBody, longer);
    }

    /** {@return this message with another head; the body is shared} */
    public OutboundMessage withHead(byte[] other) {
        return new OutboundMessage(binary, other, body, bodyLength, tail);
    }

    /** {@return whether its frame has the opcode for binary data} */
    public boolean isBinary() {
        return binary;
    }

    /** {@return how many bytes it has} */
    public int length() {
        return head.length + bodyLength + tail.length;
    }

    /** {@return what stands before the body, not to be written to} */
    public byte[] head() {
        return head;
    }

    /** {@return the array that others may share; where it is the same, most of the message is} */
    public byte[] body() {
        return body;
    }

    /** {@return how many bytes of the body belong to it, the first ones} */
    public int bodyLength() {
        return bodyLength;
    }

    /** {@return what stands behind the body, not to be written to} */
    public byte[] tail() {
        return tail;
    }

    /**
     * Copies it from a place on, as far as there is room.
     *
     * @param from how many of its bytes are passed over
     */
    public void copyTo(ByteBuffer out, int from) {
        if (head.length > 0) {
            copy(head, head.length, from, out);
        }
        copy(body, bodyLength, from - head.length, out);
        if (tail.length > 0) {
            copy(tail, tail.length, from - head.length - bodyLength, out);
        }
    }

    private static void copy(byte[] piece, int length, int from, ByteBuffer out) {
        int start = Math.max(0, from);
        if (start < length) {
            out.put(piece, start, Math.min(length - start, out.remaining()));
        }
    }
}
