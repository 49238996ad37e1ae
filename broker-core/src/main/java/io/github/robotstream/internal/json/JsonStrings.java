package io.github.robotstream.internal.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Strings of RFC 8259 section 7, on the bytes. {@link #skip} judges; all else takes what it let pass. An escaped surrogate
 * without its partner is refused (RFC 7493 section 2.1): no UTF-8 can say it, and a strict subscriber would fail on it.
 */
public final class JsonStrings {
    private static final String ESCAPED = "\"\\/bfnrt";
    private static final String UNESCAPED = "\"\\/\b\f\n\r\t";

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;
    private static final long HIGHEST_BITS = 0x8080808080808080L;

    private JsonStrings() {}

    /** The index after the closing quote of the string that opens at {@code open}. */
    static int skip(byte[] bytes, int open, int end) throws JsonException {
        int at = skipPlain(bytes, open + 1, end);
        while (at < end && bytes[at] != '"') {
            at = skipPlain(bytes, skipOther(bytes, at, end), end);
        }
        if (at >= end) {
            throw JsonErrors.openString(open);
        }
        return at + 1;
    }

    /** The index of the first character, from {@code from} on, that is not plain ASCII; {@code end} if there is none. */
    private static int skipPlain(byte[] bytes, int from, int end) {
        int at = from;
        while (end - at >= Long.BYTES) {
            long marks = marksOfOthers((long) LONGS.get(bytes, at));
            if (marks != 0) {
                return at + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /**
     * The highest bit of the first of eight characters that is a control character, a quote, a backslash or no ASCII; else 0.
     * What is too small for a subtraction borrows from bytes after it only, so the first mark is right.
     */
    private static long marksOfOthers(long eight) {
        long quotes = (eight ^ QUOTES) - ONES;
        long backslashes = (eight ^ BACKSLASHES) - ONES;
        long controls = eight - SPACES;
        return (quotes | backslashes | controls) & HIGHEST_BITS; // two of them keep the bit of what is no ASCII
    }

    /** The index after an escape or a character beyond ASCII. */
    private static int skipOther(byte[] bytes, int at, int end) throws JsonException {
        byte next = bytes[at];
        if (next == '\\') {
            return skipEscape(bytes, at, end);
        }
        if (next < 0) {
            return skipMultibyte(bytes, at, end);
        }
        throw JsonErrors.controlCharacter(at, next);
    }

    private static int skipMultibyte(byte[] bytes, int at, int end) throws JsonException {
        int length = Utf8.length(bytes, at, end);
        if (length == 0) {
            throw JsonErrors.notUtf8(at);
        }
        return at + length;
    }

    private static int skipEscape(byte[] bytes, int at, int end) throws JsonException {
        byte escaped = at + 1 < end ? bytes[at + 1] : 0;
        if (escaped != 'u') {
            if (ESCAPED.indexOf(escaped) < 0) {
                throw JsonErrors.unknownEscape(at);
            }
            return at + 2;
        }
        int unit = hex(bytes, at + 2, end);
        if (unit < 0) {
            throw JsonErrors.unknownEscape(at);
        }
        if (!Character.isSurrogate((char) unit)) {
            return at + 6;
        }
        if (Character.isLowSurrogate((char) unit) || !lowSurrogateAt(bytes, at + 6, end)) {
            throw JsonErrors.loneSurrogate(at);
        }
        return at + 12;
    }

    private static boolean lowSurrogateAt(byte[] bytes, int at, int end) {
        return at + 1 < end
                && bytes[at] == '\\'
                && bytes[at + 1] == 'u'
                && Character.isLowSurrogate((char) hex(bytes, at + 2, end));
    }

    /** Four hexadecimal digits; -1 if they are not there. */
    private static int hex(byte[] bytes, int at, int end) {
        if (end - at < 4) {
            return -1;
        }
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** One character, escaped or not: the index after it in the upper half, the code point in the lower; allocates nothing. */
    static long next(byte[] bytes, int at) {
        byte first = bytes[at];
        if (first >= 0 && first != '\\') {
            return packed(at + 1, first);
        }
        if (first < 0) {
            int length = Utf8.lengthByLead(first);
            return packed(at + length, Utf8.codePoint(bytes, at, length));
        }
        byte escaped = bytes[at + 1];
        if (escaped != 'u') {
            return packed(at + 2, UNESCAPED.charAt(ESCAPED.indexOf(escaped)));
        }
        int unit = hex(bytes, at + 2, bytes.length);
        if (!Character.isSurrogate((char) unit)) {
            return packed(at + 6, unit);
        }
        return packed(at + 12, Character.toCodePoint((char) unit, (char) hex(bytes, at + 8, bytes.length)));
    }

    private static long packed(int indexAfter, int codePoint) {
        return (long) indexAfter << 32 | codePoint;
    }

    static int indexAfter(long character) {
        return (int) (character >>> 32);
    }

    static int codePoint(long character) {
        return (int) character;
    }

    /** The text of the string between the quotes at {@code open} and {@code end - 1}. */
    public static String text(byte[] bytes, int open, int end) {
        int at = open + 1;
        while (bytes[at] != '\\' && at < end - 1) {
            at++;
        }
        if (at == end - 1) {
            return new String(bytes, open + 1, end - open - 2, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(end - open - 2);
        for (at = open + 1; at < end - 1; ) {
            long character = next(bytes, at);
            text.appendCodePoint(codePoint(character));
            at = indexAfter(character);
        }
        return text.toString();
    }

    /** The text of the string that opens at {@code open}. */
    static String textAt(byte[] bytes, int open) {
        int close = open + 1;
        while (bytes[close] != '"') {
            close = indexAfter(next(bytes, close));
        }
        return text(bytes, open, close + 1);
    }

    /** Whether the string that opens at {@code open} has this text, which is ASCII. */
    static boolean is(String ascii, byte[] bytes, int open) {
        int at = open + 1;
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[at] == '"') {
                return false;
            }
            long character = next(bytes, at);
            if (codePoint(character) != ascii.charAt(i)) {
                return false;
            }
            at = indexAfter(character);
        }
        return bytes[at] == '"';
    }

    /** Whether the string that opens at {@code open} has at most so many characters. */
    static boolean isUpTo(int characters, byte[] bytes, int open) {
        int at = open + 1;
        for (int i = 0; i < characters && bytes[at] != '"'; i++) {
            at = indexAfter(next(bytes, at));
        }
        return bytes[at] == '"';
    }

    /** Whether two strings have the same text, however they are spelled. */
    static boolean same(byte[] bytes, int open, int otherOpen) {
        int at = open + 1;
        int other = otherOpen + 1;
        while (bytes[at] != '"' && bytes[other] != '"') {
            long character = next(bytes, at);
            long otherCharacter = next(bytes, other);
            if (codePoint(character) != codePoint(otherCharacter)) {
                return false;
            }
            at = indexAfter(character);
            other = indexAfter(otherCharacter);
        }
        return bytes[at] == bytes[other];
    }
}
