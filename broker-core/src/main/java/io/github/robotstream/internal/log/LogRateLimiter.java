package io.github.robotstream.internal.log;

import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.time.TokenBucket;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Limits what the clients of one subject make the broker's log say: an entry costs its characters and {@value #ENTRY_COST} more
 * of the subject's token bucket. What it does not cover is left out, and summed up in one entry {@code log_limited} every 10 s.
 * At most {@value #MAX_SUBJECTS} subjects have a bucket of their own; a further one takes that which was silent longest, if it
 * is full again, else all further ones share one. Belongs to one thread, but for {@link #leftOut}.
 */
final class LogRateLimiter {
    /** The characters that a subject may log at once: about 370 entries. */
    static final int BURST = 128 << 10;
    /** The characters that come back in a second: 1.5 entries, or 44 MB a day. */
    static final int PER_SECOND = 512;

    static final int ENTRY_COST = 256;
    static final int MAX_SUBJECTS = 1_024;
    static final long SUMMARY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** More than the broker has events about a client; the attributes of an entry are bounded. */
    private static final int MAX_EVENTS = 20;

    private final BrokerClock clock;
    private final Consumer<QueuedEntry> out;
    /** In the order of their last entries. */
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

    private final Account others;
    /** Those with a summary to write, in the order in which it is due. */
    private final Queue<Account> unwritten = new ArrayDeque<>();

    private final AtomicLong leftOut = new AtomicLong();

    LogRateLimiter(BrokerClock clock, Consumer<QueuedEntry> out) {
        this.clock = clock;
        this.out = out;
        this.others = new Account(clock.nanoTime());
    }

    /** Whether an entry may be written; one that may not is counted as left out. */
    boolean admits(QueuedEntry queued) {
        String subject = queued.limitedSubject();
        if (subject == null) {
            return true;
        }
        long now = clock.nanoTime();
        Account account = account(subject, now);
        long cost = Math.min(Integer.MAX_VALUE, ENTRY_COST + queued.weight());
        if (account.bucket.tryTake((int) cost, now) == 0) {
            return true;
        }
        if (account.entries == 0) {
            account.dueNanos = now + SUMMARY_NANOS;
            unwritten.add(account);
        }
        leftOut.addAndGet(account.leaveOut(queued));
        return false;
    }

    private Account account(String subject, long now) {
        Account known = accounts.get(subject);
        if (known != null) {
            return known;
        }
        if (accounts.size() == MAX_SUBJECTS && !forgetLongestSilent(now)) {
            return others;
        }
        Account added = new Account(now);
        accounts.put(subject, added);
        return added;
    }

    private boolean forgetLongestSilent(long now) {
        Iterator<Account> longestSilent = accounts.values().iterator();
        Account account = longestSilent.next();
        boolean idle = account.entries == 0 && account.bucket.isFull(now);
        if (idle) {
            longestSilent.remove();
        }
        return idle;
    }

    /** Writes summaries whose first entry was left out 10 s ago or longer. */
    void writeDue(long nowNanos) {
        for (Account first = unwritten.peek();
                first != null && first.dueNanos - nowNanos <= 0;
                first = unwritten.peek()) {
            unwritten.remove();
            writeSummary(first);
        }
    }

    void writeAll() {
        unwritten.forEach(this::writeSummary);
        unwritten.clear();
    }

    private void writeSummary(Account account) {
        out.accept(new QueuedEntry(account.takeSummary(account == others).at(clock.now()), true));
    }

    /** When {@link #writeDue} has a summary to write, on the monotonic clock, or Long.MAX_VALUE if nothing waits. */
    long nextDueNanos() {
        Account first = unwritten.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos;
    }

    /** How many entries were left out so far; any thread. */
    long leftOut() {
        return leftOut.get();
    }

    /** A subject's bucket, and what was left out since the last summary. */
    private static final class Account {
        private final TokenBucket bucket;
        private final Map<String, Long> events = new LinkedHashMap<>();
        private String lastClient = "";
        private String lastSubject = "";
        private Level level = Level.WARN;
        private long entries;
        private long dropped;
        private long dueNanos;

        Account(long nowNanos) {
            bucket = new TokenBucket(PER_SECOND, BURST, nowNanos);
        }

        /** Counts an entry, and says for how many it stands. */
        long leaveOut(QueuedEntry queued) {
            LogEntry entry = queued.entry();
            long count = queued.whole("count", 1);
            entries += count;
            dropped += queued.whole("dropped", 0);
            if (events.size() < MAX_EVENTS || events.containsKey(entry.event())) {
                events.merge(entry.event(), count, Long::sum);
            }
            if (entry.level().compareTo(level) > 0) {
                level = entry.level();
            }
            lastClient = entry.client().orElse("");
            lastSubject = entry.subject().orElse("");
            return count;
        }

        LogEntry.Builder takeSummary(boolean ofSeveral) {
            String message = entries + " log entries about " + (ofSeveral ? "several subjects, last " : "")
                    + lastSubject + " were left out: there were more than a subject may cause";
            LogEntry.Builder summary = LogEntry.of(level, "log_limited", message)
                    .client(lastClient, lastSubject)
                    .attribute("left_out", entries);
            if (dropped > 0) {
                summary.attribute("dropped", dropped);
            }
            events.forEach(summary::attribute);
            events.clear();
            level = Level.WARN;
            entries = 0;
            dropped = 0;
            return summary;
        }
    }
}
