package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a topic may be called: 1 to 200 bytes of UTF-8 without control characters; wildcards only in filters. */
final class TopicRule {
    static final int MAX_BYTES = 200;

    /** A string in quotes of which each byte is escaped as six: what is longer cannot be a topic, and is not read. */
    static final int MAX_SPELLED_BYTES = 6 * MAX_BYTES + 2;

    static final String TOO_LONG = "the topic is longer than " + MAX_BYTES + " bytes of UTF-8; shorten it";

    private TopicRule() {}

    /** Throws IllegalArgumentException, with a sentence for people, if the text cannot name a topic. */
    static void checkName(String topic) {
        checkFilter(topic);
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "the topic \"" + topic + "\" holds + or #, which stand for many topics; name one");
        }
    }

    /** Throws IllegalArgumentException, with a sentence for people, if the text is no topic filter. */
    static void checkFilter(String topic) {
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("the topic is empty; name one");
        }
        if (topic.length() > MAX_BYTES || topic.getBytes(UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException(TOO_LONG);
        }
        if (topic.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the topic holds a control character; leave it out");
        }
    }
}
