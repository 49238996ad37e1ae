package io.github.robotstream.internal.routing;

/** Who brought a topic into being by publishing on it; the subject is empty for others than clients. Immutable. */
public record TopicMaker(Kind kind, String subject) {
    /** Robot code that published on a topic without declaring it. */
    public static final TopicMaker ROBOT = new TopicMaker(Kind.ROBOT, "");
    /** A run of the broker before this one, of which the store knows. */
    static final TopicMaker STORE = new TopicMaker(Kind.STORE, "");

    /** Robot code has places of its own; clients, and what was stored, share others. */
    enum Kind {
        ROBOT,
        STORE,
        CLIENT
    }

    /** A client of that subject. */
    public static TopicMaker client(String subject) {
        return new TopicMaker(Kind.CLIENT, subject);
    }
}
