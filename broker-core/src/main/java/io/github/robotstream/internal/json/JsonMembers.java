package io.github.robotstream.internal.json;

import java.util.Arrays;

/** Where the members of the outermost object and of the objects right in it stand, in the order of the text. */
final class JsonMembers {
    static final int MAX_LEVEL = 2;

    private static final int LEVEL = 0;
    private static final int KEY = 1;
    private static final int START = 2;
    private static final int END = 3;
    private static final int FIELDS = 4;
    private static final int USUAL_MEMBERS = 16;

    private final int[] latestOfLevel = new int[MAX_LEVEL + 1];
    private int[] table = new int[FIELDS * USUAL_MEMBERS];
    private int count;

    /** Forgets all members, and gives back what an unusual text has taken. */
    void clear() {
        count = 0;
        if (table.length > 16 * FIELDS * USUAL_MEMBERS) {
            table = new int[FIELDS * USUAL_MEMBERS];
        }
    }

    void begin(int level, int keyOpen, int valueStart) {
        int row = FIELDS * count;
        if (row == table.length) {
            table = Arrays.copyOf(table, 2 * row);
        }
        table[row + LEVEL] = level;
        table[row + KEY] = keyOpen;
        table[row + START] = valueStart;
        latestOfLevel[level] = count++;
    }

    void end(int level, int valueEnd) {
        table[FIELDS * latestOfLevel[level] + END] = valueEnd;
    }

    /** The first member of the value of {@code parent}, or {@link JsonScan#ABSENT}. */
    int first(int parent) {
        int level = parent == JsonScan.ROOT ? 0 : level(parent);
        int child = parent + 1;
        return child < count && level(child) == level + 1 ? child : JsonScan.ABSENT;
    }

    /** The member after {@code member} in the same object, or {@link JsonScan#ABSENT}. */
    int next(int member) {
        int level = level(member);
        int next = member + 1;
        while (next < count && level(next) > level) {
            next++;
        }
        return next < count && level(next) == level ? next : JsonScan.ABSENT;
    }

    private int level(int member) {
        return table[FIELDS * member + LEVEL];
    }

    int keyOpen(int member) {
        return table[FIELDS * member + KEY];
    }

    int valueStart(int member) {
        return table[FIELDS * member + START];
    }

    int valueEnd(int member) {
        return table[FIELDS * member + END];
    }
}
