package io.github.robotstream.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Goes through one JSON text value by value, for readers that know what they expect. As strict as {@link JsonScan}, except
 * that keys which stand twice are left to the reader. {@link #kind} comes before each read of a value. For one thread.
 */
public final class JsonCursor extends JsonTokens {
    private int depth;
    private int keyOpen;
    /** Where the value begins that {@link #kind} told the kind of. */
    private int start;

    /** Stands before the value of a text in UTF-8. */
    public JsonCursor(byte[] text) {
        bytes = text;
        end = text.length;
    }

    /** The kind of the value that comes next, by its first byte. */
    public JsonKind kind() throws JsonException {
        skipSpace();
        if (position == end) {
            throw JsonErrors.notAValue(bytes, position, end);
        }
        start = position;
        return JsonKind.startingWith(bytes[position]);
    }

    /** Goes into the object that comes next, up to the value of its first member. Returns whether there is one. */
    public boolean enterObject() throws JsonException {
        return enter('}') && readKey();
    }

    /** Goes on in an object, after the value of a member, to that of the next. Returns whether there is one. */
    public boolean nextMember() throws JsonException {
        return next('}') && readKey();
    }

    /** Goes into the array that comes next. Returns whether it has an element. */
    public boolean enterArray() throws JsonException {
        return enter(']');
    }

    /** Goes on in an array, after an element. Returns whether there is another. */
    public boolean nextElement() throws JsonException {
        return next(']');
    }

    private boolean enter(char closing) throws JsonException {
        if (depth == JsonScan.MAX_DEPTH) {
            throw JsonErrors.tooDeep(position, JsonScan.MAX_DEPTH);
        }
        depth++;
        position++;
        skipSpace();
        return peek() != closing || leave();
    }

    private boolean next(char closing) throws JsonException {
        return comma(closing) || leave();
    }

    private boolean leave() {
        depth--;
        position++;
        return false;
    }

    private boolean readKey() throws JsonException {
        keyOpen = key();
        return true;
    }

    /** Whether the member's key is spelled like this, quotes included. */
    public boolean isKeySpelled(byte[] quoted) {
        int keyEnd = keyOpen + quoted.length;
        return keyEnd <= end && Arrays.equals(bytes, keyOpen, keyEnd, quoted, 0, quoted.length);
    }

    public String memberKey() {
        return JsonStrings.textAt(bytes, keyOpen);
    }

    public String readText() throws JsonException {
        int open = position;
        string();
        return JsonStrings.text(bytes, open, position);
    }

    /** Passes over the number that comes next; then {@link #shortInteger}, {@link #isShortDecimal} and {@link #numberText} tell of it. */
    public void skipNumber() throws JsonException {
        number();
    }

    /** The number that was passed last if it is written as an integer, from -(2^53-1) to 2^53-1. */
    public OptionalLong shortInteger() {
        return JsonNumbers.integer(bytes, start, position);
    }

    /** Whether the number that was passed last has no exponent and at most so many characters. */
    public boolean isShortDecimal(int most) {
        int at = start;
        while (at < position && bytes[at] < 'E') {
            at++;
        }
        return at == position && position - start <= most;
    }

    /** The number that was passed last, as it is written. */
    public String numberText() {
        return new String(bytes, start, position - start, StandardCharsets.US_ASCII);
    }

    /** Reads the value that comes next, as it is written. */
    public String readJson() throws JsonException {
        kind();
        int begin = position;
        skip();
        return new String(bytes, begin, position - begin, StandardCharsets.UTF_8);
    }

    public void skip() throws JsonException {
        switch (kind()) {
            case OBJECT -> {
                for (boolean more = enterObject(); more; more = nextMember()) {
                    skip();
                }
            }
            case ARRAY -> {
                for (boolean more = enterArray(); more; more = nextElement()) {
                    skip();
                }
            }
            case STRING -> string();
            case NUMBER -> number();
            case BOOLEAN -> literal(peek() == 't' ? "true" : "false");
            case NULL -> literal("null");
        }
    }

    /** Makes sure that nothing comes after the outermost value. */
    public void finish() throws JsonException {
        nothingMore();
    }
}
