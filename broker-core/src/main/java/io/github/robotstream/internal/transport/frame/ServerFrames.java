package io.github.robotstream.internal.transport.frame;

import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Frames as a server sends them: whole and never masked (RFC 6455 sections 5.1 and 5.2). */
public final class ServerFrames {
    public static final int MAX_HEAD_BYTES = 10;
    /** In a close frame: a control frame's 125 without the code (RFC 6455 section 5.5). */
    static final int MAX_REASON_BYTES = 123;

    private static final int FIN = 0x80;

    /** A ping without payload. */
    public static final byte[] PING = control(FrameHead.PING, new byte[0]);

    private ServerFrames() {}

    /** {@return a ping whose payload is a number of 8 bytes, big-endian} */
    public static byte[] ping(long number) {
        return control(
                FrameHead.PING, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** {@return the length of a whole frame with such a payload} */
    public static int frameLength(int payloadLength) {
        return headLength(payloadLength) + payloadLength;
    }

    /** {@return the length of the frame of a message} */
    public static int frameLength(OutboundMessage message) {
        return frameLength(message.length());
    }

    /** {@return the length of the head of a message's frame} */
    public static int headLength(OutboundMessage message) {
        return headLength(message.length());
    }

    private static int headLength(int payloadLength) {
        return payloadLength < 126 ? 2 : payloadLength <= 0xffff ? 4 : MAX_HEAD_BYTES;
    }

    /** {@return one of the bytes of the head of a message's frame, for who writes part of it} */
    public static byte headByte(OutboundMessage message, int index) {
        int payloadLength = message.length();
        int headLength = headLength(payloadLength);
        return switch (index) {
            case 0 -> (byte) first(message);
            case 1 -> (byte) (headLength == 2 ? payloadLength : headLength == 4 ? 126 : 127);
            default -> (byte) ((long) payloadLength >> (Byte.SIZE * (headLength - 1 - index)));
        };
    }

    private static int first(OutboundMessage message) {
        return FIN | (message.isBinary() ? FrameHead.BINARY : FrameHead.TEXT);
    }

    /** Writes the head of a message's frame, in network byte order, which is that of a new buffer. */
    public static void putHead(ByteBuffer out, OutboundMessage message) {
        int first = first(message);
        int payloadLength = message.length();
        switch (headLength(payloadLength)) {
            case 2 -> out.putShort((short) (first << 8 | payloadLength));
            case 4 -> out.putInt(first << 24 | 126 << 16 | payloadLength);
            default -> out.putShort((short) (first << 8 | 127)).putLong(payloadLength);
        }
    }

    public static byte[] pong(byte[] payload) {
        return control(FrameHead.PONG, payload);
    }

    /** A close frame; without a code, and so without a reason, for {@link CloseCode#NO_STATUS}. */
    public static byte[] close(int code, String reason) {
        if (code == CloseCode.NO_STATUS) {
            return control(FrameHead.CLOSE, new byte[0]);
        }
        byte[] utf8 = fitting(reason).getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + utf8.length];
        payload[0] = (byte) (code >> Byte.SIZE);
        payload[1] = (byte) code;
        System.arraycopy(utf8, 0, payload, 2, utf8.length);
        return control(FrameHead.CLOSE, payload);
    }

    /** As much of a reason as fits in a close frame, cut at the border of a character. */
    public static String fitting(String reason) {
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= MAX_REASON_BYTES) {
            return reason;
        }
        int end = MAX_REASON_BYTES;
        while ((utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }

    private static byte[] control(int opcode, byte[] payload) {
        byte[] frame = Arrays.copyOf(new byte[] {(byte) (FIN | opcode), (byte) payload.length}, 2 + payload.length);
        System.arraycopy(payload, 0, frame, 2, payload.length);
        return frame;
    }
}
