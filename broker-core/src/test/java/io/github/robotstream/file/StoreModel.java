package io.github.robotstream.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.spi.StoredTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a store may answer: everything that was done to it, with what of that is surely on the disk. */
final class StoreModel {
    /** A message, or the end of all before it. */
    private static final class Change {
        final String value;
        final boolean ends;
        /** Whether it may be there or not, since the call failed. */
        boolean unsure;

        Change(String value, boolean ends) {
            this.value = value;
            this.ends = ends;
        }

        @Override
        public String toString() {
            return (ends ? "|" : "") + number(value) + (unsure ? "?" : "");
        }
    }

    private static final class Topic {
        final List<Change> changes = new ArrayList<>();
        String epoch = "";
        long sequence;
        int synced;
        boolean behind;
        /** Values that retention had given up already, of which some may come back with the loss of newer ones. */
        final Set<String> givenUp = new HashSet<>();
    }

    private final boolean keepsAll;
    private final Map<String, Topic> topics = new TreeMap<>();
    private final Map<String, String> valueByNumber = new HashMap<>();
    private int values;
    private int epochs;

    StoreModel(boolean keepsAll) {
        this.keepsAll = keepsAll;
    }

    private Topic topic(String name) {
        return topics.computeIfAbsent(name, n -> new Topic());
    }

    /** The next message of a topic, which is given out to somebody whether the store keeps it or not. */
    Message next(StoreFixture fixture, String name, boolean newEpoch, int size) {
        Topic topic = topic(name);
        boolean begins = newEpoch || topic.epoch.isEmpty();
        if (begins) {
            topic.epoch = "m" + ++epochs;
            topic.sequence = 0;
        }
        if (begins) {
            topic.changes.add(new Change("", true)); // may be there without the message
        }
        String value = "\"" + ++values + "-".repeat(size) + "\"";
        topic.changes.add(new Change(value, begins));
        Message message = fixture.message(name, topic.epoch, ++topic.sequence, value);
        givenOut(message);
        return message;
    }

    private void givenOut(Message message) {
        String number = message.topic() + " " + message.epoch() + ":" + message.sequence();
        String value = message.payload().json();
        assertThat(valueByNumber.putIfAbsent(number, value)).as(number).isIn(null, value);
    }

    /** The last message of each of these topics was appended, or the call threw. */
    void appended(List<Message> batch, boolean failed) {
        Map<String, Integer> counts = new HashMap<>();
        batch.forEach(message -> counts.merge(message.topic(), 1, Integer::sum));
        counts.forEach((name, count) -> {
            Topic topic = topic(name);
            topic.behind = failed;
            int left = failed ? count : 0;
            for (int i = topic.changes.size() - 1; i >= 0 && left >= 0; i--) {
                Change change = topic.changes.get(i);
                left -= change.value.isEmpty() ? 0 : 1;
                change.unsure |= failed && left >= 0;
            }
        });
    }

    void forgotten(String name, boolean failed) {
        Topic topic = topic(name);
        Change change = new Change("", true);
        change.unsure = failed;
        topic.changes.add(change);
        topic.epoch = "";
        topic.behind = failed;
    }

    /** The topics whose last change the store did not get. */
    List<String> behind() {
        return topics.entrySet().stream()
                .filter(entry -> entry.getValue().behind)
                .map(Map.Entry::getKey)
                .toList();
    }

    void allSynced() {
        topics.values().forEach(topic -> topic.synced = topic.changes.size());
    }

    /** What was not synced until now never will be. */
    void unsyncedIsUnsure() {
        topics.values()
                .forEach(topic -> topic.changes
                        .subList(topic.synced, topic.changes.size())
                        .forEach(change -> change.unsure = true));
    }

    List<String> names() {
        return List.copyOf(topics.keySet());
    }

    /** What is read while the store is open is all that was appended. */
    void checkRead(String name, List<Message> read) {
        Topic topic = topic(name);
        read.forEach(this::givenOut);
        assertThat(isAfter(topic, topic.changes.size(), values(read)))
                .as("%s is %s", name, values(read))
                .isTrue();
    }

    /** A store has opened: each topic is as it was after some of its changes, of which none that was synced is missing. */
    void opened(StoreFixture fixture, List<StoredTopic> standing, boolean clean) throws Exception {
        Map<String, StoredTopic> byName = new HashMap<>();
        standing.forEach(stored -> byName.put(stored.name(), stored));
        assertThat(topics.keySet()).containsAll(byName.keySet());
        for (Map.Entry<String, Topic> entry : topics.entrySet()) {
            Topic before = entry.getValue();
            StoredTopic stored = byName.get(entry.getKey());
            List<Message> read = fixture.store.read(entry.getKey(), 0, Integer.MAX_VALUE);
            assertThat(isAfterSynced(before, values(read)))
                    .as(
                            "%s is %s of %s, %d synced, told %s",
                            entry.getKey(), numbers(read), before.changes, before.synced, fixture.told)
                    .isTrue();
            if (clean && stored != null) {
                assertThat(stored.epoch()).isEqualTo(before.epoch);
                assertThat(stored.lastSequence()).isEqualTo(before.sequence);
            }
            Topic now = asItIs(stored, read);
            now.givenUp.addAll(before.givenUp);
            before.changes.forEach(change -> now.givenUp.add(change.value));
            now.changes.forEach(change -> now.givenUp.remove(change.value));
            entry.setValue(now);
        }
    }

    private Topic asItIs(@Nullable StoredTopic stored, List<Message> read) {
        Topic topic = new Topic();
        read.forEach(this::givenOut);
        read.forEach(message -> topic.changes.add(new Change(message.payload().json(), false)));
        topic.synced = topic.changes.size();
        if (stored == null) {
            assertThat(read).isEmpty();
        } else {
            Message last = read.get(read.size() - 1);
            topic.epoch = stored.epoch();
            topic.sequence = stored.lastSequence();
            assertThat(last.sequence()).isEqualTo(stored.lastSequence());
            assertThat(stored.latest().orElseThrow().payload()).isEqualTo(last.payload());
            assertThat(read).extracting(Message::epoch).containsOnly(stored.epoch());
        }
        return topic;
    }

    private static List<String> values(List<Message> read) {
        return read.stream().map(message -> message.payload().json()).toList();
    }

    private static List<String> numbers(List<Message> read) {
        return values(read).stream().map(StoreModel::number).toList();
    }

    private static String number(String value) {
        return value.replaceAll("[-\"]", "");
    }

    private boolean isAfterSynced(Topic topic, List<String> read) {
        for (int count = topic.changes.size(); count >= topic.synced; count--) {
            if (isAfter(topic, count, withoutGivenUp(topic, read))) {
                return true;
            }
        }
        return false;
    }

    private List<String> withoutGivenUp(Topic topic, List<String> read) {
        return keepsAll
                ? read
                : read.stream().dropWhile(topic.givenUp::contains).toList();
    }

    /** Whether that can be read after so many changes, of which unsure ones may be there or not. */
    private boolean isAfter(Topic topic, int count, List<String> read) {
        List<Change> changes = topic.changes.subList(0, count);
        int begin = count;
        while (begin > 0) {
            begin--;
            if (changes.get(begin).ends) {
                if (isRest(changes.subList(begin, count), read)) {
                    return true;
                }
                if (!changes.get(begin).unsure) {
                    return false;
                }
            }
        }
        return isRest(changes, read);
    }

    private boolean isRest(List<Change> changes, List<String> read) {
        int next = 0;
        boolean complete = true;
        for (Change change : changes) {
            if (next < read.size() && change.value.equals(read.get(next))) {
                next++;
            } else if (!change.unsure && !change.value.isEmpty()) {
                complete &= next == 0 && !keepsAll && !read.isEmpty();
            }
        }
        return complete && next == read.size();
    }
}
