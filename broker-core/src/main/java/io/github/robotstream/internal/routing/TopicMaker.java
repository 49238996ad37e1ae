package io.github.robotstream.internal.routing;

/** Who brought a topic into being by publishing on it, and whose place it takes; only clients have a subject. Immutable. */
public record TopicMaker(boolean isRobot, String subject) {
    /** Robot code that published on a topic without declaring it. */
    public static final TopicMaker ROBOT = new TopicMaker(true, "");
    /** A run of the broker before this one, of which the store knows; shares its places with clients. */
    static final TopicMaker STORE = new TopicMaker(false, "");

    public static TopicMaker client(String subject) {
        return new TopicMaker(false, subject);
    }

    boolean isClient() {
        return !subject.isEmpty();
    }
}
