package io.github.robotstream.internal.protocol;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Finds a key that stands twice in one object, compared after unescaping, in time that no choice of keys can spoil.
 *
 * <p>Each key of the objects that are open is kept as hash and position in one long, 8 bytes a key. When an object
 * ends, its part is sorted and only neighbours of equal hash are compared as texts. The hash is the key's polynomial
 * modulo 2^31-1 at a secret random point: whoever does not know the point cannot make texts collide more often than
 * length / 2^31 (Carter and Wegman 1979), and the keys of one frame share its length.
 */
final class DuplicateKeys {
    private static final long PRIME = (1L << 31) - 1;
    private static final long SECRET = new SecureRandom().nextInt(1 << 16, (int) PRIME);
    private static final int USUAL_KEYS = 64;

    private final int[] firstOfLevel = new int[JsonScan.MAX_DEPTH + 1];
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

    void add(byte[] bytes, int open) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * size);
        }
        entries[size++] = hash(bytes, open) << 32 | open;
    }

    void objectEnds(byte[] bytes, int level) throws JsonException {
        int first = firstOfLevel[level];
        Arrays.sort(entries, first, size);
        for (int i = first + 1; i < size; i++) {
            for (int j = i - 1; j >= first && entries[j] >> 32 == entries[i] >> 32; j--) {
                throwIfSame(bytes, (int) entries[j], (int) entries[i]);
            }
        }
        size = first;
    }

    private static void throwIfSame(byte[] bytes, int open, int laterOpen) throws JsonException {
        if (JsonStrings.same(bytes, open, laterOpen)) {
            throw JsonErrors.duplicateKey(bytes, laterOpen, JsonStrings.skip(bytes, laterOpen, bytes.length));
        }
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
