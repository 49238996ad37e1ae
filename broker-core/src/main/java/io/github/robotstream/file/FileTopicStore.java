package io.github.robotstream.file;

import io.github.robotstream.Message;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.file.StoreSettings.Retention;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps messages in files of a directory, beyond the end of the process and of the power.
 *
 * <pre>{@code
 * RobotStreamBroker.builder()
 *         .store(FileTopicStore.builder(Path.of("/var/lib/robot/topics"))
 *                 .syncInterval(Duration.ofMillis(200))
 *                 .retain(TopicFilter.of("joints/#"), 64 << 20, Duration.ofDays(1))
 *                 .build())
 *         .start();
 * }</pre>
 *
 * <p><b>What can be lost.</b> When the process is killed, what the store was not yet given: the messages that wait for it. When
 * the power fails or the system crashes, also what was not forced to the disk: what was appended within the last
 * {@link Builder#syncInterval} or makes less than {@link Builder#syncBytes}, whichever is reached first, as long as the disk
 * keeps its word. What is lost is always the newest; what was forced is never lost, and the order is kept.
 *
 * <p><b>Numbering.</b> After {@link #close} each topic goes on in its epoch. After any other end, and when files were found
 * damaged, all topics keep what was found and begin a new epoch, so no number stands for two messages.
 *
 * <p><b>Trouble.</b> While nothing can be written (a full disk, one that is read-only) the broker serves from memory: what is lost
 * to the store is counted and told, and it goes on when there is room. What is damaged in the files is left out, with all that
 * comes after it in its file, and told as {@code store_repaired}; it never fails the start. That fails if another process uses the
 * directory, if it cannot be made or read, or if files are of a newer format.
 */
public final class FileTopicStore implements TopicStore {
    private final StoreFiles files;
    private final StoreSettings settings;
    private final LongSupplier nanoTime;
    private final InstantSource wallClock;
    private final AtomicInteger openings = new AtomicInteger();
    private volatile Consumer<LogEntry.Builder> log = entry -> {};
    private volatile @Nullable SegmentLog segments;

    FileTopicStore(StoreFiles files, StoreSettings settings, LongSupplier nanoTime, InstantSource wallClock) {
        this.files = files;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.wallClock = wallClock;
    }

    /**
     * Begins a store.
     *
     * @param directory where its files are, for this store alone; it is made if it is not there
     * @return a builder
     */
    public static Builder builder(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return new Builder(directory);
    }

    @Override
    public void log(Consumer<LogEntry.Builder> value) {
        log = value;
    }

    @Override
    public List<StoredTopic> open() throws IOException {
        if (openings.incrementAndGet() > 1) {
            throw new IOException(
                    files.path("") + " is in use by another broker, which was given the same store: give each"
                            + " one of its own, or close the other first");
        }
        SegmentLog opened = new SegmentLog(files, settings, nanoTime, wallClock, log);
        segments = opened;
        return opened.open();
    }

    private SegmentLog segments() throws IOException {
        SegmentLog opened = segments;
        if (opened == null) {
            throw new IOException(files.path("") + " is not open");
        }
        return opened;
    }

    @Override
    public void append(List<Message> batch) throws IOException {
        segments().append(batch);
    }

    @Override
    public List<Message> read(String topic, long afterSequence, int limit) throws IOException {
        return segments().read(topic, afterSequence, limit);
    }

    @Override
    public void forget(String topic) throws IOException {
        segments().forget(topic);
    }

    @Override
    public Optional<Duration> idle() throws IOException {
        return segments().idle();
    }

    @Override
    public void close() throws IOException {
        SegmentLog opened = segments;
        if (openings.decrementAndGet() == 0 && opened != null) {
            segments = null;
            opened.close();
        }
    }

    /** Settings of a store. Each is checked when it is set; not safe for use by several threads. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(36_500);

        private final Path directory;
        private final Map<TopicFilter, Retention> retentions = new LinkedHashMap<>();
        private Retention retention =
                new Retention(16L << 20, Duration.ofDays(7).toSeconds());
        private Duration syncInterval = Duration.ofSeconds(1);
        private long syncBytes = 1L << 20;
        private long maxBytes = 256L << 20;
        private InstantSource clock = InstantSource.system();

        private Builder(Path directory) {
            this.directory = directory;
        }

        /**
         * After what time at the latest what was appended is forced to the disk. 1 s unless set. With zero, before the call that
         * appended it returns, which costs a write of the disk for each batch of messages.
         *
         * @param value zero to an hour
         * @return this
         */
        public Builder syncInterval(Duration value) {
            Objects.requireNonNull(value, "syncInterval");
            check(!value.isNegative() && value.compareTo(Duration.ofHours(1)) <= 0, "syncInterval", value, "0 to 1 h");
            syncInterval = value;
            return this;
        }

        /**
         * After how many bytes what was appended is forced to the disk at once. 1 MiB unless set.
         *
         * @param value 1 or more
         * @return this
         */
        public Builder syncBytes(long value) {
            check(value >= 1, "syncBytes", value, "1 or more");
            syncBytes = value;
            return this;
        }

        /**
         * How much of each topic is kept. At least so many bytes of its newest messages, and at most about one file more (a 32nd of
         * {@link #maxBytes}); but nothing that is older than that, once all beside it in its file is. The newest message
         * stays whatever its size and age. 16 MiB and 7 days unless set.
         *
         * @param bytes 0 or more; 0 keeps little but the newest message
         * @param age by the wall clock, 1 s to 100 years
         * @return this
         */
        public Builder retain(long bytes, Duration age) {
            Objects.requireNonNull(age, "age");
            retention = checked(bytes, age);
            return this;
        }

        /**
         * The same for some topics. Of several filters that match a topic the one that was set first counts.
         *
         * @param topics whose topics
         * @param bytes as above
         * @param age as above
         * @return this
         */
        public Builder retain(TopicFilter topics, long bytes, Duration age) {
            Objects.requireNonNull(topics, "topics");
            Objects.requireNonNull(age, "age");
            retentions.put(topics, checked(bytes, age));
            return this;
        }

        private static Retention checked(long bytes, Duration age) {
            check(bytes >= 0, "bytes", bytes, "0 or more");
            check(age.toSeconds() >= 1 && age.compareTo(LONGEST) <= 0, "age", age, "1 s to 100 years");
            return new Retention(bytes, age.toSeconds());
        }

        /**
         * How large all files together become, about. Beyond it the oldest messages go whatever is to be retained, but for the newest
         * of each topic. 256 MiB unless set.
         *
         * @param value 1 MiB or more
         * @return this
         */
        public Builder maxBytes(long value) {
            check(value >= 1 << 20, "maxBytes", value, "1 MiB or more");
            maxBytes = value;
            return this;
        }

        /**
         * The wall clock that decides which messages have outlived their retention; the system clock unless set. Set it where the broker's
         * time is not the system's, as in a simulation or a test: messages carry the broker's time.
         *
         * @param value safe for use by several threads
         * @return this
         */
        public Builder clock(InstantSource value) {
            Objects.requireNonNull(value, "clock");
            clock = value;
            return this;
        }

        private static void check(boolean holds, String name, Object value, String range) {
            if (!holds) {
                throw new IllegalArgumentException(name + " is " + value + ": it has to be " + range);
            }
        }

        /** {@return the store; nothing is opened yet} */
        public FileTopicStore build() {
            return build(new DirectoryFiles(directory), System::nanoTime, clock);
        }

        FileTopicStore build(StoreFiles files, LongSupplier nanoTime, InstantSource wallClock) {
            int segmentBytes = (int) Math.min(maxBytes / 32, 16L << 20);
            StoreSettings settings = new StoreSettings(
                    syncInterval.toNanos(),
                    syncBytes,
                    maxBytes,
                    segmentBytes,
                    retention,
                    new LinkedHashMap<>(retentions));
            return new FileTopicStore(files, settings, nanoTime, wallClock);
        }
    }
}
