package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a topic has had, and what its history, or a store, keeps of that. An epoch is known by how many were before it. */
final class HistoryModel {
    final String name;
    /** How many messages; with a store all. */
    private final int kept;

    final int ceilingHz;

    private final List<List<Long>> epochs = new ArrayList<>();
    private final Map<String, Integer> known = new HashMap<>();
    /** The first epoch of which anybody may be told since the broker's start. */
    private int firstOfRun;

    /** A message's number and value. */
    record Entry(int epoch, long sequence, long value) {}

    /** Where a client has stopped. */
    record Position(int epoch, String epochName, long sequence) {
        String json() {
            return "{\"epoch\":" + epochName + ",\"seq\":" + sequence + "}";
        }
    }

    /** One whose robot code has set how many messages are kept, none with 0, and how many a second a client is sent, if that is not 0. */
    HistoryModel(String name, int kept, int ceilingHz) {
        this.name = name;
        this.kept = kept;
        this.ceilingHz = ceilingHz;
        epochs.add(new ArrayList<>());
    }

    void published(long value) {
        present().add(value);
    }

    void cleared() {
        epochs.add(new ArrayList<>());
    }

    /** The broker has begun again. With another epoch, the numbers of what was found stay. */
    void restarted(List<Long> found, boolean sameEpoch) {
        if (!sameEpoch) {
            epochs.add(new ArrayList<>(found));
        }
        firstOfRun = epoch();
    }

    /** Whether anything is kept. */
    boolean isRetained() {
        return kept > 0;
    }

    /** {@return what a store has of the present epoch} */
    List<Long> stored() {
        return isRetained() ? List.copyOf(present()) : List.of();
    }

    private List<Long> present() {
        return epochs.get(epochs.size() - 1);
    }

    int epoch() {
        return epochs.size() - 1;
    }

    long last() {
        return present().size();
    }

    long oldest() {
        return Math.max(1, last() - kept + 1);
    }

    /** A client has read a message: nobody is told another value of that number. */
    Entry read(String epochName, long sequence, long value) {
        int epoch = known.computeIfAbsent(epochName, first -> epochOf(sequence, value));
        assertThat(epoch).as("the epoch %s of %s", epochName, name).isNotNegative();
        assertThat(epochs.get(epoch).get((int) sequence - 1))
                .as("number %s of %s in %s", sequence, name, epochName)
                .isEqualTo(value);
        return new Entry(epoch, sequence, value);
    }

    private int epochOf(long sequence, long value) {
        for (int epoch = firstOfRun; epoch < epochs.size(); epoch++) {
            List<Long> values = epochs.get(epoch);
            boolean isIt = sequence <= values.size() && values.get((int) sequence - 1) == value;
            if (isIt && !known.containsValue(epoch)) {
                return epoch;
            }
        }
        return -1;
    }

    /** Whether all that came after a position is kept. */
    boolean hasAllAfter(Position position) {
        return isRetained()
                && position.epoch == epoch()
                && position.sequence >= oldest() - 1
                && position.sequence <= last();
    }

    /** What is kept, from behind a number on. */
    List<Entry> after(long sequence) {
        List<Entry> entries = new ArrayList<>();
        for (long next = sequence + 1; next <= last(); next++) {
            entries.add(new Entry(epoch(), next, present().get((int) next - 1)));
        }
        return entries;
    }

    @Override
    public String toString() {
        return name;
    }
}
