package io.github.robotstream.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.zip.CRC32C;

/** Goes through the records of a file, in memory of one record or 64 KiB, whichever is more. */
final class RecordReader {
    private final StoreFiles.StoreFile file;
    private final long end;
    private final CRC32C checksum = new CRC32C();
    private ByteBuffer bytes;
    /** Where the next record begins, and the present one. */
    private long next;

    private long begin;
    private int beginIndex;
    private byte kind;
    private long sequence;
    private long second;
    private int nano;
    private String topic = "";
    private String text = "";

    /** A reader of the records from one position to another one. */
    RecordReader(StoreFiles.StoreFile file, long from, long end) {
        this.file = file;
        this.next = from;
        this.end = end;
        this.bytes = ByteBuffer.allocate((int) Math.min(64 << 10, end - from)).flip();
    }

    /** Goes to the next record; false at the end, and where what follows is no record, see {@link #isAtEnd}. */
    boolean next() throws IOException {
        begin = next;
        if (!has(RecordWriter.HEAD)) {
            return false;
        }
        int length = bytes.getInt(bytes.position());
        if (length < 1 || length > end - begin - RecordWriter.HEAD || !has(RecordWriter.HEAD + length)) {
            return false;
        }
        beginIndex = bytes.position();
        if (bytes.getInt(beginIndex + 4) != RecordWriter.checksum(checksum, bytes, beginIndex)) {
            return false;
        }
        ByteBuffer content = bytes.slice(beginIndex + RecordWriter.HEAD, length);
        if (!readsHead(content)) {
            return false;
        }
        bytes.position(beginIndex + RecordWriter.HEAD + length);
        next = begin + RecordWriter.HEAD + length;
        return true;
    }

    private boolean readsHead(ByteBuffer content) {
        try {
            kind = content.get();
            if (isMessage()) {
                sequence = content.getLong();
                second = content.getLong();
                nano = content.getInt();
                topic = text(content);
            }
            text = text(content);
            return kind >= RecordWriter.MESSAGE && kind <= RecordWriter.BINARY_MESSAGE;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException foreign) {
            return false;
        }
    }

    private static String text(ByteBuffer content) {
        int length = content.getInt();
        String text = new String(content.array(), content.arrayOffset() + content.position(), length, UTF_8);
        content.position(content.position() + length);
        return text;
    }

    /** Sees to it that so many bytes of the file are in the buffer, if it has them. */
    private boolean has(int wanted) throws IOException {
        if (bytes.remaining() >= wanted) {
            return true;
        }
        long readTo = next + bytes.remaining();
        if (next + wanted > end) {
            return false;
        }
        ByteBuffer larger = wanted > bytes.capacity() ? ByteBuffer.allocate(wanted) : bytes;
        bytes = larger == bytes ? bytes.compact() : larger.put(bytes);
        while (bytes.position() < wanted) {
            bytes.limit((int) Math.min(bytes.capacity(), bytes.position() + end - readTo));
            int read = file.read(bytes, readTo);
            if (read < 0) {
                bytes.flip();
                return false;
            }
            readTo += read;
        }
        bytes.flip();
        return true;
    }

    /** Whether all records up to the end were read. */
    boolean isAtEnd() {
        return next == end;
    }

    /** Where the next record begins. */
    long position() {
        return next;
    }

    long begin() {
        return begin;
    }

    int size() {
        return (int) (next - begin);
    }

    boolean isMessage() {
        return RecordWriter.isMessage(kind);
    }

    byte kind() {
        return kind;
    }

    long sequence() {
        return sequence;
    }

    /** A message's time, in seconds since 1970. */
    long second() {
        return second;
    }

    /** A message's topic. */
    String topic() {
        return topic;
    }

    /** A message's epoch as it was appended, the topic that is forgotten, the epoch of an opening. */
    String text() {
        return text;
    }

    /** The message, in the epoch that its topic has now. */
    Message message(String epoch) {
        ByteBuffer content = bytes.slice(beginIndex + RecordWriter.HEAD, size() - RecordWriter.HEAD)
                .position(1 + 20);
        text(content);
        text(content);
        String publisher = text(content);
        Payload payload = payload(text(content), text(content), content);
        return new Message(topic, payload, epoch, sequence, Instant.ofEpochSecond(second, nano), publisher);
    }

    private Payload payload(String name, String type, ByteBuffer content) {
        if (kind == RecordWriter.MESSAGE) {
            return Payload.of(name, type, text(content));
        }
        int length = content.getInt();
        return Payload.ofBytes(name, type, content.slice(content.position(), length));
    }

    /** The record as it is in the file. */
    ByteBuffer record() {
        return bytes.slice(beginIndex, size());
    }
}
