package io.github.robotstream.file;

/** The messages of one topic in one segment that are needed: those from one position to another one. */
final class Chunk {
    final Segment segment;
    /** Where the first record begins, the last one begins, and the last one ends. */
    long begin = -1;

    long lastBegin;
    long end;
    /** How many bytes its records take; those of other topics between them do not count. */
    long bytes;

    long lastSequence;
    /** The latest time of a message, in seconds since 1970. */
    long lastSecond = Long.MIN_VALUE;

    Chunk(Segment segment) {
        this.segment = segment;
    }

    void add(long recordBegin, int size, long sequence, long second) {
        if (begin < 0) {
            begin = recordBegin;
        }
        lastBegin = recordBegin;
        end = recordBegin + size;
        bytes += size;
        segment.live += size;
        lastSequence = sequence;
        lastSecond = Math.max(lastSecond, second);
    }

    boolean holds(long recordBegin) {
        return recordBegin >= begin && recordBegin <= lastBegin;
    }

    /** Needs nothing but the last message from now on. */
    void shrinkToLast() {
        long last = end - lastBegin;
        segment.live -= bytes - last;
        bytes = last;
        begin = lastBegin;
    }
}
