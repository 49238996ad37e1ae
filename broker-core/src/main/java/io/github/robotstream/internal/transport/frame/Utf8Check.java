package io.github.robotstream.internal.transport.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 that comes in pieces, and fails at the first byte that cannot be right: overlong forms, surrogates and code points beyond
 * U+10FFFF show in the second byte of a character already (RFC 3629 section 4).
 */
final class Utf8Check {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    // of the character that is not complete: how many bytes are missing, and the range of the next one
    private int missing;
    private int lowest;
    private int highest;

    /** False if {@code bytes[from..to)} is wrong after what was accepted before; then the check has to be reset. */
    boolean accept(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (missing == 0) {
                i = skipAscii(bytes, i, to);
                if (i < to && !begin(bytes[i++] & 0xff)) {
                    return false;
                }
            } else if (!proceed(bytes[i++] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** Whether no character is left incomplete. */
    boolean isComplete() {
        return missing == 0;
    }

    void reset() {
        missing = 0;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    private boolean begin(int lead) {
        if (lead < 0xC2 || lead > 0xF4) {
            return false;
        }
        missing = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return true;
    }

    private boolean proceed(int next) {
        if (next < lowest || next > highest) {
            return false;
        }
        missing--;
        lowest = 0x80;
        highest = 0xBF;
        return true;
    }
}
