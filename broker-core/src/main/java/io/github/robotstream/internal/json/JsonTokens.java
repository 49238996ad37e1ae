package io.github.robotstream.internal.json;

/** The tokens of one JSON text, read strictly one after the other: what all readers of this room share. For one thread at a time. */
abstract class JsonTokens {
    static final byte[] NOTHING = {};

    byte[] bytes = NOTHING;
    int position;
    int end;

    /** The next byte, or -1 at the end of the text. */
    final int peek() {
        return position < end ? bytes[position] : -1;
    }

    final void skipSpace() {
        while (position < end && isSpace(bytes[position])) {
            position++;
        }
    }

    private static boolean isSpace(byte character) {
        return character <= ' ' && (character == ' ' || character == '\n' || character == '\r' || character == '\t');
    }

    final void string() throws JsonException {
        position = JsonStrings.skip(bytes, position, end);
    }

    final void literal(String word) throws JsonException {
        for (int i = 0; i < word.length(); i++) {
            if (position + i >= end || bytes[position + i] != word.charAt(i)) {
                throw JsonErrors.notAValue(bytes, position, end);
            }
        }
        position += word.length();
    }

    final void number() throws JsonException {
        int digit = peek() == '-' && position + 1 < end ? position + 1 : position;
        if (digit == end || !JsonNumbers.isDigit(bytes[digit])) {
            throw JsonErrors.notAValue(bytes, position, end);
        }
        position = JsonNumbers.skip(bytes, position, end);
    }

    /** Reads a key and what stands between it and its value. Returns the index of the key's opening quote. */
    final int key() throws JsonException {
        int open = position;
        if (peek() != '"') {
            throw JsonErrors.notAKey(bytes, position, end);
        }
        string();
        skipSpace();
        if (peek() != ':') {
            throw JsonErrors.noColon(bytes, position, end);
        }
        position++;
        skipSpace();
        return open;
    }

    /** Reads what stands after a value in an object or array: a comma, then true, or else its end, which stays unread. */
    final boolean comma(char closing) throws JsonException {
        skipSpace();
        int next = peek();
        if (next == ',') {
            position++;
            skipSpace();
            return true;
        }
        if (next != closing) {
            throw JsonErrors.notTheNext(bytes, position, end, closing);
        }
        return false;
    }

    final void nothingMore() throws JsonException {
        skipSpace();
        if (position < end) {
            throw JsonErrors.textAfterTheEnd(bytes, position);
        }
    }
}
