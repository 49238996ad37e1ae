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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Deque<Message> waiting = new ArrayDeque<>();
    private final Map<String, Long> arrived = new HashMap<>();
    private FileTopicStore files;
    private boolean dead;

    public SimulatedStore(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized List<StoredTopic> open() throws IOException {
        dead = false;
        arrived.clear();
        waiting.clear();
        StoreSettings settings =
                new StoreSettings(1_000_000_000, 16 << 10, 1L << 40, 4 << 10, StoreFixture.ALL, Map.of());
        files = new FileTopicStore(disk, settings, clock::nanoTime, clock::now);
        files.log(entry -> {});
        return files.open();
    }

    @Override
    public synchronized void append(List<Message> batch) {
        for (Message message : batch) {
            waiting.add(message);
            arrived.put(message.topic(), message.sequence());
        }
        notifyAll();
    }

    /** Waits until a topic's message with that number has come. */
    public synchronized void await(String topic, long number) {
        long began = System.nanoTime();
        while (arrived.getOrDefault(topic, number > 0 ? 0L : number) < number) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                throw new AssertionError(topic + " " + number + " has not come to the store");
            }
            try {
                wait(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Gives so many messages to the files, and lets them do what is due. Returns those that were given. */
    public synchronized List<Message> catchUp(int most) throws IOException {
        List<Message> given = new ArrayList<>();
        while (given.size() < most && !waiting.isEmpty()) {
            Message next = waiting.remove();
            files.append(List.of(next));
            given.add(next);
        }
        while (files.idle().filter(Duration::isZero).isPresent()) {}
        return given;
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

    @Override
    public List<Message> read(String topic, long afterSequence, int limit) {
        return List.of();
    }

    @Override
    public void forget(String topic) {
        throw new AssertionError("nothing is forgotten: " + topic);
    }

    @Override
    public synchronized void close() throws IOException {
        if (!dead) {
            catchUp(Integer.MAX_VALUE);
            files.close();
        }
    }
}
