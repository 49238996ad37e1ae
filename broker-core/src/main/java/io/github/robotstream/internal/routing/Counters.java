package io.github.robotstream.internal.routing;

import io.github.robotstream.LossCause;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** The broker's counters. Any thread adds to them and reads them. */
public final class Counters {
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

    private final LongAdder[] counts = adders(Count.values().length);
    private final LongAdder[] losses = adders(LossCause.values().length);

    private static LongAdder[] adders(int number) {
        return Stream.generate(LongAdder::new).limit(number).toArray(LongAdder[]::new);
    }

    /** Adds to a counter. */
    public void add(Count count, long n) {
        counts[count.ordinal()].add(n);
    }

    /** Adds to the losses. */
    public void lost(LossCause cause, long n) {
        losses[cause.ordinal()].add(n);
    }

    /** A counter's value. */
    public long get(Count count) {
        return counts[count.ordinal()].sum();
    }

    /** The losses, with a number for each cause. */
    public Map<LossCause, Long> losses() {
        Map<LossCause, Long> sums = new EnumMap<>(LossCause.class);
        for (LossCause cause : LossCause.values()) {
            sums.put(cause, losses[cause.ordinal()].sum());
        }
        return Collections.unmodifiableMap(sums);
    }

    /** What was offered and neither delivered nor lost nor skipped: it waits. */
    public long queued() {
        long gone = get(Count.DELIVERED) + get(Count.SKIPPED);
        for (LongAdder adder : losses) {
            gone += adder.sum();
        }
        return Math.max(0, get(Count.OFFERED) - gone);
    }
}
