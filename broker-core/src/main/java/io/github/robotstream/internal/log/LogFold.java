package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tells the first line of a kind at once, and those that follow as one line every 5 s, with their number in the attribute
 * {@code count}. Of one kind are lines of the same event, client and topic; of those that robot code wrote, only lines
 * with the same message too, so that none is swallowed by another.
 *
 * <p>Its memory is bounded: beyond 1,024 kinds, or a million characters, the one that was told longest ago leaves, after
 * what it holds has been told. A kind whose line is not admitted is not kept, so that who logs more than it may pushes nobody
 * out. Belongs to one thread.
 */
final class LogFold {
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
    static final int MAX_KINDS = 1_024;
    static final long MAX_WEIGHT = 1 << 20;

    /** Where lines go. */
    interface Output {
        /** Tells a line, or returns false if it is not admitted. */
        boolean tell(LogLine line);
    }

    private record Kind(
            String event,
            Optional<String> client,
            Optional<String> topic,
            boolean toSink,
            LogEntry.Origin origin,
            String message) {
        static Kind of(LogLine line) {
            LogEntry entry = line.entry();
            String message = entry.origin() == LogEntry.Origin.ROBOT ? entry.message() : "";
            return new Kind(entry.event(), entry.client(), entry.topic(), line.toSink(), entry.origin(), message);
        }
    }

    /** In the order in which they were last told, which is the order in which they are due. */
    private final Map<Kind, Repeats> kinds = new LinkedHashMap<>();

    private final Output out;
    private long weight;

    LogFold(Output out) {
        this.out = out;
    }

    /** Takes a line; what is due has to be told before, with {@link #tellDue}. */
    void add(LogLine line, long nowNanos) {
        Kind kind = Kind.of(line);
        Repeats repeats = kinds.get(kind);
        if (repeats != null) {
            weight -= repeats.weight();
            repeats.add(line);
            weight += repeats.weight();
            makeRoom(nowNanos);
            return;
        }
        if (out.tell(line)) {
            Repeats first = new Repeats(line, nowNanos);
            kinds.put(kind, first);
            weight += first.weight();
            makeRoom(nowNanos);
        }
    }

    private void makeRoom(long nowNanos) {
        while (kinds.size() > MAX_KINDS || weight > MAX_WEIGHT) {
            removeOldest().tell(nowNanos).ifPresent(out::tell);
        }
    }

    private Repeats removeOldest() {
        Iterator<Repeats> oldest = kinds.values().iterator();
        Repeats repeats = oldest.next();
        oldest.remove();
        weight -= repeats.weight();
        return repeats;
    }

    /** Tells what has waited for 5 s, and forgets kinds of which nothing came for so long. */
    void tellDue(long nowNanos) {
        while (!kinds.isEmpty()) {
            Map.Entry<Kind, Repeats> oldest = kinds.entrySet().iterator().next();
            if (nowNanos - oldest.getValue().toldNanos() < WINDOW_NANOS) {
                return;
            }
            Kind kind = oldest.getKey();
            Repeats repeats = removeOldest();
            if (repeats.tell(nowNanos).filter(out::tell).isPresent()) {
                kinds.put(kind, repeats);
                weight += repeats.weight();
            }
        }
    }

    /** Tells everything that waits, at the end. */
    void tellAll(long nowNanos) {
        while (!kinds.isEmpty()) {
            removeOldest().tell(nowNanos).ifPresent(out::tell);
        }
    }

    /** When {@link #tellDue} has something to tell, on the monotonic clock, or Long.MAX_VALUE if nothing waits. */
    long nextDueNanos() {
        for (Repeats repeats : kinds.values()) {
            if (repeats.untold()) {
                return repeats.toldNanos() + WINDOW_NANOS;
            }
        }
        return Long.MAX_VALUE;
    }
}
