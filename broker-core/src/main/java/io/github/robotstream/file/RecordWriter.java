package io.github.robotstream.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.Message;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Records as bytes, one after the other: length of the content, CRC32C of length and content, content. Numbers are big-endian, texts
 * are UTF-8 after their length in bytes. What {@link RecordReader} reads.
 */
final class RecordWriter {
    /** Length and checksum. */
    static final int HEAD = 8;

    static final byte MESSAGE = 1;
    static final byte FORGET = 2;
    static final byte OPEN = 3;
    static final byte END = 4;
    /** A message whose value is bytes. */
    static final byte BINARY_MESSAGE = 5;

    private static final int USUAL_SIZE = 64 << 10;

    private final CRC32C checksum = new CRC32C();
    private ByteBuffer bytes = ByteBuffer.allocate(USUAL_SIZE);

    /** How many bytes wait. */
    int size() {
        return bytes.position();
    }

    static boolean isMessage(byte kind) {
        return kind == MESSAGE || kind == BINARY_MESSAGE;
    }

    /** Adds a message; returns the size of its record. */
    int message(Message message) {
        Optional<ByteBuffer> bytes = message.payload().bytes();
        int begin = begin(bytes.isPresent() ? BINARY_MESSAGE : MESSAGE);
        Instant time = message.time();
        room(20).putLong(message.sequence()).putLong(time.getEpochSecond()).putInt(time.getNano());
        text(message.topic());
        text(message.epoch());
        text(message.publisher());
        text(message.payload().name());
        text(message.payload().type());
        if (bytes.isPresent()) {
            ByteBuffer value = bytes.get();
            room(4 + value.remaining()).putInt(value.remaining()).put(value);
        } else {
            text(message.payload().json());
        }
        return end(begin);
    }

    /** Adds a record of a topic that is forgotten, of an opening with the epoch that begins there, or of a clean end. */
    int control(byte kind, String text) {
        int begin = begin(kind);
        text(text);
        return end(begin);
    }

    /** Adds a record as it was read. */
    void copy(ByteBuffer record) {
        room(record.remaining()).put(record);
    }

    private int begin(byte kind) {
        int begin = bytes.position();
        room(HEAD + 1).position(begin + HEAD).put(kind);
        return begin;
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        room(4 + utf8.length).putInt(utf8.length).put(utf8);
    }

    private int end(int begin) {
        int end = bytes.position();
        bytes.putInt(begin, end - begin - HEAD);
        bytes.putInt(begin + 4, checksum(checksum, bytes, begin));
        return end - begin;
    }

    /** The checksum of the record at an index, whose length stands there. */
    static int checksum(CRC32C checksum, ByteBuffer bytes, int begin) {
        checksum.reset();
        checksum.update(bytes.slice(begin, 4));
        checksum.update(bytes.slice(begin + HEAD, bytes.getInt(begin)));
        return (int) checksum.getValue();
    }

    private ByteBuffer room(int more) {
        if (bytes.remaining() < more) {
            int least = Math.addExact(bytes.position(), more);
            bytes = ByteBuffer.allocate(Math.max(least, 2 * bytes.capacity())).put(bytes.flip());
        }
        return bytes;
    }

    /** All that waits, to be written. */
    ByteBuffer content() {
        return bytes.duplicate().flip();
    }

    /** Begins anew, and keeps no more memory than is usual. */
    void clear() {
        bytes = bytes.capacity() > 16 * USUAL_SIZE ? ByteBuffer.allocate(USUAL_SIZE) : bytes.clear();
    }
}
