package io.github.robotstream.internal.transport.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The XOR with a four-byte key that every frame of a client carries (RFC 6455 section 5.3), eight bytes at a time. */
final class Masking {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Masking() {}

    /**
     * Masks or unmasks {@code bytes[from..to)} in place.
     *
     * @param key its four bytes, the first one lowest
     * @param offset how many bytes of the frame's payload lie before {@code from}
     */
    static void apply(byte[] bytes, int from, int to, int key, int offset) {
        int rotated = Integer.rotateRight(key, (offset & 3) * Byte.SIZE);
        long pattern = (rotated & 0xffffffffL) | ((long) rotated << Integer.SIZE);
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ pattern);
        }
        for (; i < to; i++) {
            bytes[i] ^= (byte) pattern;
            pattern >>>= Byte.SIZE;
        }
    }
}
