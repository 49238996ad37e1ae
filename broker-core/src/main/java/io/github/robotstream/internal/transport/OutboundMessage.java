package io.github.robotstream.internal.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * A whole WebSocket message on its way to clients: text or binary, in three pieces of which the body may be shared by the messages of many
 * clients. A large body that is sent in base64 is kept as the bytes that it is made of, and encoded piece by piece as it is copied: so it takes no
 * second memory, and no thread a long time at once. Nobody writes to the arrays any more. Safe for several threads.
 */
public final class OutboundMessage {
    private static final byte[] NOTHING = {};
    private static final int AS_IT_IS = -1;
    /** Fewer bytes are encoded once for all, which takes some microseconds. */
    private static final int LARGE_BYTES = 16 * 1024;
    /** Of base64: so many characters are made of so many bytes. */
    private static final int GROUP_CHARACTERS = 4;

    private static final int GROUP_BYTES = 3;

    private final boolean binary;
    private final byte[] head;
    private final byte[] body;
    private final int encodedBytes; // of the body, which are sent in base64; or AS_IT_IS
    private final int bodyLength; // as it is sent
    private final byte[] tail;
    private final int length; // of all: it is asked for several times on each client's way

    private OutboundMessage(boolean binary, byte[] head, byte[] body, int encodedBytes, int bodyLength, byte[] tail) {
        this.binary = binary;
        this.head = head;
        this.body = body;
        this.encodedBytes = encodedBytes;
        this.bodyLength = bodyLength;
        this.tail = tail;
        this.length = head.length + bodyLength + tail.length;
    }

    /** {@return a text message of that valid UTF-8} */
    public static OutboundMessage text(byte[] utf8) {
        return text(utf8, utf8.length);
    }

    /** {@return a text message of the first so many bytes, which are valid UTF-8} */
    public static OutboundMessage text(byte[] utf8, int length) {
        return new OutboundMessage(false, NOTHING, utf8, AS_IT_IS, length, NOTHING);
    }

    /** {@return a text message of pieces that are valid UTF-8 together} */
    public static OutboundMessage text(byte[] head, byte[] body, byte[] tail) {
        return new OutboundMessage(false, head, body, AS_IT_IS, body.length, tail);
    }

    /** {@return a binary message of a head and the first so many bytes of a body} */
    public static OutboundMessage binary(byte[] head, byte[] body, int bodyLength) {
        return new OutboundMessage(true, head, body, AS_IT_IS, bodyLength, NOTHING);
    }

    /** {@return this message with its body in base64 (RFC 4648 section 4), text or binary, and another head and tail} */
    public OutboundMessage inBase64(boolean asBinary, byte[] otherHead, byte[] otherTail) {
        if (bodyLength < LARGE_BYTES) {
            byte[] characters = encode(0, bodyLength);
            return new OutboundMessage(asBinary, otherHead, characters, AS_IT_IS, characters.length, otherTail);
        }
        int characters = (bodyLength + GROUP_BYTES - 1) / GROUP_BYTES * GROUP_CHARACTERS;
        return new OutboundMessage(asBinary, otherHead, body, bodyLength, characters, otherTail);
    }

    /** {@return this message with other bytes in the place of its last ones; the body is shared} */
    public OutboundMessage withTail(int dropped, byte[] bytes) {
        int kept = Math.max(0, tail.length - dropped);
        byte[] longer = kept == 0 ? bytes : Arrays.copyOf(tail, kept + bytes.length);
        if (kept > 0) {
            System.arraycopy(bytes, 0, longer, kept, bytes.length);
        }
        int droppedOfBody = Math.max(0, dropped - tail.length);
        return new OutboundMessage(binary, head, body, encodedBytes, bodyLength - droppedOfBody, longer);
    }

    /** {@return this message with another head; the body is shared} */
    public OutboundMessage withHead(byte[] other) {
        return new OutboundMessage(binary, other, body, encodedBytes, bodyLength, tail);
    }

    /** {@return whether its frame has the opcode for binary data} */
    public boolean isBinary() {
        return binary;
    }

    /** {@return how many bytes it has} */
    public int length() {
        return length;
    }

    /** {@return what stands before the body, not to be written to} */
    public byte[] head() {
        return head;
    }

    /** {@return the array that others may share} */
    public byte[] body() {
        return body;
    }

    /** {@return whether the body is sent in base64, which is made when it is copied} */
    public boolean isEncodedWhenCopied() {
        return encodedBytes != AS_IT_IS;
    }

    /** {@return whether their bodies are the same as they are sent, up to the end of the shorter one} */
    public boolean hasSameBody(OutboundMessage other) {
        return body == other.body && encodedBytes == other.encodedBytes;
    }

    /** {@return how many bytes of the body are sent, the first ones, or how many are made of it} */
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
        if (isEncodedWhenCopied()) {
            copyEncoded(from - head.length, out);
        } else {
            copy(body, bodyLength, from - head.length, out);
        }
        if (tail.length > 0) {
            copy(tail, tail.length, from - head.length - bodyLength, out);
        }
    }

    private void copyEncoded(int from, ByteBuffer out) {
        int start = Math.max(0, from);
        int count = Math.min(bodyLength - start, out.remaining());
        if (count > 0) {
            int group = start / GROUP_CHARACTERS;
            int groupsEnd = (start + count + GROUP_CHARACTERS - 1) / GROUP_CHARACTERS;
            byte[] characters = encode(group * GROUP_BYTES, Math.min(groupsEnd * GROUP_BYTES, encodedBytes));
            out.put(characters, start - group * GROUP_CHARACTERS, count);
        }
    }

    private byte[] encode(int start, int end) {
        return Base64.getEncoder()
                .encode(ByteBuffer.wrap(body, start, end - start))
                .array();
    }

    private static void copy(byte[] piece, int length, int from, ByteBuffer out) {
        int start = Math.max(0, from);
        if (start < length) {
            out.put(piece, start, Math.min(length - start, out.remaining()));
        }
    }
}
