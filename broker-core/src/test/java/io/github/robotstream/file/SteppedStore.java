package io.github.robotstream.file;

import io.github.robotstream.Message;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.file.StoreSettings.Retention;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store in small files on a fake disk that has little room, or cannot be written. The store thread of a broker rests in {@link #idle} until
 * a test lets it {@link #work}, and is back there when all that it was asked is done: so what it takes at once is no chance.
 */
public final class SteppedStore implements TopicStore {
    /** How large a file becomes. */
    public static final int FILE_BYTES = 4 << 10;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final FakeDisk disk = new FakeDisk();
    private final ManualClock clock;
    private final StoreSettings settings;
    private final List<Outcome> outcomes = new ArrayList<>();
    private Consumer<LogEntry.Builder> log = entry -> {};
    private FileTopicStore files;
    /** The power has failed: what is left of that broker is to find nothing. */
    private boolean dead;

    private boolean mayBeIncomplete;
    private int failedBefore;
    private boolean isOpen;
    private boolean rests;
    private boolean mayWork;
    /** What failed though nothing is wrong with the disk. */
    private @Nullable IOException fault;

    /** Messages that the store was given, and whether it has said that it keeps them. */
    public record Outcome(List<Message> batch, boolean isKept) {}

    /** A store that keeps of each topic so many bytes, and nothing that is much older than that. */
    public SteppedStore(ManualClock clock, long bytes, Duration age) {
        this.clock = clock;
        this.settings = new StoreSettings(
                1_000_000_000,
                16 << 10,
                1L << 40,
                FILE_BYTES,
                new Retention(bytes, age.toSeconds()),
                Map.<TopicFilter, Retention>of());
    }

    @Override
    public void log(Consumer<LogEntry.Builder> value) {
        log = value;
    }

    @Override
    public synchronized List<StoredTopic> open() throws IOException {
        dead = false;
        isOpen = true;
        mayBeIncomplete = false;
        failedBefore = disk.failedForces();
        files = new FileTopicStore(disk, settings, clock::nanoTime, clock::now);
        files.log(log);
        return files.open();
    }

    @Override
    public synchronized void append(List<Message> batch) throws IOException {
        boolean kept = false;
        try {
            if (!dead) {
                files.append(batch);
            }
            kept = true;
        } finally {
            outcomes.add(new Outcome(List.copyOf(batch), kept));
        }
    }

    @Override
    public synchronized List<Message> read(String topic, long afterSequence, int limit) throws IOException {
        return dead ? List.of() : files.read(topic, afterSequence, limit);
    }

    @Override
    public synchronized void forget(String topic) throws IOException {
        boolean done = dead;
        try {
            if (!dead) {
                files.forget(topic);
            }
            done = true;
        } finally {
            mayBeIncomplete |= !done;
        }
    }

    /** Whether something failed since it was opened that may have it begin new epochs the next time. */
    public synchronized boolean mayBeIncomplete() {
        return mayBeIncomplete || disk.failedForces() > failedBefore;
    }

    /** Does what is due, and rests. What fails here is due again later. */
    @Override
    public synchronized Optional<Duration> idle() {
        boolean isDone = dead;
        while (!isDone) {
            try {
                isDone = files.idle().filter(Duration::isZero).isEmpty();
            } catch (IOException triedAgainLater) {
                fault = disk.isSound() && disk.failedForces() == failedBefore ? triedAgainLater : fault;
                isDone = true;
            }
        }
        rests = true;
        notifyAll();
        await(() -> mayWork || !isOpen);
        rests = false;
        mayWork = false;
        return Optional.of(Duration.ZERO);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition) {
        long began = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                throw new AssertionError("the store thread and the test wait for each other");
            }
            try {
                wait(1_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Lets the store thread do all that it was asked to, and what is due then. */
    public synchronized void work() {
        await(() -> rests);
        mayWork = true;
        rests = false;
        notifyAll();
        await(() -> rests);
        if (fault != null) {
            throw new AssertionError("what is due fails on a sound disk", fault);
        }
    }

    /** Lets the store thread do what it likes from now on: the broker is about to close. */
    public synchronized void letGo() {
        isOpen = false;
        notifyAll();
    }

    /** {@return what has become of messages since this was asked last} */
    public synchronized List<Outcome> takeOutcomes() {
        List<Outcome> all = List.copyOf(outcomes);
        outcomes.clear();
        return all;
    }

    /** Whether all that is in the files is on the disk for good. */
    public synchronized boolean isForced() {
        return disk.isForced();
    }

    /** {@return how large all files are} */
    public synchronized long size() {
        return disk.size();
    }

    /** So many bytes can still be written. */
    public synchronized void room(long bytes) {
        disk.room(bytes);
    }

    public synchronized void readOnly(boolean value) {
        disk.readOnly(value);
    }

    /** After so many more calls one to force fails, and what it was to force will never be on the disk. */
    public synchronized void failForceAfter(int calls) {
        disk.failForceAfter(calls);
    }

    /** The power fails: what was not forced may be lost, or torn. The broker's store thread is heard no more. */
    public synchronized void crash(Random random) {
        dead = true;
        disk.crash(random);
    }

    @Override
    public synchronized void close() throws IOException {
        if (!dead) {
            files.close();
        }
    }
}
