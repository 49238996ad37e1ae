package io.github.robotstream.internal.routing;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The broker's counters. Any thread adds to them and reads them. Nearly all is added by the broker thread, several times for each message, so they
 * are what costs least without contention, found by the ordinal of what they count.
 */
@SuppressWarnings("EnumOrdinal")
public final class Counters {
    /** What has left a queue in the present flush and is not counted yet; broker thread. */
    final SentRun sentRun = new SentRun();

    /** What is counted beside losses. */
    public enum Count {
        /** Messages taken. */
        PUBLISHED,
        /** Calls to publish that returned false. */
        REFUSED,
        /** Messages times subscribers. */
        OFFERED,
        /** Of those, sent or handed to a listener. */
        DELIVERED,
        /** Of those, left out as the subscriber asked. */
        SKIPPED,
        /** Calls of listeners, and of codecs that read for robot code, that threw. */
        FAILED
    }

    private final AtomicLong[] counts = zeros(Count.values().length);
    private final AtomicLong[] losses = zeros(LossCause.values().length);

    private static AtomicLong[] zeros(int size) {
        AtomicLong[] zeros = new AtomicLong[size];
        Arrays.setAll(zeros, i -> new AtomicLong());
        return zeros;
    }

    public void add(Count count, long n) {
        counts[count.ordinal()].addAndGet(n);
    }

    public void lost(LossCause cause, long n) {
        losses[cause.ordinal()].addAndGet(n);
    }

    public long get(Count count) {
        return counts[count.ordinal()].get();
    }

    public Map<LossCause, Long> losses() {
        Map<LossCause, Long> sums = new EnumMap<>(LossCause.class);
        for (LossCause cause : LossCause.values()) {
            sums.put(cause, losses[cause.ordinal()].get());
        }
        return Collections.unmodifiableMap(sums);
    }

    /** What was offered and neither delivered nor lost nor skipped: it waits. */
    public long queued() {
        long gone = get(Count.DELIVERED) + get(Count.SKIPPED);
        for (AtomicLong lost : losses) {
            gone += lost.get();
        }
        return Math.max(0, get(Count.OFFERED) - gone);
    }
}
