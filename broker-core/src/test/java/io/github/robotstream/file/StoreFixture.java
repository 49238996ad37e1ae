package io.github.robotstream.file;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.file.StoreSettings.Retention;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** A store on a fake disk, with small files and a clock that a test sets. */
final class StoreFixture {
    static final Retention ALL = new Retention(1L << 40, Duration.ofDays(3650).toSeconds());

    final FakeDisk disk;
    final ManualClock clock = new ManualClock();
    final List<String> told = new ArrayList<>();
    final Map<TopicFilter, Retention> retentions = new LinkedHashMap<>();
    StoreSettings settings;
    FileTopicStore store;

    StoreFixture() {
        this(settings -> settings);
    }

    /** With other settings than files of 4 KiB, everything retained, and a sync after a second or 16 KiB. */
    StoreFixture(UnaryOperator<StoreSettings> change) {
        this.disk = new FakeDisk();
        this.settings = change.apply(new StoreSettings(1_000_000_000, 16 << 10, 1L << 40, 4 << 10, ALL, retentions));
        this.store = newStore();
    }

    static UnaryOperator<StoreSettings> retention(long bytes, Duration age) {
        return s -> new StoreSettings(
                s.syncNanos(),
                s.syncBytes(),
                s.maxBytes(),
                s.segmentBytes(),
                new Retention(bytes, age.toSeconds()),
                s.retentions());
    }

    FileTopicStore newStore() {
        FileTopicStore made = new FileTopicStore(disk, settings, clock::nanoTime, clock::now);
        made.log(entry -> told.add(text(entry.at(clock.now()))));
        return made;
    }

    private static String text(LogEntry entry) {
        return entry.event() + ": " + entry.message();
    }

    List<StoredTopic> reopen() throws IOException {
        store = newStore();
        return store.open();
    }

    StoredTopic reopenOne() throws IOException {
        List<StoredTopic> topics = reopen();
        if (topics.size() != 1) {
            throw new AssertionError("not one topic but " + topics);
        }
        return topics.get(0);
    }

    Message message(String topic, String epoch, long sequence, String json) {
        return new Message(topic, Payload.of(topic, "any", json), epoch, sequence, clock.now(), "robot");
    }

    /** Appends messages whose values are their numbers, with so many characters more. */
    void append(String topic, String epoch, int characters, long first, long last) throws IOException {
        store.append(LongStream.rangeClosed(first, last)
                .mapToObj(n -> message(topic, epoch, n, "\"" + n + "-".repeat(characters) + "\""))
                .toList());
    }

    void append(String topic, long first, long last) throws IOException {
        append(topic, "e1", 100, first, last);
    }

    List<Long> sequences(String topic) throws IOException {
        return sequences(topic, 0);
    }

    List<Long> sequences(String topic, long after) throws IOException {
        return store.read(topic, after, Integer.MAX_VALUE).stream()
                .map(Message::sequence)
                .toList();
    }

    static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    /** Lets the store do all that is due, without letting time go by. */
    void settle() throws IOException {
        while (store.idle().filter(Duration::isZero).isPresent()) {}
    }
}
