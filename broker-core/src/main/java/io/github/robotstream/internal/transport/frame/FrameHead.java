package io.github.robotstream.internal.transport.frame;

import io.github.robotstream.internal.transport.CloseCode;
import java.nio.ByteBuffer;

/**
 * Reads the head of a client's frame (RFC 6455 section 5.2) from bytes that come in any pieces. A wrong head is refused at the first byte
 * that shows it.
 */
final class FrameHead {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int MASK_BYTES = 4;
    private static final int LENGTH_IN_16_BITS = 126;
    private static final int LENGTH_IN_64_BITS = 127;
    private static final int MAX_CONTROL_BYTES = 125;

    private int seen;
    private int lengthBytes;
    private boolean fin;
    private int opcode;
    private long length;
    private int maskKey;

    /**
     * Takes bytes until the head is complete or there are no more.
     *
     * @param messageOpen whether a fragmented message waits for its continuation
     * @return whether it is complete; {@link #next()} begins another one
     */
    boolean read(ByteBuffer in, boolean messageOpen) throws ProtocolViolation {
        while (in.hasRemaining() && !isComplete()) {
            take(in.get() & 0xff, messageOpen);
        }
        return isComplete();
    }

    void next() {
        seen = 0;
        lengthBytes = 0;
        maskKey = 0;
    }

    boolean fin() {
        return fin;
    }

    int opcode() {
        return opcode;
    }

    boolean isControl() {
        return opcode >= CLOSE;
    }

    /** {@return the declared length of the payload, which need not be true; not negative} */
    long length() {
        return length;
    }

    /** {@return the four bytes of the key, the first one lowest} */
    int maskKey() {
        return maskKey;
    }

    private boolean isComplete() {
        return seen == 2 + lengthBytes + MASK_BYTES;
    }

    private void take(int b, boolean messageOpen) throws ProtocolViolation {
        int at = seen++;
        if (at == 0) {
            takeOpcode(b, messageOpen);
        } else if (at == 1) {
            takeLength(b);
        } else if (at < 2 + lengthBytes) {
            length = (length << 8) | b;
            if (at == 1 + lengthBytes) {
                checkExtendedLength();
            }
        } else {
            maskKey |= b << (Byte.SIZE * (at - 2 - lengthBytes));
        }
    }

    private void takeOpcode(int b, boolean messageOpen) throws ProtocolViolation {
        fin = (b & 0x80) != 0;
        opcode = b & 0x0f;
        if ((b & 0x70) != 0) {
            throw violation("reserved bit set, no extension was agreed on");
        }
        if ((opcode > BINARY && opcode < CLOSE) || opcode > PONG) {
            throw violation("reserved opcode " + opcode);
        }
        if (isControl() && !fin) {
            throw violation("control frame in fragments");
        }
        if (opcode == CONTINUATION && !messageOpen) {
            throw violation("continuation of nothing");
        }
        if ((opcode == TEXT || opcode == BINARY) && messageOpen) {
            throw violation("new message before the end of the last one");
        }
    }

    private void takeLength(int b) throws ProtocolViolation {
        if ((b & 0x80) == 0) {
            throw violation("frame of a client without a mask");
        }
        int shortLength = b & 0x7f;
        if (isControl() && shortLength > MAX_CONTROL_BYTES) {
            throw violation("control frame longer than 125 bytes");
        }
        lengthBytes = shortLength == LENGTH_IN_16_BITS ? 2 : shortLength == LENGTH_IN_64_BITS ? 8 : 0;
        length = lengthBytes == 0 ? shortLength : 0;
    }

    private void checkExtendedLength() throws ProtocolViolation {
        if (length < 0) {
            throw violation("length with the highest bit set");
        }
        if (length < LENGTH_IN_16_BITS || (lengthBytes == 8 && length <= 0xffff)) {
            throw violation("length not in its shortest form");
        }
    }

    private static ProtocolViolation violation(String reason) {
        return new ProtocolViolation(CloseCode.PROTOCOL_ERROR, reason);
    }
}
