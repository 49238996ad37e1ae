package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.topic.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * Finds the topics that a filter matches, one look at a time in the order of their names, between which topics may come and go.
 * It passes over what cannot match: {@code arm/+/angle} looks at nothing outside {@code arm}. Broker thread.
 */
final class TopicScan {
    private final @Nullable TopicFilter filter;
    private final boolean namesReserved;
    private String from = "";
    private boolean excluding;
    private boolean ended;

    TopicScan(TopicFilter filter) {
        this(filter, "");
    }

    /** Begins after that name; without a filter all topics match, those of the broker's own as well. */
    TopicScan(@Nullable TopicFilter filter, String after) {
        this.filter = filter;
        String text = filter == null ? "" : filter.toString();
        this.namesReserved = !text.startsWith("#") && !text.startsWith("+");
        if (!after.isEmpty()) {
            this.from = after;
            this.excluding = true;
            this.ended = filter != null && filter.isExact() && TopicOrder.INSTANCE.compare(text, after) <= 0;
        }
    }

    /** One that finds nothing. */
    static TopicScan ofNothing(TopicFilter filter) {
        TopicScan scan = new TopicScan(filter);
        scan.ended = true;
        return scan;
    }

    /** Looks at one topic, and gives it if it matches. */
    @Nullable
    TopicState look(TopicTable topics) {
        if (filter != null && filter.isExact()) {
            ended = true;
            return topics.find(filter.toString());
        }
        TopicState topic = topics.next(from, excluding);
        String next = topic == null ? null : nextPlace(topic.name());
        if (topic == null || next == null) {
            ended = true;
            return null;
        }
        from = next;
        excluding = next.equals(topic.name());
        return excluding ? topic : null;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether a topic that matches was not looked at so far. */
    boolean isToCome(String topic) {
        int order = ended ? -1 : TopicOrder.INSTANCE.compare(topic, from);
        return excluding ? order > 0 : order >= 0;
    }

    /** The topic itself if it matches; else the first place after it where one that does may be, or null if there is none. */
    private @Nullable String nextPlace(String topic) {
        if (filter == null) {
            return topic;
        }
        if (!namesReserved && TopicName.isReserved(topic)) {
            return topic + "/"; // server_logs alone is reserved, and not what is below it
        }
        String wanted = filter.toString();
        int at = 0;
        int level = 0;
        while (!wanted.startsWith("#", level)) {
            int levelEnd = TopicOrder.endOfLevel(wanted, level);
            int end = TopicOrder.endOfLevel(topic, at);
            int order = wanted.startsWith("+", level) ? 0 : TopicOrder.compare(wanted, level, levelEnd, topic, at, end);
            if (order > 0) {
                return topic.substring(0, at) + wanted.substring(level, levelEnd);
            }
            if (order < 0) {
                return at == 0 ? null : TopicOrder.behindAllBelow(topic.substring(0, at - 1));
            }
            if (levelEnd == wanted.length()) {
                return end == topic.length() ? topic : TopicOrder.behindAllBelow(topic.substring(0, end));
            }
            level = levelEnd + 1;
            at = end + 1;
            if (at > topic.length()) {
                return wanted.startsWith("#", level) ? topic : topic + "/" + literal(wanted, level);
            }
        }
        return topic;
    }

    private static String literal(String wanted, int level) {
        return wanted.startsWith("+", level) ? "" : wanted.substring(level, TopicOrder.endOfLevel(wanted, level));
    }
}
