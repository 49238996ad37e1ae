package io.github.robotstream.internal.transport;

import java.nio.ByteBuffer;

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

    /** {@return this message with other bytes in the place of its last ones; the body is shared} */
    public OutboundMessage withTail(int dropped, byte[] bytes) {
        return new OutboundMessage(binary, head, body, bodyLength - dropped, bytes);
    }

    /** {@return whether its frame has the opcode for binary data} */
    public boolean isBinary() {
        return binary;
    }

    /** {@return how many bytes it has} */
    public int length() {
        return head.length + bodyLength + tail.length;
    }

    /** {@return the array that others may share; where it is the same, most of the message is} */
    public byte[] body() {
        return body;
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
