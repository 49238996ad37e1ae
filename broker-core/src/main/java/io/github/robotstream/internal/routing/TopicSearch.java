package io.github.robotstream.internal.routing;

/** Whether a filter names a topic that robot code declared or somebody has published to, found out in bounded steps. Broker thread. */
public final class TopicSearch {
    private final TopicTable topics;
    private final TopicScan scan;
    private boolean found;

    TopicSearch(TopicTable topics, TopicScan scan) {
        this.topics = topics;
        this.scan = scan;
    }

    /** Looks at some topics, as far as the work allows; returns whether the answer is there. */
    public boolean goOn(Work work) {
        while (!found && !scan.hasEnded()) {
            if (!work.take(1)) {
                return false;
            }
            TopicState topic = scan.look(topics);
            found = topic != null && topic.isKnown();
        }
        return true;
    }

    public boolean found() {
        return found;
    }
}
