package io.github.robotstream.internal.store;

import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Counts what the store loses and tells it to the log. Safe for use by several threads. */
final class StoreReport {
    private static final long TELL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String STORE = "the topic store";

    private final String store;
    private final BrokerClock clock;
    private final Consumer<LogEntry> log;
    private final BiConsumer<String, Throwable> userFaults;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong nextTellNanos;
    /** What was told of appends that fail, until one succeeds; and what was lost since without being told. Store thread. */
    private String toldFailure = "";

    private long lostSinceTold;

    /** {@code store} is the name of its class. */
    StoreReport(String store, BrokerClock clock, Consumer<LogEntry> log, BiConsumer<String, Throwable> userFaults) {
        this.store = store;
        this.clock = clock;
        this.log = log;
        this.userFaults = userFaults;
        this.nextTellNanos = new AtomicLong(clock.nanoTime());
    }

    long lost() {
        return lost.get();
    }

    /** Counts a message for which there was no room, and tells the sum at most once a second. */
    void overflowed() {
        lost.incrementAndGet();
        untold.incrementAndGet();
        long now = clock.nanoTime();
        long due = nextTellNanos.get();
        if (now - due >= 0 && nextTellNanos.compareAndSet(due, now + TELL_EVERY_NANOS)) {
            tellOverflow();
        }
    }

    /** Tells what {@link #overflowed} counted and did not tell yet. */
    void tellOverflow() {
        long messages = untold.getAndSet(0);
        if (messages > 0) {
            tell(LogEntry.of(Level.WARN, "store_messages_lost", STORE + " is slower than the messages come")
                    .attribute("dropped", messages));
        }
    }

    /** A call of the store threw. Of appends that fail for the same reason one after the other, the first is told. */
    void failed(String call, long messages, Throwable cause) {
        lost.addAndGet(messages);
        userFaults.accept(call + " of " + STORE, cause);
        String text = FailureText.of(cause);
        if (text.equals(toldFailure)) {
            lostSinceTold += messages;
            return;
        }
        if (messages > 0) {
            toldFailure = text;
        }
        tellFailed(
                messages,
                LogEntry.of(Level.ERROR, "store_failed", call + " of " + STORE + " failed")
                        .detail(store + ": " + text));
    }

    /** The store took messages; tells so if it had not several times. */
    void appended() {
        if (lostSinceTold > 0) {
            tell(LogEntry.of(Level.WARN, "store_goes_on", STORE + " keeps messages again")
                    .attribute("dropped", lostSinceTold));
        }
        toldFailure = "";
        lostSinceTold = 0;
    }

    /** A call of the store took too long at the end. */
    void abandoned(long messages) {
        lost.addAndGet(messages);
        tellFailed(messages, LogEntry.of(Level.ERROR, "store_failed", STORE + " did not finish within the time limit"));
    }

    private void tellFailed(long messages, LogEntry.Builder entry) {
        tell(messages > 0 ? entry.attribute("dropped", messages) : entry);
    }

    /** Topics are forgotten because the store did not get their last messages. */
    void restarting(int topics) {
        String message = STORE + " did not get the last messages of topics: they begin a new epoch next time";
        tell(LogEntry.of(Level.WARN, "store_topics_forgotten", message).attribute("topics", topics));
    }

    /** Tells what is worth an entry, also what the store itself has to say. */
    void tell(LogEntry.Builder entry) {
        log.accept(entry.at(clock.now()));
    }
}
