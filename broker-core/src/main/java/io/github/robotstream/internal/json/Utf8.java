package io.github.robotstream.internal.json;

/** UTF-8 of RFC 3629 (section 4): shortest form, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private static final int[] SMALLEST_BY_LENGTH = {0, 0, 0x80, 0x800, 0x10000};

    private Utf8() {}

    /** How many bytes the character takes whose first byte, 0x80 or more, is at {@code at}; 0 if that is not UTF-8. */
    static int length(byte[] bytes, int at, int end) {
        int length = lengthByLead(bytes[at]);
        if (length == 0 || length > end - at) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int codePoint = codePoint(bytes, at, length);
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return codePoint < SMALLEST_BY_LENGTH[length] || codePoint > Character.MAX_CODE_POINT || surrogate ? 0 : length;
    }

    /** The character of {@code length} bytes at {@code at}, as {@link #length} told. */
    static int codePoint(byte[] bytes, int at, int length) {
        int codePoint = bytes[at] & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            codePoint = codePoint << 6 | (bytes[at + i] & 0x3F);
        }
        return codePoint;
    }

    /** What the first byte, 0x80 or more, says about the length; 0 if no character begins with it. */
    static int lengthByLead(byte lead) {
        int ones = Integer.numberOfLeadingZeros(~(lead << 24));
        return ones >= 2 && ones <= 4 ? ones : 0;
    }
}
