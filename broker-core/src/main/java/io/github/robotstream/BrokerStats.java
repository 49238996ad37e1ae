package io.github.robotstream;

import io.github.robotstream.internal.BrokerRuntime;
import io.github.robotstream.internal.routing.Counters;
import java.util.Map;

/** Counters of a broker since its start. What was offered to subscribers is what was delivered, dropped, skipped or is
 * queued, exactly so while nothing moves. Immutable. */
public final class BrokerStats {
    private final long published;
    private final long refused;
    private final long offered;
    private final long delivered;
    private final long skipped;
    private final long queued;
    private final Map<LossCause, Long> droppedByCause;
    private final long failures;
    private final long notStored;
    private final long notLogged;
    private final int sessions;
    private final int topics;

    BrokerStats(BrokerRuntime runtime) {
        Counters counters = runtime.counters;
        this.published = counters.get(Counters.Count.PUBLISHED);
        this.refused = counters.get(Counters.Count.REFUSED);
        this.offered = counters.get(Counters.Count.OFFERED);
        this.delivered = counters.get(Counters.Count.DELIVERED);
        this.skipped = counters.get(Counters.Count.SKIPPED);
        this.queued = counters.queued();
        this.droppedByCause = counters.losses();
        this.failures = counters.get(Counters.Count.FAILED);
        this.notStored = runtime.notStored();
        this.notLogged = runtime.notLogged();
        this.sessions = runtime.sessions.all().size();
        this.topics = runtime.topicCount();
    }

    /**
     * How many messages the broker took, from robot code and clients.
     *
     * @return the count
     */
    public long published() {
        return published;
    }

    /**
     * How many calls to {@code publish} returned false.
     *
     * @return the count
     */
    public long refused() {
        return refused;
    }

    /**
     * How many deliveries that made: each message times those who were subscribed to it, and last values for late subscribers.
     *
     * @return the count
     */
    public long offered() {
        return offered;
    }

    /**
     * How many of them left for their client, or were handed to their listener.
     *
     * @return the count
     */
    public long delivered() {
        return delivered;
    }

    /**
     * How many of them their subscriber had asked to leave out.
     *
     * @return the count
     */
    public long skipped() {
        return skipped;
    }

    /**
     * How many of them wait.
     *
     * @return the count
     */
    public long queued() {
        return queued;
    }

    /**
     * How many of them were lost, and why.
     *
     * @return a count for each cause
     */
    public Map<LossCause, Long> droppedByCause() {
        return droppedByCause;
    }

    /**
     * How often a listener threw, or a codec that read a value for robot code.
     *
     * @return the count
     */
    public long failures() {
        return failures;
    }

    /**
     * How many messages the store did not get or failed to keep.
     *
     * @return the count
     */
    public long notStored() {
        return notStored;
    }

    /**
     * How many log entries the sink did not get or failed to write, and how many were left out because the clients of one
     * subject had caused too many.
     *
     * @return the count
     */
    public long notLogged() {
        return notLogged;
    }

    /**
     * How many sessions are open.
     *
     * @return the count
     */
    public int sessions() {
        return sessions;
    }

    /**
     * How many topics are known.
     *
     * @return the count
     */
    public int topics() {
        return topics;
    }

    /**
     * How many deliveries were lost, whatever the cause.
     *
     * @return the sum of {@link #droppedByCause()}
     */
    public long dropped() {
        return droppedByCause.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return "BrokerStats[published=" + published + ", refused=" + refused + ", offered=" + offered + ", delivered="
                + delivered + ", dropped=" + droppedByCause + ", skipped=" + skipped + ", queued=" + queued
                + ", failures=" + failures
                + ", notStored="
                + notStored + ", notLogged=" + notLogged + ", sessions=" + sessions + ", topics=" + topics + "]";
    }
}
