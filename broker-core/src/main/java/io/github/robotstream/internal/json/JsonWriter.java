package io.github.robotstream.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/** Writes JSON texts of our own, without spaces. The one place that escapes strings. For one thread at a time. */
public final class JsonWriter {
    private static final HexFormat HEX = HexFormat.of();
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder text = new StringBuilder();

    public JsonWriter beginObject() {
        text.append('{');
        return this;
    }

    public JsonWriter endObject() {
        text.append('}');
        return this;
    }

    /** Begins a member; its value is what is written next. */
    public JsonWriter key(String key) {
        if (text.charAt(text.length() - 1) != '{') {
            text.append(',');
        }
        string(key);
        text.append(':');
        return this;
    }

    /**
     * A string (RFC 8259 section 7), with all control characters and separators of lines escaped. Half of a surrogate pair
     * becomes U+FFFD.
     */
    public JsonWriter string(String value) {
        return string(value, value.length());
    }

    /** A string of at most {@code max} characters; a longer one is cut between characters and ends in an ellipsis. */
    public JsonWriter string(String value, int max) {
        int end = value.length() <= max ? value.length() : cut(value, max - 1);
        text.append('"');
        int plain = 0; // what is written as it is goes over in one piece
        for (int i = 0; i < end; i++) {
            char next = value.charAt(i);
            if (isPlain(next)) {
                continue;
            }
            if (i + 1 < end && Character.isSurrogatePair(next, value.charAt(i + 1))) {
                i++;
                continue;
            }
            text.append(value, plain, i);
            escape(next);
            plain = i + 1;
        }
        text.append(value, plain, end).append(end < value.length() ? "…\"" : "\"");
        return this;
    }

    private static int cut(String value, int at) {
        return Character.isSurrogatePair(value.charAt(at - 1), value.charAt(at)) ? at - 1 : at;
    }

    private static boolean isPlain(char character) {
        return character < 0x7F
                ? character >= ' ' && character != '"' && character != '\\'
                : character > 0x9F
                        && character != '\u2028'
                        && character != '\u2029'
                        && !Character.isSurrogate(character);
    }

    private void escape(char character) {
        switch (character) {
            case '"', '\\' -> text.append('\\').append(character);
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (Character.isSurrogate(character)) {
                    text.append(REPLACEMENT);
                } else {
                    text.append("\\u").append(HEX.toHexDigits(character));
                }
            }
        }
    }

    public JsonWriter number(long value) {
        text.append(value);
        return this;
    }

    /** A finite number; without a fraction where it has none. */
    public JsonWriter number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? number((long) value) : raw(Double.toString(value));
    }

    public JsonWriter bool(boolean value) {
        text.append(value);
        return this;
    }

    /** A value that is JSON already. */
    public JsonWriter raw(String json) {
        text.append(json);
        return this;
    }

    /** How many characters are written. */
    public int length() {
        return text.length();
    }

    public byte[] toBytes() {
        return text.toString().getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
