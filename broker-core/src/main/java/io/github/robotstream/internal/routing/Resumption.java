package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.protocol.Position;
import io.github.robotstream.internal.protocol.Recovery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From where on a client's topics are kept, compared with the positions where it stopped. What memory does not have, the store is asked
 * about. Broker thread.
 */
public final class Resumption {
    private final TopicTable topics;
    private final History store;
    private final Map<String, Position> since;
    private final Iterator<Map.Entry<String, Position>> left;
    private final Map<String, OldestKept> found = new HashMap<>();
    private @Nullable OldestKept present;

    /** {@code since} is by the names of topics. */
    Resumption(TopicTable topics, History store, Map<String, Position> since) {
        this.topics = topics;
        this.store = store;
        this.since = since;
        this.left = since.entrySet().iterator();
    }

    /**
     * Looks at some topics, as far as the work allows.
     *
     * @param whenAnswered when to go on if the store is asked
     */
    public Progress goOn(Work work, Runnable whenAnswered) {
        while (present != null || left.hasNext()) {
            OldestKept kept = present;
            if (kept == null) {
                if (!work.take(1)) {
                    return Progress.MORE;
                }
                kept = begin(left.next());
                present = kept;
            }
            if (kept != null && !kept.isFound(whenAnswered)) {
                return Progress.WAITS;
            }
            present = null;
            if (kept != null) {
                found.put(kept.topic().name(), kept);
                if (kept.failure() != null) {
                    return Progress.DONE; // it would be the same with the others, and take its time
                }
            }
        }
        return Progress.DONE;
    }

    private @Nullable OldestKept begin(Map.Entry<String, Position> next) {
        TopicState topic = topics.find(next.getKey());
        return topic == null ? null : new OldestKept(topic, store, Optional.of(next.getValue()));
    }

    /** Why the store gave no answer, or null if it was not asked or did. */
    public @Nullable Throwable failure() {
        return found.values().stream()
                .map(OldestKept::failure)
                .filter(failure -> failure != null)
                .findFirst()
                .orElse(null);
    }

    /** What to tell the client of each topic that has positions, as it is now. */
    public List<Recovery> recoveries() {
        List<Recovery> recoveries = new ArrayList<>();
        since.forEach((name, position) -> {
            OldestKept kept = found.get(name);
            if (kept == null) {
                recoveries.add(new Recovery(name, false, 0, Optional.empty(), Optional.empty()));
            } else if (kept.topic().hasHistory()) {
                recoveries.add(kept.recovery(position));
            }
        });
        return recoveries;
    }

    /** What a subscription is to be sent of the topics of which all is kept. */
    Map<String, TopicResume> begin(RemoteSubscriber subscriber) {
        Map<String, TopicResume> resumes = new LinkedHashMap<>();
        since.forEach((name, position) -> {
            OldestKept kept = found.get(name);
            if (kept != null && kept.topic().hasHistory() && kept.hasAllAfter(position)) {
                resumes.put(name, new TopicResume(subscriber, topics, store, kept.topic(), position.sequence()));
            }
        });
        return resumes;
    }
}
