package io.github.robotstream.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.log.LogRecordEncoder;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes each log entry as a line with a JSON object to a file: what {@code server_logs} shows of it, with {@code detail}, which is
 * for the robot's own people alone.
 *
 * <pre>{@code
 * RobotStreamBroker.builder()
 *         .logSink(JsonLinesLogSink.to(Path.of("/var/log/robot/broker.jsonl")))
 *         .start();
 * }</pre>
 *
 * <p>A file that is full gets the name {@code broker.jsonl.1}, the one that had it {@code .2} and so on; the oldest is deleted.
 * Each entry is written when it comes, and outlives the process, but is not forced to the disk. What the end of a
 * process left half written is ended with a line feed when the file is opened again. On file systems with POSIX permissions the files
 * that it makes are for their owner alone.
 */
public final class JsonLinesLogSink implements LogSink {
    private static final long USUAL_BYTES = 8L << 20;
    private static final int USUAL_FILES = 5;

    private final Path file;
    private final long maxBytes;
    private final int files;
    private @Nullable FileChannel channel;
    private long size;

    private JsonLinesLogSink(Path file, long maxBytes, int files) {
        this.file = file.toAbsolutePath();
        this.maxBytes = maxBytes;
        this.files = files;
    }

    /**
     * A sink with five files of at most 8 MiB.
     *
     * @param file the newest of them; it goes on if it is there, and its folder is made if it is not
     * @return the sink; nothing is opened yet
     */
    public static JsonLinesLogSink to(Path file) {
        return to(file, USUAL_BYTES, USUAL_FILES);
    }

    /**
     * A sink.
     *
     * @param file the newest of its files; it goes on if it is there, and its folder is made if it is not
     * @param maxBytes how large a file becomes at most, or as large as one entry, 1,024 or more
     * @param files how many files there are at most, 1 to 1,000
     * @return the sink; nothing is opened yet
     */
    public static JsonLinesLogSink to(Path file, long maxBytes, int files) {
        Objects.requireNonNull(file, "file");
        if (maxBytes < 1024 || files < 1 || files > 1000) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + " and files " + files
                    + ": they have to be 1024 or more, and 1 to 1000");
        }
        return new JsonLinesLogSink(file, maxBytes, files);
    }

    @Override
    public void write(LogEntry entry) throws IOException {
        byte[] line = (LogRecordEncoder.encodeWithDetail(entry) + "\n").getBytes(UTF_8);
        FileChannel out = open();
        if (size > 0 && size + line.length > maxBytes) {
            close();
            rotate();
            out = open();
        }
        write(out, line);
    }

    private void write(FileChannel out, byte[] line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes, size + bytes.position());
            }
            size += line.length;
        } catch (IOException e) {
            try {
                close(); // opened again for the next entry, which begins a line
            } catch (IOException alsoThis) {
                e.addSuppressed(alsoThis);
            }
            throw e;
        }
    }

    private FileChannel open() throws IOException {
        FileChannel present = channel;
        if (present != null) {
            return present;
        }
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel opened =
                OwnFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel = opened;
        size = opened.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        if (size > 0 && opened.read(last, size - 1) == 1 && last.get(0) != '\n') {
            write(opened, new byte[] {'\n'});
        }
        return opened;
    }

    private void rotate() throws IOException {
        for (int i = files - 1; i > 0; i--) {
            Path from = numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (files == 1) {
            Files.deleteIfExists(file);
        }
    }

    private Path numbered(int number) {
        return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
