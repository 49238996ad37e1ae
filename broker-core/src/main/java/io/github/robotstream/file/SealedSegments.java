package io.github.robotstream.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments that are not written any more, oldest first: what of them is to be kept, and files that hold little of that are deleted
 * or put together. Whatever makes a record needless has to be on the disk before {@link #tidy} and {@link #finish}.
 */
final class SealedSegments {
    private final StoreFiles files;
    private final StoreSettings settings;
    private final LogIndex index;
    private final List<Segment> segments = new ArrayList<>();
    private @Nullable Compaction compaction;

    SealedSegments(StoreFiles files, StoreSettings settings, LogIndex index) {
        this.files = files;
        this.settings = settings;
        this.index = index;
    }

    void add(Segment newest) {
        segments.add(newest);
    }

    /** Finds out what is not to be kept any longer, for its age, for what follows it or for the size of all. */
    void release(long nowSecond) {
        index.expire(nowSecond);
        long excess = segments.stream().mapToLong(segment -> segment.size).sum()
                + settings.segmentBytes()
                - settings.maxBytes();
        for (int i = 0; i < segments.size() && excess > 0; i++) {
            index.release(segments.get(i));
            excess -= segments.get(i).size - needed(segments.get(i));
        }
    }

    private static long needed(Segment segment) {
        return segment.live + segment.control;
    }

    /** Deletes files that hold nothing that is needed, and begins to copy what is needed of others. */
    void tidy() throws IOException {
        for (int i = 0; i < segments.size(); ) {
            Segment segment = segments.get(i);
            if (segment.live == 0 && (segment.control == 0 || i == 0)) {
                files.delete(segment.name());
                segments.remove(i);
            } else {
                i++;
            }
        }
        for (int i = 0; i < segments.size() && compaction == null; i++) {
            Segment segment = segments.get(i);
            if (i + 1 < segments.size()
                    && needed(segment) + needed(segments.get(i + 1)) <= settings.segmentBytes() / 2) {
                compaction = new Compaction(files, segments.subList(i, i + 2), i == 0);
            } else if (needed(segment) <= (segment.size - Segment.HEAD) / 2) {
                compaction = new Compaction(files, List.of(segment), i == 0);
            }
        }
    }

    boolean isCopying() {
        return compaction != null;
    }

    /** Copies a piece of about so many bytes; returns whether {@link #finish} is next. */
    boolean step(long bytes) throws IOException {
        return compaction != null && compaction.step(bytes);
    }

    /** Has the copy take its place; returns it if it lacks what could not be read. */
    @Nullable
    Segment finish() throws IOException {
        Compaction done = compaction;
        if (done == null) {
            return null;
        }
        done.finish(index);
        compaction = null;
        int place = segments.indexOf(done.sources().get(0));
        segments.removeAll(done.sources());
        segments.add(place, done.target());
        files.force();
        if (done.sources().size() > 1) {
            files.delete(done.sources().get(0).name());
        }
        return done.foundDamage() ? done.target() : null;
    }

    /** Ends the copying, if it goes on, and leaves the segments as they are. */
    void giveUp() {
        Compaction begun = compaction;
        compaction = null;
        if (begun != null) {
            try {
                begun.abort();
            } catch (IOException leftForTheNextOpening) {
                // or the next compaction
            }
        }
    }
}
