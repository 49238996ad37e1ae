package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a topic has had since its numbers began, and what of that has to be kept whatever happens to the disk: its last messages, which are in
 * memory, and of those that the store has said it keeps so many bytes as are to be retained, if they are not too old. More may be kept.
 */
final class KeptModel {
    /** No record of a file is larger. */
    private static final int RECORD_BYTES = 100;

    final String name;
    /** By number. */
    final TreeMap<Long, Item> items = new TreeMap<>();

    private final int inMemory;
    private final Retention retention;
    /** By epoch and number, of all runs of the broker. */
    private final Map<String, Long> told = new HashMap<>();
    /** Empty until somebody was told. */
    private String epoch = "";

    private long last;
    private int life;
    /** Up to here nothing is in memory, as it was published before the broker's start. */
    private long runFloor;

    /** What a store keeps of each topic. */
    record Retention(long bytes, long seconds) {}

    /** A message. */
    static final class Item {
        final KeptModel topic;
        final int life;
        final long number;
        final long value;
        final long second;
        boolean isStored;
        boolean isForced;
        /** Whether it has once been as old as nothing has to be kept. */
        boolean isOld;

        private Item(KeptModel topic, int life, long number, long value, long second) {
            this.topic = topic;
            this.life = life;
            this.number = number;
            this.value = value;
            this.second = second;
        }

        @Override
        public String toString() {
            return topic + " " + life + "/" + number + "=" + value;
        }
    }

    KeptModel(String name, int inMemory, Retention retention) {
        this.name = name;
        this.inMemory = inMemory;
        this.retention = retention;
    }

    Item published(long value, long second) {
        last++;
        Item item = new Item(this, life, last, value, second);
        items.put(last, item);
        return item;
    }

    void cleared() {
        beginAgain();
        last = 0;
        runFloor = 0;
    }

    private void beginAgain() {
        items.clear();
        life++;
        epoch = "";
    }

    /** The broker has begun again, and the topic goes on as it was; {@code found} is what is kept of it, by number. */
    void goesOn(Map<Long, Long> found) {
        items.keySet().retainAll(found.keySet());
        runFloor = last;
    }

    /** The broker has begun again, and the topic has a new epoch. */
    Map<Long, Item> beginsAnew(Map<Long, Long> found, Map<Long, Item> all) {
        beginAgain();
        last = 0;
        found.forEach((number, value) -> {
            Item item = new Item(this, life, number, value, all.get(value).second);
            item.isOld = all.get(value).isOld;
            item.isStored = true;
            items.put(number, item);
            last = number;
        });
        runFloor = last;
        return items;
    }

    long last() {
        return last;
    }

    int life() {
        return life;
    }

    String epoch() {
        return epoch;
    }

    /** Somebody is told of a message: nobody is told another one of that epoch and number. */
    void tells(String epochName, Item item) {
        if (item.life == life) {
            tellsEpoch(epochName);
        }
        Long before = told.putIfAbsent(epochName + item.number, item.value);
        assertThat(before == null || before == item.value)
                .as("number %s of %s in %s was %s, and is %s", item.number, name, epochName, before, item)
                .isTrue();
    }

    void tellsEpoch(String epochName) {
        assertThat(epoch.isEmpty() || epoch.equals(epochName))
                .as("the epoch of %s was %s, and is %s", name, epoch, epochName)
                .isTrue();
        epoch = epochName;
    }

    /** Time has gone by, or the wall clock was set. */
    void ages(long nowSecond) {
        items.values().forEach(item -> item.isOld |= nowSecond - item.second >= retention.seconds - 1);
    }

    /** Memory has all behind this number. */
    long memoryFloor() {
        return Math.max(last - inMemory, runFloor);
    }

    boolean mustHave(long number) {
        return number > memoryFloor() ? number <= last : mustBeStored(number);
    }

    /** Whether the store has to have it, whatever memory has. */
    boolean mustBeStored(long number) {
        Item item = items.get(number);
        if (item == null || !item.isStored) {
            return false;
        }
        long newerBytes = 0;
        for (Item newer : items.tailMap(number, true).values()) {
            newerBytes += RECORD_BYTES; // though the store has not said that it keeps it, it may
            if (newer.isOld) {
                return false;
            }
        }
        return newerBytes <= retention.bytes;
    }

    boolean mustSurviveCrash(long number) {
        return items.get(number).isForced && mustBeStored(number);
    }

    boolean isLastStored() {
        return last == 0 || items.get(last).isStored;
    }

    /** Whether all after a number has to be kept. */
    boolean mustHaveAllAfter(long number) {
        return number >= memoryFloor() || mustHave(number + 1);
    }

    @Override
    public String toString() {
        return name;
    }
}
