package io.github.robotstream.file;

import io.github.robotstream.Message;
import io.github.robotstream.file.StoreFiles.StoreFile;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of a store from one opening to the end of that run: a row of segments, of which the last one is written.
 *
 * <p>Each run begins a segment with a record that says so, and ends with one that says that nothing is missing. Without the last
 * one, or with damage, the store cannot know the last numbers that were given out; then the first one names a new epoch, which is
 * the epoch of all topics from there on.
 */
final class SegmentLog {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int WRITE_BYTES = 256 << 10;
    private static final int COMPACT_BYTES = 256 << 10;
    private static final int READ_BYTES = 8 << 20;
    private static final long REVIEW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Pending(Message message, long begin, int size) {}

    private final StoreFiles files;
    private final StoreSettings settings;
    private final LongSupplier nanoTime;
    private final InstantSource wallClock;
    private final Consumer<LogEntry.Builder> log;
    private final LogIndex index;
    private final RecordWriter writer = new RecordWriter();
    /** The messages in {@link #writer}. */
    private final List<Pending> pending = new ArrayList<>();

    private final SealedSegments sealed;

    /** Those of which the end may be damaged or not on the disk yet; that is put right before another one begins. */
    private List<Segment> toForce = List.of();

    private @Nullable Closeable lock;
    private @Nullable Segment active;
    private @Nullable StoreFile file;
    private long lastNumber;
    /** What the record of this run's beginning says, and whether it is on the disk. */
    private String epoch = "";

    private boolean begun;
    private long unsynced;
    private long unsyncedSince;
    /** Whether something may be missing though the run ends as it should. */
    private boolean incomplete;
    /** Topics that could not be forgotten. */
    private final Set<String> unforgotten = new HashSet<>();

    private long nextReview;
    private @Nullable IOException trouble;

    SegmentLog(
            StoreFiles files,
            StoreSettings settings,
            LongSupplier nanoTime,
            InstantSource wallClock,
            Consumer<LogEntry.Builder> log) {
        this.files = files;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.wallClock = wallClock;
        this.log = log;
        this.index = new LogIndex(settings::retentionOf);
        this.sealed = new SealedSegments(files, settings, index);
        this.nextReview = nanoTime.getAsLong();
    }

    /** Where each topic stands. A disk that cannot be written fails nothing: the topics begin another epoch then. */
    List<StoredTopic> open() throws IOException {
        files.prepare();
        Optional<IOException> readOnly = locked();
        Recovery recovery = new Recovery(files, index, this::tellRepair);
        List<Segment> found = recovery.run();
        found.forEach(sealed::add);
        lastNumber = recovery.lastNumber();
        toForce = recovery.isComplete() ? found.subList(Math.max(0, found.size() - 1), found.size()) : found;
        epoch = recovery.isComplete() ? "" : newEpoch();
        // What was given up before may still lie beside what was needed.
        sealed.release(wallClock.instant().getEpochSecond());
        try {
            if (readOnly.isPresent()) {
                throw readOnly.get();
            }
            ready();
        } catch (IOException e) {
            epoch = epoch.isEmpty() ? newEpoch() : epoch;
            log.accept(LogEntry.of(
                    LogEntry.Level.ERROR,
                    "store_failed",
                    files.path("") + " cannot be written, so messages are kept in memory alone until it can: " + e));
        }
        if (!epoch.isEmpty()) {
            index.rename(epoch);
        }
        return standing();
    }

    /** Empty if the directory is this store's, else why it cannot be locked. */
    private Optional<IOException> locked() throws IOException {
        Optional<Closeable> taken;
        try {
            taken = files.lock();
        } catch (IOException e) {
            return Optional.of(e);
        }
        lock = taken.orElseThrow(() -> new IOException(files.path("")
                + " is in use by another broker: give each a directory of its own, or close the other first"));
        return Optional.empty();
    }

    private static String newEpoch() {
        return Long.toString(RANDOM.nextLong() >>> 23, Character.MAX_RADIX);
    }

    private void tellRepair(String message) {
        log.accept(LogEntry.of(LogEntry.Level.WARN, "store_repaired", message));
    }

    private List<StoredTopic> standing() {
        List<StoredTopic> topics = new ArrayList<>();
        for (StoredLog topic : index.topics.values()) {
            topics.add(new StoredTopic(topic.topic, topic.epoch, topic.lastSequence, latest(topic)));
        }
        return topics;
    }

    private Optional<Message> latest(StoredLog topic) {
        Chunk chunk = topic.last();
        try (StoreFile source = files.open(chunk.segment.name())) {
            RecordReader records = new RecordReader(source, chunk.lastBegin, chunk.end);
            return records.next() ? Optional.of(records.message(topic.epoch)) : Optional.empty();
        } catch (IOException e) {
            tellRepair("the last value of " + topic.topic + " cannot be read: " + e);
            return Optional.empty();
        }
    }

    void append(List<Message> batch) throws IOException {
        long bytes = 0;
        try {
            for (Message message : batch) {
                endFormerEpoch(message);
                Segment segment = ready();
                int begin = writer.size();
                int size = writer.message(message);
                pending.add(new Pending(message, segment.size + begin, size));
                bytes += size;
                if (writer.size() >= WRITE_BYTES || segment.size + writer.size() >= settings.segmentBytes()) {
                    write();
                }
            }
            write();
        } finally {
            writer.clear();
            pending.clear();
        }
        if (unsynced >= settings.syncBytes() || syncDue() <= 0) {
            sync();
        }
        maintain(COMPACT_BYTES + 2 * bytes);
    }

    /** The segment that is written; begins one if there is none or it is full. */
    private Segment ready() throws IOException {
        if (active != null && active.size >= settings.segmentBytes()) {
            sync();
            seal();
        }
        return active == null ? begin() : active;
    }

    private Segment begin() throws IOException {
        if (lock == null) {
            Optional<IOException> readOnly = locked();
            if (readOnly.isPresent()) {
                throw readOnly.get();
            }
        }
        for (Segment found : toForce) {
            files.truncate(found.name(), found.size);
        }
        toForce = List.of();
        Segment segment = new Segment(lastNumber + 1, lastNumber + 1);
        StoreFile made = files.create(segment.name());
        try {
            // In each segment, so that the end of the run before is never the last record while this one goes on.
            RecordWriter opening = new RecordWriter();
            opening.control(RecordWriter.OPEN, begun ? "" : epoch);
            made.write(segment.head(), 0);
            made.write(opening.content(), Segment.HEAD);
            segment.size += opening.size();
            segment.control += begun || epoch.isEmpty() ? 0 : opening.size();
            made.force();
            files.force();
        } catch (IOException e) {
            try (made) {
                files.delete(segment.name());
            } catch (IOException alsoThis) {
                e.addSuppressed(alsoThis);
            }
            throw e;
        }
        lastNumber = segment.number;
        begun = true;
        active = segment;
        file = made;
        return segment;
    }

    /** Writes what waits in the writer, as a whole or not at all, and only then takes its messages into the index. */
    private void write() throws IOException {
        Segment segment = active;
        StoreFile out = file;
        if (segment == null || out == null || writer.size() == 0) {
            return;
        }
        try {
            out.write(writer.content(), segment.size);
        } catch (Throwable e) { // want of memory too
            try {
                out.truncate(segment.size);
            } catch (IOException alsoThis) {
                e.addSuppressed(alsoThis);
                toForce = List.of(segment); // what is half written is cut off before anything else is written
                seal();
            }
            throw e;
        }
        unsyncedSince = unsynced == 0 ? nanoTime.getAsLong() : unsyncedSince;
        unsynced += writer.size();
        segment.size += writer.size();
        for (Pending p : pending) {
            Message message = p.message();
            long second = message.time().getEpochSecond();
            index.message(message.topic(), message.epoch(), message.sequence(), second, segment, p.begin(), p.size());
        }
        writer.clear();
        pending.clear();
    }

    /** In how many nanoseconds what was appended has to be forced. */
    private long syncDue() {
        return unsynced == 0 ? Long.MAX_VALUE : unsyncedSince + settings.syncNanos() - nanoTime.getAsLong();
    }

    private void sync() throws IOException {
        Segment segment = active;
        StoreFile out = file;
        if (unsynced == 0 || segment == null || out == null) {
            return;
        }
        unsynced = 0;
        try {
            out.force();
        } catch (IOException e) {
            // The system may have thrown away what it could not write, and would not say so when it is asked again.
            incomplete = true;
            toForce = List.of(segment);
            seal();
            throw e;
        }
    }

    /** Writes no more to the active segment. */
    private void seal() throws IOException {
        Segment segment = active;
        StoreFile out = file;
        active = null;
        file = null;
        unsynced = 0;
        nextReview = nanoTime.getAsLong();
        if (segment != null && out != null) {
            sealed.add(segment);
            out.close();
        }
    }

    List<Message> read(String topic, long afterSequence, int limit) throws IOException {
        List<Message> found = new ArrayList<>();
        StoredLog stored = index.topics.get(topic);
        if (stored == null) {
            return found;
        }
        long after = afterSequence;
        long room = READ_BYTES;
        for (Chunk chunk : stored.chunks) {
            if (chunk.lastSequence <= after || room <= 0 || found.size() >= limit) {
                continue;
            }
            try (StoreFile source = files.open(chunk.segment.name())) {
                RecordReader records = new RecordReader(source, stored.positionAfter(after, chunk), chunk.end);
                while (room > 0 && found.size() < limit && records.next()) {
                    if (records.isMessage() && records.topic().equals(topic) && records.sequence() > after) {
                        found.add(records.message(stored.epoch));
                        after = records.sequence();
                        room -= records.size();
                        stored.hasRead(chunk, after, records.position());
                    }
                }
                if (room > 0 && found.size() < limit && !records.isAtEnd()) {
                    tellDamage(chunk.segment, records.position());
                }
            }
        }
        return found;
    }

    private void tellDamage(Segment segment, long position) {
        incomplete = true;
        tellRepair(files.path(segment.name()) + " is damaged after byte " + position + ": what was there is left out");
    }

    void forget(String topic) throws IOException {
        if (!index.topics.containsKey(topic) && !incomplete) {
            return; // but after a force that failed, that it was forgotten may not be on the disk
        }
        unforgotten.add(topic);
        try {
            writeForget(topic);
        } finally {
            writer.clear();
        }
        if (syncDue() <= 0) {
            sync();
        }
    }

    private void writeForget(String topic) throws IOException {
        Segment segment = ready();
        int size = writer.control(RecordWriter.FORGET, topic);
        write();
        segment.control += size;
        index.forget(topic);
        unforgotten.remove(topic);
    }

    /**
     * Says that a topic's messages are over where one of another epoch follows. The message alone would not say so for ever: it may go
     * while older ones still lie in a file.
     */
    private void endFormerEpoch(Message message) throws IOException {
        if (!index.isIn(message.topic(), message.epoch())) {
            write(); // then the index knows of those that waited
            if (index.topics.containsKey(message.topic()) && !index.isIn(message.topic(), message.epoch())) {
                writeForget(message.topic());
            }
        }
    }

    /** What is due; the time until there is more. */
    Optional<Duration> idle() throws IOException {
        if (syncDue() <= 0) {
            sync();
        }
        maintain(COMPACT_BYTES);
        IOException told = trouble;
        trouble = null;
        if (told != null) {
            throw told;
        }
        if (active != null && sealed.isCopying()) {
            return Optional.of(Duration.ZERO);
        }
        long review = active != null ? nextReview - nanoTime.getAsLong() : Long.MAX_VALUE;
        long next = Math.min(syncDue(), review);
        return next == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(1, next)));
    }

    /** Gives up what is not to be kept any longer, and does a bounded piece of a compaction. What fails is tried again later. */
    private void maintain(long bytes) {
        if (active == null) {
            return;
        }
        try {
            if (sealed.isCopying()) {
                if (sealed.step(bytes)) {
                    sync();
                    nextReview = nanoTime.getAsLong();
                    Segment damaged = sealed.finish();
                    if (damaged != null) {
                        tellDamage(damaged, damaged.size);
                    }
                }
            } else if (nextReview - nanoTime.getAsLong() <= 0) {
                nextReview = nanoTime.getAsLong() + REVIEW_NANOS;
                sealed.release(wallClock.instant().getEpochSecond());
                sync();
                sealed.tidy();
            }
        } catch (IOException e) {
            trouble = e;
            sealed.giveUp();
            nextReview = nanoTime.getAsLong() + REVIEW_NANOS;
        }
    }

    /** Ends the run; all is closed in any case. */
    void close() throws IOException {
        try {
            if (begun) {
                end();
            }
        } finally {
            closeFiles();
        }
    }

    private void closeFiles() throws IOException {
        Closeable held = lock;
        lock = null;
        try {
            sealed.giveUp();
            seal();
        } finally {
            if (held != null) {
                held.close();
            }
        }
    }

    private void end() throws IOException {
        ready();
        if (!incomplete && unforgotten.isEmpty()) {
            writer.control(RecordWriter.END, "");
            write();
        }
        sync();
    }
}
