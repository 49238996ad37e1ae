package io.github.robotstream.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Words what is wrong with a text. Shows one character, a bare word or a key, never a string value: that may be a token. */
public final class JsonErrors {
    private static final int MAX_EXCERPT = 32;
    private static final int MAX_BARE_WORD = 12;
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-NaN", "-Infinity");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private JsonErrors() {}

    static JsonException notAValue(byte[] bytes, int at, int end) {
        if (at >= end) {
            return new JsonException(at, "the text ends where a value should stand; send the whole value");
        }
        String word = bareWord(bytes, at, end);
        if (NOT_FINITE.contains(word)) {
            return new JsonException(
                    at, word + " is not JSON; Python's json.dumps writes it by default; use allow_nan=False or null");
        }
        if (!word.isEmpty()) {
            return new JsonException(
                    at, word + " is not JSON; write true, false or null, and put strings in double quotes");
        }
        if (startsWithByteOrderMark(bytes, at, end)) {
            return new JsonException(at, "a byte order mark is not JSON; send the text without it");
        }
        return new JsonException(at, "expected a value but found " + found(bytes, at) + adviceFor(bytes[at]));
    }

    private static String adviceFor(byte found) {
        return switch (found) {
            case '\'' -> "; strings stand in double quotes";
            case '/' -> "; JSON has no comments";
            case '}', ']', ',' -> "; remove the comma too many or add the value";
            case '+', '-', '.' -> "; a number begins with a digit or a minus sign";
            default -> "; send JSON (RFC 8259)";
        };
    }

    static JsonException notAKey(byte[] bytes, int at, int end) {
        boolean commaTooMany = at < end && (bytes[at] == '}' || bytes[at] == ',');
        return new JsonException(
                at,
                "expected a key but " + foundOrEnd(bytes, at, end)
                        + (commaTooMany ? "; remove the comma too many" : "; keys stand in double quotes"));
    }

    static JsonException noColon(byte[] bytes, int at, int end) {
        return new JsonException(at, "expected ':' after a key but " + foundOrEnd(bytes, at, end) + "; add it");
    }

    static JsonException notTheNext(byte[] bytes, int at, int end, char closing) {
        return new JsonException(
                at,
                "expected ',' or '" + closing + "' after a value but " + foundOrEnd(bytes, at, end)
                        + "; send the whole text, without comments");
    }

    static JsonException textAfterTheEnd(byte[] bytes, int at) {
        return new JsonException(
                at, "found " + found(bytes, at) + " after the end of the value; send one value and nothing after it");
    }

    static JsonException tooDeep(int at, int maxDepth) {
        return new JsonException(at, "nested deeper than " + maxDepth + " levels; flatten the data");
    }

    static JsonException duplicateKey(byte[] bytes, int open, int close) {
        String key = excerpt(JsonStrings.text(bytes, open, close));
        return new JsonException(open, "the key \"" + key + "\" stands twice in one object; keep one of them");
    }

    static JsonException controlCharacter(int at, byte character) {
        return new JsonException(
                at, "bare control character in a string; write it as \\u%04x".formatted((int) character));
    }

    static JsonException openString(int open) {
        return new JsonException(open, "this string does not end; close it with a double quote");
    }

    static JsonException notUtf8(int at) {
        return new JsonException(at, "not UTF-8; encode the text as UTF-8 (RFC 3629)");
    }

    static JsonException unknownEscape(int at) {
        return new JsonException(
                at, "unknown escape; a backslash takes one of \" \\ / b f n r t, or u and four hexadecimal digits");
    }

    static JsonException loneSurrogate(int at) {
        return new JsonException(
                at, "escaped surrogate without its partner, which UTF-8 cannot say; cut texts between characters");
    }

    static JsonException leadingZero(int at) {
        return new JsonException(at, "a number has no zeros in front; remove them");
    }

    static JsonException digitMissing(byte[] bytes, int at, int end) {
        return new JsonException(
                at, "expected a digit but " + foundOrEnd(bytes, at, end) + "; write numbers like -0.5e3");
    }

    /** At most {@value #MAX_EXCERPT} characters of a client's text, safe to show: no control characters. */
    public static String excerpt(String text) {
        return excerpt(text, MAX_EXCERPT);
    }

    /** The same with as many characters of a text as said. */
    public static String excerpt(String text, int most) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(most).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.length() < text.length() ? shown + "…" : shown.toString();
    }

    private static String bareWord(byte[] bytes, int at, int end) {
        int next = bytes[at] == '-' ? at + 1 : at;
        int letters = next;
        while (next < end && next - letters < MAX_BARE_WORD && Character.isLetter(bytes[next])) {
            next++;
        }
        return next == letters ? "" : new String(bytes, at, next - at, StandardCharsets.US_ASCII);
    }

    private static boolean startsWithByteOrderMark(byte[] bytes, int at, int end) {
        return end - at >= 3 && new String(bytes, at, 3, StandardCharsets.UTF_8).equals(BYTE_ORDER_MARK);
    }

    private static String foundOrEnd(byte[] bytes, int at, int end) {
        return at < end ? "found " + found(bytes, at) : "the text ends";
    }

    private static String found(byte[] bytes, int at) {
        byte found = bytes[at];
        return found > ' ' && found < 0x7F ? "'" + (char) found + "'" : "byte 0x%02x".formatted(found & 0xFF);
    }
}
