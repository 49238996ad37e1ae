package io.github.robotstream.file;

import io.github.robotstream.Message;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A store in files on a fake disk whose work is done when a test says so. The store thread of a broker only leaves messages here, since
 * how many it takes at once is chance; {@link #catchUp} gives them to the files, one by one, on the thread of the test.
 */
public final class SimulatedStore implements TopicStore {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final FakeDisk disk = new FakeDisk();
    private final ManualClock clock;
    private final Deque<Change> waiting = new ArrayDeque<>();
    private final List<Change> given = new ArrayList<>();
    private long arrived;
    private FileTopicStore files;
    private boolean dead;

    /** A message, or with none the end of its topic. */
    public record Change(String topic, Optional<Message> message) {}

    public SimulatedStore(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized List<StoredTopic> open() throws IOException {
        dead = false;
        arrived = 0;
        waiting.clear();
        given.clear();
        StoreSettings settings =
                new StoreSettings(1_000_000_000, 16 << 10, 1L << 40, 4 << 10, StoreFixture.ALL, Map.of());
        files = new FileTopicStore(disk, settings, clock::nanoTime, clock::now);
        files.log(entry -> {});
        return files.open();
    }

    @Override
    public synchronized void append(List<Message> batch) {
        batch.forEach(message -> arrives(new Change(message.topic(), Optional.of(message))));
    }

    private void arrives(Change change) {
        waiting.add(change);
        arrived++;
        notifyAll();
    }

    /** Waits until so many changes have come since it was opened. */
    public synchronized void await(long changes) {
        long began = System.nanoTime();
        while (arrived < changes) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                throw new AssertionError(arrived + " and not " + changes + " changes have come to the store");
            }
            try {
                wait(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Gives so many changes to the files, and lets them do what is due. */
    public synchronized void catchUp(int most) throws IOException {
        for (int i = 0; i < most && !waiting.isEmpty(); i++) {
            Change next = waiting.remove();
            if (next.message.isPresent()) {
                files.append(List.of(next.message.get()));
            } else {
                files.forget(next.topic);
            }
            given.add(next);
        }
        while (files.idle().filter(Duration::isZero).isPresent()) {}
    }

    /** {@return what the files were given since this was asked last} */
    public synchronized List<Change> takeGiven() {
        List<Change> all = List.copyOf(given);
        given.clear();
        return all;
    }

    /** Whether all that the files were given is on the disk for good. */
    public synchronized boolean isForced() {
        return disk.isForced();
    }

    /** The power fails: what was not forced may be lost, or torn. The broker's store thread is heard no more. */
    public synchronized void crash(Random random) {
        dead = true;
        disk.crash(random);
    }

    /** What came before is in the files by then. */
    @Override
    public synchronized List<Message> read(String topic, long afterSequence, int limit) throws IOException {
        if (dead) {
            return List.of();
        }
        catchUp(Integer.MAX_VALUE);
        return files.read(topic, afterSequence, limit);
    }

    @Override
    public synchronized void forget(String topic) {
        arrives(new Change(topic, Optional.empty()));
    }

    @Override
    public synchronized void close() throws IOException {
        if (!dead) {
            catchUp(Integer.MAX_VALUE);
            files.close();
        }
    }
}
