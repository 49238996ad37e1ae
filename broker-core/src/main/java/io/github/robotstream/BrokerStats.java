package io.github.robotstream;

import io.github.robotstream.internal.BrokerNumbers;
import io.github.robotstream.internal.BrokerRuntime;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.session.Session;
import java.util.Map;

/**
 * Counters of a broker since its start. What was offered to subscribers is what was delivered, dropped, skipped or is
 * queued, exactly so while nothing moves. Immutable.
 *
 * <pre>{@code
 * BrokerStats stats = broker.stats();
 * display.show(stats.sessions() + " clients, " + stats.dropped() + " messages lost " + stats.droppedByCause());
 * }</pre>
 */
public final class BrokerStats {
    private final long published;
    private final long refused;
    private final long offered;
    private final long delivered;
    private final long skipped;
    private final long queued;
    private final Map<String, Long> droppedByCause;
    private final long failures;
    private final long notStored;
    private final long notLogged;
    private final int sessions;
    private final int topics;
    private final AgeSummary sentAges;
    private final AgeSummary readAges;

    BrokerStats(BrokerRuntime runtime) {
        BrokerNumbers numbers = runtime.numbers;
        Counters counters = numbers.counters();
        this.published = counters.get(Counters.Count.PUBLISHED);
        this.refused = counters.get(Counters.Count.REFUSED);
        this.offered = counters.get(Counters.Count.OFFERED);
        this.delivered = counters.get(Counters.Count.DELIVERED);
        this.skipped = counters.get(Counters.Count.SKIPPED);
        this.queued = counters.queued();
        this.droppedByCause = numbers.dropped();
        this.failures = counters.get(Counters.Count.FAILED);
        this.notStored = numbers.notStored();
        this.notLogged = numbers.notLogged();
        this.sessions = numbers.sessions();
        this.topics = numbers.topics();
        this.sentAges = numbers.ages(Session::sentAges);
        this.readAges = numbers.ages(Session::readAges);
    }

    /** {@return how many messages the broker took, from robot code and clients} */
    public long published() {
        return published;
    }

    /** {@return how many calls to {@code publish} returned false} */
    public long refused() {
        return refused;
    }

    /** {@return how many deliveries that made: each message times its subscribers, and last values for late subscribers} */
    public long offered() {
        return offered;
    }

    /** {@return how many of them left for their client, or were handed to their listener} */
    public long delivered() {
        return delivered;
    }

    /** {@return how many of them their subscriber had asked to leave out} */
    public long skipped() {
        return skipped;
    }

    /** {@return how many of them wait} */
    public long queued() {
        return queued;
    }

    /**
     * {@return how many of them were lost, by cause} All causes are there, in the words of {@code attrs.cause} of the entry
     * {@code messages_dropped}, of {@code $stats} and of {@code /metrics}:
     * <ul>
     *   <li>{@code queue_full}: the subscriber was slow and its queue was full;
     *   <li>{@code superseded}: the subscriber did not keep up, and a newer message of its topic took the place of the one that waited;
     *   <li>{@code all_queues_full}: all queues together were full, and this subscriber's was the largest;
     *   <li>{@code publish_queue_full}: robot code published faster than the broker's thread could take it;
     *   <li>{@code too_old}: older, when it could have been sent, than the client or listener asked for, or long followed by a newer value;
     *   <li>{@code too_large}: larger than a client takes;
     *   <li>{@code ended}: the subscription or its session ended while the message waited.
     * </ul>
     */
    public Map<String, Long> droppedByCause() {
        return droppedByCause;
    }

    /** {@return how often a listener threw, or a codec that read a value for robot code} */
    public long failures() {
        return failures;
    }

    /** {@return how many messages the store did not get or failed to keep} */
    public long notStored() {
        return notStored;
    }

    /** {@return how many log entries the sink did not get or failed to write, or one subject caused too many of} */
    public long notLogged() {
        return notLogged;
    }

    /** {@return how many sessions are open} */
    public int sessions() {
        return sessions;
    }

    /** {@return how many topics are known} */
    public int topics() {
        return topics;
    }

    /** {@return how many deliveries were lost, whatever the cause} */
    public long dropped() {
        return droppedByCause.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@return {@link SessionSnapshot#sentAges} of all open sessions together} */
    public AgeSummary sentAges() {
        return sentAges;
    }

    /** {@return {@link SessionSnapshot#readAges} of all open sessions together} */
    public AgeSummary readAges() {
        return readAges;
    }

    @Override
    public String toString() {
        return "BrokerStats[published=" + published + ", refused=" + refused + ", offered=" + offered + ", delivered="
                + delivered + ", dropped=" + droppedByCause + ", skipped=" + skipped + ", queued=" + queued
                + ", failures=" + failures
                + ", notStored="
                + notStored + ", notLogged=" + notLogged + ", sessions=" + sessions + ", topics=" + topics
                + ", sentAges=" + sentAges
                + ", readAges=" + readAges + "]";
    }
}
