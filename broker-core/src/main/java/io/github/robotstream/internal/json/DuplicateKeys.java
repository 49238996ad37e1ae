package io.github.robotstream.internal.json;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Finds a key that stands twice in one object, compared after unescaping, in time that no choice of keys can spoil: of more than
 * a few keys only neighbours by hash are compared. The hash is the key's polynomial modulo 2^31-1 at a secret random point: who
 * does not know it cannot make texts collide in more than length / 2^31 of the cases (Carter and Wegman 1979).
 */
final class DuplicateKeys {
    private static final int FEW = 8;
    private static final long PRIME = (1L << 31) - 1;
    private static final long SECRET = new SecureRandom().nextInt(1 << 16, (int) PRIME);
    private static final int USUAL_KEYS = 64;

    private final int[] firstOfLevel = new int[JsonScan.MAX_DEPTH + 1];
    /** The index of a key's opening quote in the lower half; in the upper its hash, once it was needed. */
    private long[] entries = new long[USUAL_KEYS];

    private int size;

    /** Forgets all keys, and gives back what an unusual text has taken. */
    void clear() {
        size = 0;
        if (entries.length > 16 * USUAL_KEYS) {
            entries = new long[USUAL_KEYS];
        }
    }

    void objectBegins(int level) {
        firstOfLevel[level] = size;
    }

    void add(int open) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * size);
        }
        entries[size++] = open;
    }

    void objectEnds(byte[] bytes, int level) throws JsonException {
        int first = firstOfLevel[level];
        if (size - first > FEW) {
            sortByHash(bytes, first);
        }
        for (int i = first + 1; i < size; i++) {
            for (int j = i - 1; j >= first && hash(j) == hash(i); j--) {
                int open = (int) entries[i];
                if (JsonStrings.same(bytes, (int) entries[j], open)) {
                    throw JsonErrors.duplicateKey(bytes, open, JsonStrings.skip(bytes, open, bytes.length));
                }
            }
        }
        size = first;
    }

    private void sortByHash(byte[] bytes, int first) {
        for (int i = first; i < size; i++) {
            entries[i] |= hash(bytes, (int) entries[i]) << 32;
        }
        Arrays.sort(entries, first, size);
    }

    /** Zero for each of few keys, so that all are compared. */
    private long hash(int entry) {
        return entries[entry] >> 32;
    }

    private static long hash(byte[] bytes, int open) {
        long hash = 1;
        int at = open + 1;
        while (bytes[at] != '"') {
            long character = JsonStrings.next(bytes, at);
            hash = hash * SECRET + JsonStrings.codePoint(character);
            hash = (hash & PRIME) + (hash >>> 31);
            hash = (hash & PRIME) + (hash >>> 31);
            at = JsonStrings.indexAfter(character);
        }
        return hash;
    }
}
