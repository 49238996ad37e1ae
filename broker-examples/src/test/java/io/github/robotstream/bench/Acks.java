package io.github.robotstream.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far the slowest reader is, told by the load client to the publisher through a mapped file, which costs the server under
 * test nothing. One writer.
 */
final class Acks {
    private final ByteBuffer memory;

    Acks(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
        }
    }

    void tell(long received) {
        memory.putLong(0, received);
    }

    long received() {
        return memory.getLong(0);
    }
}
