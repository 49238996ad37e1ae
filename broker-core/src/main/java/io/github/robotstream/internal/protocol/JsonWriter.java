package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes JSON texts of our own, without spaces. The one place that escapes strings. For one thread at a time. */
final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder();

    JsonWriter beginObject() {
        text.append('{');
        return this;
    }

    JsonWriter endObject() {
        text.append('}');
        return this;
    }

    /** Begins a member; its value is what is written next. */
    JsonWriter key(String key) {
        if (text.charAt(text.length() - 1) != '{') {
            text.append(',');
        }
        string(key);
        text.append(':');
        return this;
    }

    /** A string (RFC 8259 section 7). */
    JsonWriter string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char next = value.charAt(i);
            if (next < ' ') {
                text.append("\\u00").append(HEX.charAt(next >> 4)).append(HEX.charAt(next & 0xF));
            } else {
                if (next == '"' || next == '\\') {
                    text.append('\\');
                }
                text.append(next);
            }
        }
        text.append('"');
        return this;
    }

    JsonWriter number(long value) {
        text.append(value);
        return this;
    }

    JsonWriter bool(boolean value) {
        text.append(value);
        return this;
    }

    /** A value that is JSON already. */
    JsonWriter raw(String json) {
        text.append(json);
        return this;
    }

    /** The text in UTF-8; half of a surrogate pair, which UTF-8 cannot say, becomes a question mark. */
    byte[] toBytes() {
        return text.toString().getBytes(UTF_8);
    }
}
