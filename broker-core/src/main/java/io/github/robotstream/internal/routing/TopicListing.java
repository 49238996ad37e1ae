package io.github.robotstream.internal.routing;

/** Goes through the topics that are known, in the order of their names and in bounded steps. Broker thread. */
public final class TopicListing {
    private final TopicTable topics;
    private final TopicScan scan;
    private boolean full;

    /** What reads them. */
    public interface Reader {
        /** Takes a topic; false if it has no room for it, and wants no more. */
        boolean take(TopicState topic);
    }

    TopicListing(TopicTable topics, TopicScan scan) {
        this.topics = topics;
        this.scan = scan;
    }

    /**
     * Reads some topics, as far as the work allows; returns whether the reader has all, or wants no more.
     *
     * @param looks what each of them costs
     */
    public boolean goOn(Work work, int looks, Reader reader) {
        while (!full && !scan.hasEnded()) {
            if (!work.take(looks)) {
                return false;
            }
            TopicState topic = scan.look(topics);
            full = topic != null && topic.isKnown() && !reader.take(topic);
        }
        return true;
    }

    /** Whether the reader has had room for all. */
    public boolean isComplete() {
        return !full;
    }
}
