package io.github.robotstream.internal.routing;

import io.github.robotstream.AgeSummary;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts ages in two buckets an octave, from 66 us to two minutes, for the last full minute and the present one. One thread at a time
 * records; any may read, and sees what was recorded last a little late. It takes memory once there is something to count.
 */
public final class AgeHistogram {
    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int UNIT_SHIFT = 16; // of the least bucket, 2^16 ns
    private static final int BUCKETS = 43;
    private static final int LAST_OCTAVE = (BUCKETS - 1) / 2 - 1;

    /** Has the buckets that are used and those between: there are two periods for each session and topic. */
    private static final class Period {
        final long begin;
        final int first; // bucket
        final int[] counts;
        long max;

        Period(long begin, int first, int[] counts, long max) {
            this.begin = begin;
            this.first = first;
            this.counts = counts;
            this.max = max;
        }

        boolean isOver(long now) {
            return now - begin >= PERIOD_NANOS;
        }

        boolean has(int bucket) {
            return bucket >= first && bucket < first + counts.length;
        }

        Period with(int bucket) {
            int from = Math.min(first, bucket);
            int[] more = new int[Math.max(first + counts.length, bucket + 1) - from];
            System.arraycopy(counts, 0, more, first - from, counts.length);
            return new Period(begin, from, more, max);
        }

        void add(int bucket, long ageNanos, int count) {
            counts[bucket - first] += count;
            if (ageNanos > max) {
                max = ageNanos;
            }
        }
    }

    private volatile @Nullable Period present;
    private volatile @Nullable Period former;
    // The bucket that was counted in last, and where it begins and ends: what comes next is mostly as old.
    private int last;
    private int lastBegin = Integer.MAX_VALUE; // in half units
    private int lastEnd;

    /** Counts so many of that age. */
    public void record(long ageNanos, int count, long nowNanos) {
        Period period = present;
        long halves = ageNanos >> (UNIT_SHIFT - 1);
        if (halves < lastBegin || halves >= lastEnd) {
            find(halves);
        }
        int bucket = last;
        if (period == null || period.isOver(nowNanos)) {
            former = period;
            period = new Period(nowNanos, bucket, new int[1], 0);
            present = period;
        } else if (!period.has(bucket)) {
            period = period.with(bucket);
            present = period;
        }
        period.add(bucket, ageNanos, count);
    }

    /** Finds the bucket of an age, which is given in half units. */
    private void find(long halves) {
        if (halves < 2) {
            last = 0;
            lastBegin = Integer.MIN_VALUE;
            lastEnd = 2;
            return;
        }
        int octave = Math.min(LAST_OCTAVE, Long.SIZE - 2 - Long.numberOfLeadingZeros(halves)); // from 2^octave units on
        int begin = (int) Math.min(3, halves >> octave); // 2 or 3
        last = 2 * octave + begin - 1;
        lastBegin = begin << octave;
        lastEnd = last == BUCKETS - 1 ? Integer.MAX_VALUE : (begin + 1) << octave;
    }

    /** Whether nothing is in it that would be told now. */
    boolean isEmpty(long nowNanos) {
        return isPast(present, nowNanos) && isPast(former, nowNanos);
    }

    private static boolean isPast(@Nullable Period period, long nowNanos) {
        return period == null || nowNanos - period.begin >= 2 * PERIOD_NANOS;
    }

    /** {@return what several have counted, together} */
    public static AgeSummary summary(Collection<AgeHistogram> histograms, long nowNanos) {
        long[] counts = new long[BUCKETS];
        long max = 0;
        for (AgeHistogram histogram : histograms) {
            max = Math.max(max, addTo(counts, histogram.present, nowNanos));
            max = Math.max(max, addTo(counts, histogram.former, nowNanos));
        }
        long samples = 0;
        for (long count : counts) {
            samples += count;
        }
        return new AgeSummary(
                samples,
                Duration.ofNanos(quantile(counts, samples - samples / 2, max)),
                Duration.ofNanos(quantile(counts, samples - samples / 100, max)),
                Duration.ofNanos(max));
    }

    private static long addTo(long[] counts, @Nullable Period period, long nowNanos) {
        if (period == null || isPast(period, nowNanos)) {
            return 0;
        }
        int[] counted = period.counts;
        for (int i = 0; i < counted.length; i++) {
            counts[period.first + i] += counted[i];
        }
        return period.max;
    }

    private static long quantile(long[] counts, long rank, long max) {
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(max, end(i));
            }
        }
        return max;
    }

    /** Where a bucket ends: at 1, 1.5, 2, 3, 4, 6 … units. */
    private static long end(int bucket) {
        if (bucket == BUCKETS - 1) {
            return Long.MAX_VALUE;
        }
        long octave = 1L << ((bucket + 1) / 2 + UNIT_SHIFT);
        return bucket % 2 == 0 ? octave : octave / 4 * 3;
    }
}
