package io.github.robotstream.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * A file of the log, and what of it is still needed. Segments are in the order of their numbers, and so are the messages of a topic.
 * The file begins with a head of 24 bytes: a word, the format's version, the number of the first segment that it stands for (its own,
 * or less if others were put together in it), and a CRC32C of these. Records follow.
 */
final class Segment {
    static final int HEAD = 24;
    /** From 2 on there may be messages of bytes. */
    static final int VERSION = 2;

    private static final int WORD = 0x52_53_42_4C; // RSBL
    private static final String SUFFIX = ".log";
    private static final int DIGITS = 12;

    /** The number of the first segment that it stands for. */
    final long first;

    final long number;
    /** The chunk of each topic of which something here is needed. */
    final Map<String, Chunk> chunks = new HashMap<>();
    /** Where the next record goes, or where the last one ends. */
    long size = HEAD;
    /** How many bytes of messages are needed, and of other records that have to stay. */
    long live;

    long control;

    Segment(long first, long number) {
        this.first = first;
        this.number = number;
    }

    String name() {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number) + SUFFIX;
    }

    /** The number of the segment that a file is, if it is one. */
    static OptionalLong numberOf(String name) {
        return name.matches("\\d{" + DIGITS + "}\\" + SUFFIX)
                ? OptionalLong.of(Long.parseLong(name.substring(0, DIGITS)))
                : OptionalLong.empty();
    }

    ByteBuffer head() {
        ByteBuffer head = ByteBuffer.allocate(HEAD)
                .putInt(WORD)
                .putInt(VERSION)
                .putLong(first)
                .putInt(0);
        return head.putInt(checksum(head)).flip();
    }

    private static int checksum(ByteBuffer head) {
        CRC32C checksum = new CRC32C();
        checksum.update(head.slice(0, HEAD - 4));
        return (int) checksum.getValue();
    }

    /**
     * The number of the first segment that a file stands for, by its head; empty if the head is damaged.
     *
     * @throws IOException if it is of a newer format
     */
    static OptionalLong readHead(StoreFiles.StoreFile file, String path) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        while (head.hasRemaining()) {
            if (file.read(head, head.position()) < 0) {
                return OptionalLong.empty();
            }
        }
        if (head.getInt(0) != WORD || head.getInt(HEAD - 4) != checksum(head)) {
            return OptionalLong.empty();
        }
        int version = head.getInt(4);
        if (version > VERSION) {
            throw new NewerFormatException(path + " has version " + version + " of the format, and this library knows"
                    + " versions up to " + VERSION + ": use the newer library, or another directory");
        }
        return OptionalLong.of(head.getLong(8));
    }

    /** Thrown for files of a later version of this library. */
    static final class NewerFormatException extends IOException {
        private static final long serialVersionUID = 1;

        NewerFormatException(String message) {
            super(message);
        }
    }
}
