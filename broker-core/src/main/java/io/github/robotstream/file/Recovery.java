package io.github.robotstream.file;

import io.github.robotstream.file.Segment.NewerFormatException;
import io.github.robotstream.file.StoreFiles.StoreFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Finds out what the files hold, when a store opens. Damage never fails that: what cannot be read is left out and told, and so is
 * all that comes after it in its segment. What the end of the process or of the power has left half written is such damage.
 */
final class Recovery {
    static final String UNFINISHED = "unfinished";

    private final StoreFiles files;
    private final LogIndex index;
    private final Consumer<String> tell;
    private final List<Segment> segments = new ArrayList<>();
    private long lastNumber;
    private boolean damaged;
    /** Whether the record that was read last says that the store was closed. */
    private boolean ended = true;

    Recovery(StoreFiles files, LogIndex index, Consumer<String> tell) {
        this.files = files;
        this.index = index;
        this.tell = tell;
    }

    /**
     * The segments that there are, in their order; what is in them is in the index.
     *
     * @throws IOException if the directory cannot be read, or holds files of a newer format
     */
    List<Segment> run() throws IOException {
        for (Segment segment : headed()) {
            if (scan(segment)) {
                segments.add(segment);
            }
        }
        return segments;
    }

    /** The greatest number of a segment, be it readable or not; 0 if there is none. */
    long lastNumber() {
        return lastNumber;
    }

    /** Whether the numbers that stand in the files are surely the last that were given out. */
    boolean isComplete() {
        return ended && !damaged;
    }

    /** Those with a sound head that are not part of another one. */
    private List<Segment> headed() throws IOException {
        TreeMap<Long, String> names = new TreeMap<>();
        for (String name : files.names()) {
            Segment.numberOf(name).ifPresent(number -> names.put(number, name));
            if (name.equals(UNFINISHED)) {
                delete(name);
            }
        }
        lastNumber = names.isEmpty() ? 0 : names.lastKey();
        List<Segment> found = new ArrayList<>();
        for (Map.Entry<Long, String> named : names.entrySet()) {
            long number = named.getKey();
            readHead(named.getValue()).ifPresent(first -> found.add(new Segment(first, number)));
        }
        for (int i = found.size() - 1; i > 0; i--) {
            // Put together with its next one, and not deleted any more.
            if (found.get(i - 1).number >= found.get(i).first) {
                delete(found.remove(i - 1).name());
            }
        }
        return found;
    }

    private OptionalLong readHead(String name) throws NewerFormatException {
        long size = 0;
        OptionalLong first = OptionalLong.empty();
        String why = "";
        try (StoreFile file = files.open(name)) {
            size = file.size();
            first = Segment.readHead(file, files.path(name));
        } catch (NewerFormatException e) {
            throw e;
        } catch (IOException e) {
            why = ": " + e;
        }
        if (first.isEmpty() && size <= Segment.HEAD && why.isEmpty()) {
            delete(name); // it was being made, so nothing was in it
        } else if (first.isEmpty()) {
            damaged = true;
            setAside(name, why);
        }
        return first;
    }

    /** False if the file could not be read to its end: it stays as it is then. */
    private boolean scan(Segment segment) {
        long size = 0;
        try (StoreFile file = files.open(segment.name())) {
            size = file.size();
            RecordReader records = new RecordReader(file, Segment.HEAD, size);
            while (records.next()) {
                ended = records.kind() == RecordWriter.END;
                take(records, segment);
                segment.size = records.position();
            }
            if (!records.isAtEnd()) {
                damaged = true;
                tell.accept(files.path(segment.name()) + ": of " + size + " bytes those after byte " + segment.size
                        + " are damaged or half written, and are left out");
            }
            return true;
        } catch (IOException e) {
            damaged = true;
            tell.accept(files.path(segment.name()) + " cannot be read from byte " + segment.size + " on: " + e);
            return false;
        }
    }

    private void take(RecordReader record, Segment segment) {
        switch (record.kind()) {
            case RecordWriter.MESSAGE, RecordWriter.BINARY_MESSAGE ->
                index.message(
                        record.topic(),
                        record.text(),
                        record.sequence(),
                        record.second(),
                        segment,
                        record.begin(),
                        record.size());
            case RecordWriter.FORGET -> {
                index.forget(record.text());
                segment.control += record.size();
            }
            case RecordWriter.OPEN -> {
                if (!record.text().isEmpty()) {
                    index.rename(record.text());
                    segment.control += record.size();
                }
            }
            default -> {}
        }
    }

    private void setAside(String name, String why) {
        String aside = name + ".damaged";
        try {
            files.replace(name, aside);
            tell.accept(files.path(name) + " has no head that can be read, and is now " + aside + why);
        } catch (IOException e) {
            tell.accept(files.path(name) + " has no head that can be read, and is left out" + why);
        }
    }

    private void delete(String name) {
        try {
            files.delete(name);
        } catch (IOException e) {
            tell.accept(files.path(name) + " is of no use and could not be deleted: " + e);
        }
    }
}
