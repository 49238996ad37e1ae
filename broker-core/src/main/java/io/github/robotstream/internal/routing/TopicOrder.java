package io.github.robotstream.internal.routing;

import java.util.Comparator;

/** Orders topics by their levels, each right before those below it: by characters, with the slash as the least of all. */
final class TopicOrder implements Comparator<String> {
    static final TopicOrder INSTANCE = new TopicOrder();
    /** Behind a name: what comes after all topics below it. No name has a control character in it. */
    private static final char BEHIND_ALL_BELOW = '\0';

    private TopicOrder() {}

    @Override
    public int compare(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int i = 0; i < common; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                return a == '/' ? -1 : b == '/' ? 1 : a - b;
            }
        }
        return one.length() - other.length();
    }

    /** Compares two levels, each from a place to another in its text. */
    static int compare(String one, int oneFrom, int oneEnd, String other, int otherFrom, int otherEnd) {
        int common = Math.min(oneEnd - oneFrom, otherEnd - otherFrom);
        for (int i = 0; i < common; i++) {
            int order = one.charAt(oneFrom + i) - other.charAt(otherFrom + i);
            if (order != 0) {
                return order;
            }
        }
        return (oneEnd - oneFrom) - (otherEnd - otherFrom);
    }

    static int endOfLevel(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    /** The first place after a topic and all below it. */
    static String behindAllBelow(String topic) {
        return topic + BEHIND_ALL_BELOW;
    }
}
