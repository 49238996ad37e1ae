package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of a topic: which value has which number. */
final class TopicModel {
    final String name;
    final boolean isCommand;
    final boolean isBinary;
    /** By number, of the present epoch. */
    final TreeMap<Long, Publication> numbered = new TreeMap<>();

    private final Map<String, Integer> lastOf = new HashMap<>();

    @Nullable
    String epoch;
    /** How many were published whose number nobody was told. */
    int unnumbered;

    TopicModel(String name) {
        this.name = name;
        this.isCommand = name.startsWith("cmd");
        this.isBinary = name.equals(Settings.CAMERA);
    }

    /** Something that was published, by robot code or a client. */
    static final class Publication {
        final int id;
        final TopicModel topic;
        final String publisher;
        final String frame;
        final Moment at;
        /** The client that is to get no copy. */
        final @Nullable SimulatedClient notTo;
        /** Whether the broker has to number it. */
        boolean isCertain = true;

        long number;
        /** By the end of this rest some client knew its number. */
        int learnedAtRest = Integer.MAX_VALUE;

        long learnedNanos;

        Publication(
                int id, TopicModel topic, String publisher, String value, Moment at, @Nullable SimulatedClient notTo) {
            this.id = id;
            this.topic = topic;
            this.publisher = publisher;
            this.frame = topic.isBinary ? Frame.bytes(topic.name, value) : Frame.message(topic.name, value);
            this.at = at;
            this.notTo = notTo;
        }

        @Override
        public String toString() {
            return publisher + "'s [" + id + "] of " + topic;
        }
    }

    /** Nobody knows any numbers of it any more: the broker has begun anew. */
    void restarted() {
        numbered.values().forEach(publication -> {
            publication.number = 0;
            publication.learnedAtRest = Integer.MAX_VALUE;
        });
        numbered.clear();
        unnumbered = 0;
        lastOf.clear();
        epoch = null;
    }

    long last() {
        return numbered.isEmpty() ? 0 : numbered.lastKey();
    }

    /** A client was told the number of a value: the same that everybody is told. */
    void learn(Publication publication, long number, Moment now) {
        Publication present = numbered.putIfAbsent(number, publication);
        if (present != null) {
            assertThat(present.id)
                    .as("the value with number %s of %s", number, name)
                    .isEqualTo(publication.id);
            return;
        }
        assertThat(publication.number).as("a second number of %s", publication).isZero();
        unnumbered = Math.max(0, unnumbered - 1); // one of a former run does not count
        publication.number = number;
        publication.learnedAtRest = now.rests;
        publication.learnedNanos = now.nanos;
    }

    void learnEpoch(String told) {
        if (epoch == null) {
            epoch = told;
        }
        assertThat(told).as("the epoch of %s", name).isEqualTo(epoch);
    }

    /** A publisher's values have to be numbered in the order in which it published them. */
    void checkOrder() {
        lastOf.clear();
        numbered.forEach((number, publication) -> {
            Integer before = lastOf.put(publication.publisher, publication.id);
            assertThat(before == null || before < publication.id)
                    .as("%s of %s stands behind an earlier one of %s", number, name, publication.publisher)
                    .isTrue();
        });
    }

    /** How many of the numbers in a range, the first excluded, a client's subscriptions are not offered. */
    long notOffered(long after, long to, SimulatedClient client) {
        return numbered.subMap(after, false, to, true).values().stream()
                .filter(publication -> publication.notTo == client)
                .count();
    }

    @Override
    public String toString() {
        return name;
    }
}
