package io.github.robotstream.internal.topic;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What may name a topic, see docs/protocol.md, and which names are the broker's own. */
public final class TopicName {
    /** The longest filter or topic name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 200;

    private static final int MAX_LEVELS = 32;

    private TopicName() {}

    /**
     * Checks that a text can name one topic: 1 to 200 bytes of UTF-8, at most 32 levels, no control characters, no
     * {@code +} and no {@code #}, and no level {@code *}, {@code **} or {@code .*}.
     *
     * @return {@code name}
     * @throws IllegalArgumentException if it cannot; the message says why
     */
    public static String check(String name) {
        Objects.requireNonNull(name, "name");
        checkCharacters(name, "topic name");
        if (name.indexOf('+') >= 0 || name.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "topic name \"" + name + "\": + and # are wildcards of filters and cannot be in a name");
        }
        return name;
    }

    /**
     * Checks what holds for names and filters.
     *
     * @param what the word for the text, in the message
     * @throws IllegalArgumentException if it does not; the message says why
     */
    public static void checkCharacters(String text, String what) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty: it needs 1 to " + MAX_BYTES + " bytes of UTF-8");
        }
        boolean ascii = isAscii(text); // as most are: each publish of a client comes here
        if (text.length() > MAX_BYTES || (!ascii && text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES)) {
            throw new IllegalArgumentException(
                    what + " is longer than " + MAX_BYTES + " bytes of UTF-8 (" + text.length() + " characters)");
        }
        int levels = 1;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException(
                        what + " has a control character at position " + i + ": leave it out");
            }
            if (text.charAt(i) == '/') {
                levels++;
            }
        }
        if (levels > MAX_LEVELS) {
            throw new IllegalArgumentException(what + " \"" + text + "\" has " + levels + " levels, and " + MAX_LEVELS
                    + " are the most: use fewer slashes");
        }
        if (text.indexOf('*') >= 0) {
            checkGlobs(text, what);
        }
        if (!ascii && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(what + " has half of a surrogate pair: it cannot be written as UTF-8");
        }
    }

    /** Refuses the wildcards of other systems, which would be taken for the name of a topic that there is not. */
    private static void checkGlobs(String text, String what) {
        String[] levels = text.split("/", -1);
        boolean hasGlob = false;
        for (int i = 0; i < levels.length; i++) {
            boolean isGlob = List.of("*", "**", ".*").contains(levels[i]);
            boolean isRest = i == levels.length - 1 && !levels[i].equals("*");
            levels[i] = isGlob ? isRest ? "#" : "+" : levels[i];
            hasGlob |= isGlob;
        }
        if (hasGlob) {
            throw new IllegalArgumentException(what + " \"" + text + "\": * is no wildcard. The filter is spelled \""
                    + String.join("/", levels) + "\": + stands for one level, # in the last place for all below");
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Whether a name belongs to the broker, so that nobody else may publish there: {@code server_logs} and all that begin with {@code $}. */
    public static boolean isReserved(String topic) {
        Objects.requireNonNull(topic, "topic");
        return topic.startsWith("$") || topic.equals("server_logs");
    }
}
