package io.github.robotstream.internal.routing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The broker's counters. Any thread adds to them and reads them. */
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

    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);
    private final Map<LossCause, LongAdder> losses = new EnumMap<>(LossCause.class);

    public Counters() {
        for (Count count : Count.values()) {
            counts.put(count, new LongAdder());
        }
        for (LossCause cause : LossCause.values()) {
            losses.put(cause, new LongAdder());
        }
    }

    public void add(Count count, long n) {
        adder(counts, count).add(n);
    }

    public void lost(LossCause cause, long n) {
        adder(losses, cause).add(n);
    }

    public long get(Count count) {
        return adder(counts, count).sum();
    }

    public Map<LossCause, Long> losses() {
        Map<LossCause, Long> sums = new EnumMap<>(LossCause.class);
        losses.forEach((cause, adder) -> sums.put(cause, adder.sum()));
        return Collections.unmodifiableMap(sums);
    }

    /** What was offered and neither delivered nor lost nor skipped: it waits. */
    public long queued() {
        long gone = get(Count.DELIVERED) + get(Count.SKIPPED);
        for (LongAdder adder : losses.values()) {
            gone += adder.sum();
        }
        return Math.max(0, get(Count.OFFERED) - gone);
    }

    private static <K extends Enum<K>> LongAdder adder(Map<K, LongAdder> adders, K key) {
        LongAdder adder = adders.get(key);
        if (adder == null) {
            throw new AssertionError(key);
        }
        return adder;
    }
}
