package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonStrings;

/**
 * Where the members of a data object stand, counted from its opening brace, which is at {@code shift}. Strings are with their
 * quotes.
 */
record PayloadOffsets(int nameStart, int nameEnd, int typeStart, int typeEnd, int valueStart, int valueEnd) {
    String name(byte[] bytes, int shift) {
        return JsonStrings.text(bytes, shift + nameStart, shift + nameEnd);
    }

    String type(byte[] bytes, int shift) {
        return JsonStrings.text(bytes, shift + typeStart, shift + typeEnd);
    }

    String value(byte[] bytes, int shift) {
        return new String(bytes, shift + valueStart, valueLength(), UTF_8);
    }

    int typeLength() {
        return typeEnd - typeStart;
    }

    int valueLength() {
        return valueEnd - valueStart;
    }
}
