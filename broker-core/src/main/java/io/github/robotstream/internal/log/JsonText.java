package io.github.robotstream.internal.log;

/** Builds a JSON text (RFC 8259); strings are escaped as its section 7 says, and all other control characters too. */
final class JsonText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder(256);

    /** Adds text as it is. */
    JsonText raw(String text) {
        out.append(text);
        return this;
    }

    /** Adds a string of at most {@code max} characters; a longer one is cut between characters and ends in an ellipsis. */
    JsonText string(String text, int max) {
        int end = text.length();
        if (end > max) {
            end = max - 1;
            if (Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end))) {
                end--;
            }
        }
        out.append('"');
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                character(c);
            }
        }
        if (end < text.length()) {
            out.append('…');
        }
        out.append('"');
        return this;
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (Character.isSurrogate(c)) {
                    out.append(REPLACEMENT);
                } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                    escape(c);
                } else {
                    out.append(c);
                }
            }
        }
    }

    private void escape(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xF));
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
