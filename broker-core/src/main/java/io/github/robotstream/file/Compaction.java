package io.github.robotstream.file;

import io.github.robotstream.file.StoreFiles.StoreFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies what is needed of one segment, or of two that follow each other, to a new file, which then takes their place; in steps.
 * What is no more needed meanwhile may be copied too. Until the end the segments stay as they are.
 */
final class Compaction {
    private static final int WRITE_BYTES = 64 << 10;

    private final StoreFiles files;
    private final List<Segment> sources;
    private final boolean fromOldest;
    private final Segment target;
    private final Map<String, Chunk> copies = new HashMap<>();
    private final RecordWriter writer = new RecordWriter();
    private final StoreFile out;
    private int source;
    private long position = Segment.HEAD;
    private boolean damaged;

    /**
     * Begins a copy.
     *
     * @param fromOldest whether there is no segment before these: then nothing is left that a topic could forget
     */
    Compaction(StoreFiles files, List<Segment> sources, boolean fromOldest) throws IOException {
        this.files = files;
        this.sources = List.copyOf(sources);
        this.fromOldest = fromOldest;
        this.target = new Segment(sources.get(0).first, sources.get(sources.size() - 1).number);
        this.out = files.create(Recovery.UNFINISHED);
        try {
            out.write(target.head(), 0);
        } catch (IOException e) {
            abort();
            throw e;
        }
    }

    List<Segment> sources() {
        return sources;
    }

    /** What takes the place of the sources, once they are copied. */
    Segment target() {
        return target;
    }

    /** Whether a part of the sources could not be read and is lost. */
    boolean foundDamage() {
        return damaged;
    }

    /** Reads at most so many bytes and one record; returns whether all is copied. */
    boolean step(long bytes) throws IOException {
        Segment segment = sources.get(source);
        long until = position + bytes;
        try (StoreFile file = files.open(segment.name())) {
            RecordReader records = new RecordReader(file, position, segment.size);
            boolean more = records.next();
            while (more && records.begin() < until) {
                copy(records, segment);
                position = records.position();
                more = records.next();
            }
            if (more) {
                write();
                return false;
            }
            damaged |= !records.isAtEnd();
        }
        write();
        source++;
        position = Segment.HEAD;
        return source == sources.size();
    }

    private void copy(RecordReader record, Segment segment) throws IOException {
        long begin = target.size + writer.size();
        if (record.isMessage()) {
            Chunk chunk = segment.chunks.get(record.topic());
            if (chunk == null || !chunk.holds(record.begin())) {
                return;
            }
            copies.computeIfAbsent(record.topic(), topic -> new Chunk(target))
                    .add(begin, record.size(), record.sequence(), record.second());
        } else if (isNeeded(record)) {
            target.control += record.size();
        } else {
            return;
        }
        writer.copy(record.record());
        if (writer.size() >= WRITE_BYTES) {
            write();
        }
    }

    /** The end and the opening of a run are needed only where no segment follows; here one does. */
    private boolean isNeeded(RecordReader record) {
        boolean nothingBefore = fromOldest && target.size + writer.size() == Segment.HEAD;
        return switch (record.kind()) {
            case RecordWriter.FORGET -> !fromOldest;
            case RecordWriter.OPEN -> !record.text().isEmpty() && !nothingBefore;
            default -> false;
        };
    }

    private void write() throws IOException {
        int bytes = writer.size();
        out.write(writer.content(), target.size);
        target.size += bytes;
        writer.clear();
    }

    /** Has the copy take the place of the last of the sources, after the last step; the other one is of no use then. */
    void finish(LogIndex index) throws IOException {
        out.force();
        out.close();
        files.replace(Recovery.UNFINISHED, target.name());
        sources.stream()
                .flatMap(segment -> segment.chunks.keySet().stream())
                .filter(topic -> !copies.containsKey(topic))
                .toList()
                .forEach(topic -> index.replace(topic, sources, null));
        copies.forEach((topic, copy) -> index.replace(topic, sources, copy));
    }

    /** Leaves everything as it was. */
    void abort() throws IOException {
        try (out) {
            files.delete(Recovery.UNFINISHED);
        }
    }
}
