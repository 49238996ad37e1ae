package io.github.robotstream.internal.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names of topics that requests have had lately, by the bytes that spelled them: a client publishes on few topics again and again, and a name
 * that was read before is neither made nor checked anew. For one thread at a time.
 */
final class RecentNames {
    private static final int PLACES = 16;

    private final byte[] @Nullable [] spelled = new byte[PLACES] @Nullable [];
    private final @Nullable String[] names = new @Nullable String[PLACES];

    /** The name that these bytes spelled before, or null. */
    @Nullable
    String find(byte[] bytes, int start, int end) {
        int place = place(bytes, start, end);
        byte[] known = spelled[place];
        return known != null && Arrays.equals(known, 0, known.length, bytes, start, end) ? names[place] : null;
    }

    /** Keeps a name in place of another. */
    void keep(byte[] bytes, int start, int end, String name) {
        int place = place(bytes, start, end);
        spelled[place] = Arrays.copyOfRange(bytes, start, end);
        names[place] = name;
    }

    /** By what topics of one robot differ in most: their length and their last characters before the quote. */
    private static int place(byte[] bytes, int start, int end) {
        int hash = end - start;
        for (int i = Math.max(start, end - 4); i < end; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash & (PLACES - 1);
    }
}
