package io.github.robotstream.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes JSON texts of our own, without spaces. The one place that escapes strings. For one thread at a time. */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

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

    /** A string (RFC 8259 section 7). */
    public JsonWriter string(String value) {
        text.append('"');
        int plain = 0; // what is written as it is goes over in one piece
        for (int i = 0; i < value.length(); i++) {
            char next = value.charAt(i);
            if (next < ' ' || next == '"' || next == '\\') {
                text.append(value, plain, i);
                escape(next);
                plain = i + 1;
            }
        }
        text.append(value, plain, value.length()).append('"');
        return this;
    }

    private void escape(char character) {
        if (character < ' ') {
            text.append("\\u00").append(HEX.charAt(character >> 4)).append(HEX.charAt(character & 0xF));
        } else {
            text.append('\\').append(character);
        }
    }

    public JsonWriter number(long value) {
        text.append(value);
        return this;
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

    /** The text in UTF-8; half of a surrogate pair, which UTF-8 cannot say, becomes a question mark. */
    public byte[] toBytes() {
        return text.toString().getBytes(UTF_8);
    }
}
