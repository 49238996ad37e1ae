package io.github.robotstream.internal.routing;

/** How much is read from a topic store at once. */
final class StoredReads {
    private StoredReads() {}

    /** How many messages of a topic to ask for, of so many that are wanted. */
    static int messages(TopicState topic, int wanted) {
        RoutedMessage latest = topic.latest();
        int size = latest == null ? 1 : latest.envelope().size();
        return Math.max(1, Math.min(wanted, StoredPage.BYTES / size));
    }
}
