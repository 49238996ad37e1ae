package io.github.robotstream.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Frames as a client sends them (RFC 6455 section 5.2), the right ones and whatever else a test needs. */
public final class ClientFrames {
    public static final int FIN = 0x80;
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASK = {0x1b, (byte) 0xa7, 0x5c, (byte) 0xe2};

    private ClientFrames() {}

    public static byte[] text(String text) {
        return frame(FIN | TEXT, utf8(text));
    }

    public static byte[] ping(String payload) {
        return frame(FIN | PING, utf8(payload));
    }

    /** The answer to a ping without payload. */
    public static byte[] pong() {
        return pong(new byte[0]);
    }

    /** The answer to a ping with such a payload. */
    public static byte[] pong(byte[] payload) {
        return frame(FIN | PONG, payload);
    }

    public static byte[] close(int code, String reason) {
        return frame(FIN | CLOSE, concat(new byte[] {(byte) (code >> 8), (byte) code}, utf8(reason)));
    }

    /** A masked frame whose length is in its shortest form. */
    public static byte[] frame(int firstByte, byte[] payload) {
        return concat(head(firstByte, payload.length), masked(payload));
    }

    /** The head of a masked frame, mask included, that declares any length. */
    public static byte[] head(int firstByte, long declaredLength) {
        if (declaredLength >= 0 && declaredLength < 126) {
            return headWithLength(firstByte, (int) declaredLength, 0, 0);
        }
        if (declaredLength >= 0 && declaredLength <= 0xffff) {
            return headWithLength(firstByte, 126, declaredLength, 2);
        }
        return headWithLength(firstByte, 127, declaredLength, 8);
    }

    /** The head of a masked frame with the length field as given, in its shortest form or not. */
    public static byte[] headWithLength(int firstByte, int shortLength, long extendedLength, int extendedBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(firstByte);
        out.write(0x80 | shortLength);
        for (int i = extendedBytes - 1; i >= 0; i--) {
            out.write((int) (extendedLength >>> (8 * i)));
        }
        out.writeBytes(MASK);
        return out.toByteArray();
    }

    /** A payload as it stands after a head made here. */
    public static byte[] masked(byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i & 3];
        }
        return masked;
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
