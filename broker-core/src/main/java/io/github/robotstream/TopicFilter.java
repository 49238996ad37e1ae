package io.github.robotstream;

import io.github.robotstream.internal.topic.TopicName;
import java.util.Objects;

/**
 * A set of topics, written as a topic name or with the wildcards of MQTT 5 (section 4.7): {@code +} stands for one
 * level, {@code #} at the end for any number of levels including none. {@code joints/#} matches {@code joints},
 * {@code joints/left} and {@code joints/left/angle}.
 *
 * <p>A wildcard in the first level matches neither topics that begin with {@code $} nor {@code server_logs}: those
 * belong to the broker and have to be named. Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * TopicFilter joints = TopicFilter.of("joints/+/angle");
 * joints.matches("joints/knee/angle");               // true
 * TopicFilter.of("joints/#").covers(joints);         // true
 * }</pre>
 */
public final class TopicFilter {
    // The text alone: a broker holds many filters of clients, and levels cut out of it would take six times its memory.
    private final String text;
    private final boolean exact;

    private TopicFilter(String text) {
        this.text = text;
        this.exact = text.indexOf('+') < 0 && text.indexOf('#') < 0;
    }

    /**
     * Reads a filter.
     *
     * @param text 1 to 200 bytes of UTF-8 without control characters, at most 32 levels, none of them {@code *}, {@code **} or {@code .*}
     * @return the filter
     * @throws IllegalArgumentException if {@code text} is no filter; the message says what is wrong with it
     */
    public static TopicFilter of(String text) {
        Objects.requireNonNull(text, "text");
        TopicName.checkCharacters(text, "topic filter");
        String[] levels = text.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            if (level.length() > 1 && (level.indexOf('+') >= 0 || level.indexOf('#') >= 0)) {
                throw new IllegalArgumentException("topic filter \"" + text
                        + "\": + and # stand alone in their level, as in joints/+/angle or joints/#");
            }
            if (level.equals("#") && i != levels.length - 1) {
                throw new IllegalArgumentException("topic filter \"" + text + "\": # can only be the last level");
            }
        }
        return new TopicFilter(text);
    }

    /** {@return whether this filter has no wildcard and so names one topic} */
    public boolean isExact() {
        return exact;
    }

    /**
     * Tells whether a topic is in this set.
     *
     * @param topic a topic name
     * @return whether the filter matches it
     */
    public boolean matches(String topic) {
        Objects.requireNonNull(topic, "topic");
        if (exact) {
            return text.equals(topic);
        }
        return !(wildFirst() && TopicName.isReserved(topic)) && coversLevelsOf(topic);
    }

    /**
     * Tells whether every topic that the other filter matches is matched by this one too.
     *
     * @param other the filter to look at
     * @return whether this one is as wide or wider
     */
    public boolean covers(TopicFilter other) {
        Objects.requireNonNull(other, "other");
        if (wildFirst() && other.hasReserved()) {
            return false;
        }
        // A name has at least one level, so # alone is as narrow as +/#.
        return coversLevelsOf(other.text.equals("#") ? "+/#" : other.text);
    }

    /** Tells whether this filter matches a reserved topic: {@code server_logs/#} does, like {@code $x/#}. */
    private boolean hasReserved() {
        return text.startsWith("$") || matches("server_logs");
    }

    private boolean wildFirst() {
        return text.startsWith("#") || text.equals("+") || text.startsWith("+/");
    }

    /** Compares level by level, in place; of another filter each wildcard is a level that has to be covered. */
    private boolean coversLevelsOf(String other) {
        int mine = 0;
        int theirs = 0;
        while (mine <= text.length()) {
            if (text.startsWith("#", mine)) {
                return true;
            }
            if (theirs > other.length()) {
                return false;
            }
            int myEnd = endOfLevel(text, mine);
            int theirEnd = endOfLevel(other, theirs);
            boolean covered = text.startsWith("+", mine)
                    ? !other.startsWith("#", theirs)
                    : myEnd - mine == theirEnd - theirs && text.regionMatches(mine, other, theirs, myEnd - mine);
            if (!covered) {
                return false;
            }
            mine = myEnd + 1;
            theirs = theirEnd + 1;
        }
        return theirs > other.length();
    }

    private static int endOfLevel(String of, int from) {
        int slash = of.indexOf('/', from);
        return slash < 0 ? of.length() : slash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicFilter filter && filter.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the filter as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
