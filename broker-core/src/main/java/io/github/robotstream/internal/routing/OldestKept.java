package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.protocol.Position;
import io.github.robotstream.internal.protocol.Recovery;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of a topic's messages is the oldest that is kept: in memory, or in the store, if memory does not have a certain one. Broker thread. */
final class OldestKept {
    private final TopicState topic;
    private final History store;
    private final boolean needsStore;
    private final String epoch;
    private boolean asked;
    private @Nullable StoredPage answer;

    /** {@code after} is the position after which messages are wanted; all that are kept if it is empty. */
    OldestKept(TopicState topic, History store, Optional<Position> after) {
        this.topic = topic;
        this.store = store;
        this.epoch = topic.epoch;
        boolean isInMemory =
                after.isPresent() && isPresent(after.get()) && after.get().sequence() >= topic.memoryFloor();
        this.needsStore = topic.hasHistory() && store.isReadable() && !isInMemory;
    }

    TopicState topic() {
        return topic;
    }

    /** Whether the answer is there; else the store is asked, and calls back with it. */
    boolean isFound(Runnable whenAnswered) {
        if (needsStore && !asked) {
            asked = true;
            store.read(topic, 0, 1, page -> {
                answer = page;
                whenAnswered.run();
            });
        }
        return !needsStore || answer != null;
    }

    @Nullable
    Throwable failure() {
        return answer == null ? null : answer.failure();
    }

    /** Whether a position is one of the topic as it is now. */
    private boolean isPresent(Position position) {
        return position.epoch().equals(topic.epoch) && position.sequence() <= topic.sequence;
    }

    /** Whether all messages after a position are kept. */
    boolean hasAllAfter(Position position) {
        return isPresent(position) && position.sequence() >= floor();
    }

    /** What was in memory when this was asked is in the store now if it is nowhere else. */
    private long floor() {
        boolean stillHolds = epoch.equals(topic.epoch);
        long stored = answer == null ? 0 : answer.oldest(topic.epoch);
        if (!stillHolds || !store.isReadable()) {
            return topic.memoryFloor();
        }
        if (!needsStore) {
            return 0;
        }
        return stored == 0 ? topic.memoryFloor() : Math.min(stored - 1, topic.memoryFloor());
    }

    /** The number of the oldest message that is kept now. */
    Optional<Long> oldest() {
        long stored = answer == null ? 0 : answer.oldest(topic.epoch);
        long inMemory = topic.oldestInMemory();
        boolean onlyMemoryHasIt = stored == 0 || (inMemory > 0 && inMemory < stored);
        long oldest = onlyMemoryHasIt ? inMemory : stored;
        return oldest == 0 ? Optional.empty() : Optional.of(oldest);
    }

    /** What to tell a client of a position. */
    Recovery recovery(Position position) {
        boolean recovered = hasAllAfter(position);
        return new Recovery(
                topic.name(),
                recovered,
                recovered ? topic.sequence - position.sequence() : 0,
                topic.sequence == 0 ? Optional.empty() : Optional.of(new Position(topic.epoch, topic.sequence)),
                recovered ? Optional.empty() : oldest());
    }
}
