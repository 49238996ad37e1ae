package io.github.robotstream.file;

import io.github.robotstream.file.StoreSettings.Retention;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the messages of one topic are in its present epoch, oldest first. */
final class StoredLog {
    final String topic;
    final Retention retention;
    final List<Chunk> chunks = new ArrayList<>();
    String epoch;
    long lastSequence;
    private long bytes;
    /** Where the last read ended, so that the next one need not begin with the segment. */
    private @Nullable Chunk readChunk;

    private long readSequence;
    private long readPosition;

    StoredLog(String topic, String epoch, Retention retention) {
        this.topic = topic;
        this.epoch = epoch;
        this.retention = retention;
    }

    /** The chunk of the last message, which is never given up but for a forgotten topic or a new epoch. */
    Chunk last() {
        return chunks.get(chunks.size() - 1);
    }

    void add(Segment segment, long begin, int size, long sequence, long second) {
        Chunk chunk = chunks.isEmpty() ? null : last();
        if (chunk == null || chunk.segment != segment) {
            chunk = new Chunk(segment);
            chunks.add(chunk);
            segment.chunks.put(topic, chunk);
        }
        chunk.add(begin, size, sequence, second);
        bytes += size;
        lastSequence = sequence;
    }

    /** Needs nothing of it any more. */
    void drop() {
        while (!chunks.isEmpty()) {
            drop(chunks.get(0));
        }
        lastSequence = 0;
    }

    /** Needs no more of a chunk than its message that is the topic's last, if it is. */
    void release(Chunk chunk) {
        if (chunk == last()) {
            bytes -= chunk.bytes;
            chunk.shrinkToLast();
            bytes += chunk.bytes;
        } else {
            drop(chunk);
        }
    }

    private void drop(Chunk chunk) {
        chunks.remove(chunk);
        bytes -= chunk.bytes;
        chunk.segment.live -= chunk.bytes;
        chunk.segment.chunks.remove(topic);
    }

    /** Gives up what is too old, or more than is to be kept; a chunk as a whole, except for the last. */
    void expire(long nowSecond) {
        while (chunks.size() > 1 && isOver(chunks.get(0), nowSecond)) {
            drop(chunks.get(0));
        }
        if (chunks.size() == 1 && isOver(last(), nowSecond)) {
            release(last());
        }
    }

    /** Whether all of a chunk is too old, or what comes after it, or after it but for its last message, is enough. */
    private boolean isOver(Chunk oldest, long nowSecond) {
        long rest = chunks.size() > 1 ? bytes - oldest.bytes : oldest.end - oldest.lastBegin;
        return rest >= retention.bytes() || oldest.lastSecond < nowSecond - retention.seconds();
    }

    /** Has a copy in the place of chunks; without one they could not be read. */
    void replace(List<Chunk> former, @Nullable Chunk copy) {
        if (copy != null) {
            chunks.add(chunks.indexOf(former.get(0)), copy);
            copy.segment.chunks.put(topic, copy);
            bytes += copy.bytes;
        }
        former.forEach(this::drop);
    }

    /** Where to begin reading a chunk for what comes after a number. */
    long positionAfter(long sequence, Chunk chunk) {
        return chunk == readChunk && sequence == readSequence ? Math.max(chunk.begin, readPosition) : chunk.begin;
    }

    void hasRead(Chunk chunk, long sequence, long position) {
        readChunk = chunk;
        readSequence = sequence;
        readPosition = position;
    }
}
