package io.github.robotstream.internal.json;

import java.util.Random;

/** Writes texts that are JSON, in all its spellings, and spoils them. The same seed gives the same texts. */
final class RandomJson {
    private static final String[] SCALARS = {
        "0",
        "-0",
        "1",
        "-12",
        "3.25",
        "-0.5e-3",
        "1E+2",
        "9007199254740991",
        "9007199254740992",
        "12345678901234567890",
        "true",
        "false",
        "null",
        "1e400",
        "\"\"",
    };
    private static final String[] PIECES = {
        "a",
        "b",
        "topic",
        "plain text of some length",
        "é",
        "\u2028",
        "🤖",
        " ",
        "/",
        "\u007f",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0061",
        "\\u00E9",
        "\\u0000",
        "\\ud83e\\udd16",
        "\\uD83E\\uDD16",
    };
    private static final String[] SPOILERS = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\\",
        "/",
        "'",
        " ",
        "\n",
        "\t",
        "\0",
        "\u001f",
        "0",
        "1",
        "9",
        "e",
        "E",
        "+",
        "-",
        ".",
        "t",
        "f",
        "n",
        "u",
        "a",
        "NaN",
        "true",
        "null",
        "\\u",
        "\\ud800",
        "\\udc00",
        "d83e",
        "\ufeff",
        "\u00a0",
        "é",
        "//",
        "\"a\":1,",
        "{\"a\":",
        "[[",
        ",,",
        "#",
    };
    private static final String[] SPACES = {"", "", "", "", " ", "\n", "\r\n\t"};

    private final Random random;

    RandomJson(long seed) {
        random = new Random(seed);
    }

    byte[] object() {
        StringBuilder text = new StringBuilder();
        object(text.append(space()), 1 + random.nextInt(4));
        return Texts.utf8(text.append(space()).toString());
    }

    /** One to three changes, by character or by byte. */
    byte[] spoiled(byte[] text) {
        byte[] spoiled = text;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(spoiled.length + 1);
            int removed = Math.min(random.nextInt(3), spoiled.length - at);
            byte[] put = random.nextInt(8) == 0 ? new byte[] {(byte) random.nextInt(256)} : Texts.utf8(pick(SPOILERS));
            spoiled = replaced(spoiled, at, removed, random.nextInt(4) == 0 ? new byte[0] : put);
        }
        return spoiled;
    }

    private static byte[] replaced(byte[] text, int at, int removed, byte[] put) {
        byte[] result = new byte[text.length - removed + put.length];
        System.arraycopy(text, 0, result, 0, at);
        System.arraycopy(put, 0, result, at, put.length);
        System.arraycopy(text, at + removed, result, at + put.length, text.length - at - removed);
        return result;
    }

    private void value(StringBuilder text, int depth) {
        switch (depth == 0 ? 2 + random.nextInt(2) : random.nextInt(4)) {
            case 0 -> object(text, depth);
            case 1 -> array(text, depth);
            case 2 -> string(text);
            default -> text.append(pick(SCALARS));
        }
    }

    private void object(StringBuilder text, int depth) {
        text.append('{').append(space());
        for (int i = random.nextInt(5); i > 0; i--) {
            string(text);
            text.append(space()).append(':').append(space());
            value(text, depth - 1);
            text.append(space()).append(i > 1 ? "," : "").append(space());
        }
        text.append('}');
    }

    private void array(StringBuilder text, int depth) {
        text.append('[').append(space());
        for (int i = random.nextInt(4); i > 0; i--) {
            value(text, depth - 1);
            text.append(space()).append(i > 1 ? "," : "").append(space());
        }
        text.append(']');
    }

    private void string(StringBuilder text) {
        text.append('"');
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(pick(PIECES));
        }
        text.append('"');
    }

    private String space() {
        return pick(SPACES);
    }

    private String pick(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
