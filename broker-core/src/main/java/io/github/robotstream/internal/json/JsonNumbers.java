package io.github.robotstream.internal.json;

import java.util.OptionalLong;

/** Numbers of RFC 8259 section 6, on the bytes. */
final class JsonNumbers {
    /** 2^53-1: up to here every integer survives a double, and so every client (RFC 7493 section 2.2). */
    static final long MAX_EXACT = (1L << 53) - 1;

    private static final int MAX_EXACT_DIGITS = 16;

    private JsonNumbers() {}

    /** The index after the number that begins at {@code at} with a digit or a minus sign. */
    static int skip(byte[] bytes, int at, int end) throws JsonException {
        int digits = bytes[at] == '-' ? at + 1 : at;
        int next = skipDigits(bytes, digits, end);
        if (bytes[digits] == '0' && next > digits + 1) {
            throw JsonErrors.leadingZero(at);
        }
        if (next < end && bytes[next] == '.') {
            next = skipDigits(bytes, next + 1, end);
        }
        if (next < end && (bytes[next] == 'e' || bytes[next] == 'E')) {
            boolean signed = next + 1 < end && (bytes[next + 1] == '+' || bytes[next + 1] == '-');
            next = skipDigits(bytes, signed ? next + 2 : next + 1, end);
        }
        return next;
    }

    private static int skipDigits(byte[] bytes, int at, int end) throws JsonException {
        int next = at;
        while (next < end && isDigit(bytes[next])) {
            next++;
        }
        if (next == at) {
            throw JsonErrors.digitMissing(bytes, at, end);
        }
        return next;
    }

    static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** The number of that slice if it is written as an integer without exponent, from -(2^53-1) to 2^53-1. */
    static OptionalLong integer(byte[] bytes, int start, int end) {
        boolean negative = bytes[start] == '-';
        int digits = negative ? start + 1 : start;
        if (end - digits > MAX_EXACT_DIGITS) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int at = digits; at < end; at++) {
            if (!isDigit(bytes[at])) {
                return OptionalLong.empty();
            }
            value = value * 10 + (bytes[at] - '0');
        }
        return value > MAX_EXACT ? OptionalLong.empty() : OptionalLong.of(negative ? -value : value);
    }
}
