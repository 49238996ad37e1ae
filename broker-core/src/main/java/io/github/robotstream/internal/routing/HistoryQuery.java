package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.protocol.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds messages of a topic that are kept, so many as make a page; from the store what memory does not have. Broker thread. */
public final class HistoryQuery {
    private final TopicState topic;
    private final History store;
    private final Optional<Position> since;
    private final int limit;
    private final OldestKept kept;
    private final String epoch;
    private final List<RoutedMessage> page = new ArrayList<>();
    private int bytes;
    private boolean asked;
    private boolean gap;
    private @Nullable StoredPage answer;

    HistoryQuery(TopicState topic, History store, Optional<Position> since, int limit) {
        this.topic = topic;
        this.store = store;
        this.since = since;
        this.limit = limit;
        this.kept = new OldestKept(topic, store, since);
        this.epoch = topic.epoch;
    }

    /**
     * Does a piece of it.
     *
     * @param whenAnswered when to go on if the store is asked
     */
    public Progress goOn(Runnable whenAnswered) {
        if (!kept.isFound(whenAnswered)) {
            return Progress.WAITS;
        }
        if (failure() != null) {
            return Progress.DONE;
        }
        gap = since.isPresent() ? !kept.hasAllAfter(since.get()) : !epoch.equals(topic.epoch);
        long after = since.map(Position::sequence).orElseGet(() -> kept.oldest().orElse(1L) - 1);
        if (gap || after >= topic.memoryFloor() || !store.isReadable()) {
            takeFromMemory(after);
            return Progress.DONE;
        }
        if (!asked) {
            asked = true;
            store.read(topic, after, StoredReads.messages(topic, limit), found -> {
                answer = found;
                whenAnswered.run();
            });
        }
        if (answer == null) {
            return Progress.WAITS;
        }
        takeFromStore(after, answer.messages());
        return Progress.DONE;
    }

    /** What memory has is taken from there: the store may not have got it, or may have given it up. */
    private void takeFromStore(long after, List<RoutedMessage> stored) {
        long floor = topic.memoryFloor();
        long last = after;
        for (RoutedMessage message : stored) {
            if (message.sequence() > floor) {
                last = floor;
                break;
            }
            if (!message.epoch().equals(topic.epoch)) {
                break;
            }
            if (!add(message)) {
                return;
            }
            last = message.sequence();
        }
        if (page.isEmpty() || last >= floor) {
            takeFromMemory(last);
        }
    }

    private void takeFromMemory(long after) {
        if (gap) {
            return;
        }
        TopicHistory memory = topic.history;
        RoutedMessage latest = topic.latest();
        if (memory == null) {
            if (latest != null && latest.sequence() > after) {
                add(latest);
            }
            return;
        }
        RoutedMessage next = memory.after(after);
        while (next != null && add(next)) {
            next = memory.after(next.sequence());
        }
    }

    private boolean add(RoutedMessage message) {
        int size = message.envelope().size();
        if (page.size() == limit || (!page.isEmpty() && bytes + size > StoredPage.BYTES)) {
            return false;
        }
        page.add(message);
        bytes += size;
        return true;
    }

    /** Why the store gave no answer, or null if it was not asked or did. */
    public @Nullable Throwable failure() {
        return answer == null ? kept.failure() : answer.failure();
    }

    /** Whether what was asked for begins before what is kept, or is of another epoch. */
    public boolean isGap() {
        return gap;
    }

    /** The number of the oldest message that is kept. */
    public Optional<Long> oldest() {
        return kept.oldest();
    }

    /** The epoch of the messages; empty if the topic has had none. */
    public Optional<String> epoch() {
        return topic.sequence == 0 ? Optional.empty() : Optional.of(topic.epoch);
    }

    /** The messages that were found. */
    public List<RoutedMessage> messages() {
        return page;
    }

    /** Whether the topic has no newer message than these. */
    public boolean isComplete() {
        long last = page.isEmpty() ? Long.MAX_VALUE : page.get(page.size() - 1).sequence();
        return last >= topic.sequence;
    }
}
