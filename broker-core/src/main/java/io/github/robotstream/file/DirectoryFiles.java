package io.github.robotstream.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The files of a directory. */
final class DirectoryFiles implements StoreFiles {
    private static final String LOCK = "lock";
    /** The JDK keeps native memory of the size of the largest write of a thread. */
    private static final int MAX_WRITE = 256 << 10;

    /**
     * Those that a store of this process has. The lock of the system does not keep stores of one process apart, and would be lost
     * where a second one closes the file.
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    private final Path directory;

    DirectoryFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public String path(String name) {
        return directory.resolve(name).toString();
    }

    @Override
    public void prepare() throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException(
                    directory + " is no directory: name one for the store, which is made if it is not there");
        }
        Files.createDirectories(directory);
    }

    @Override
    public Optional<Closeable> lock() throws IOException {
        Path real = directory.toRealPath();
        if (!LOCKED.add(real)) {
            return Optional.empty();
        }
        boolean locked = false;
        try {
            FileChannel channel = channel(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                locked = channel.tryLock() != null;
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
            return locked ? Optional.of(() -> unlock(real, channel)) : Optional.empty();
        } finally {
            if (!locked) {
                LOCKED.remove(real);
            }
        }
    }

    private static void unlock(Path real, FileChannel channel) throws IOException {
        try (channel) {
            LOCKED.remove(real);
        }
    }

    private FileChannel channel(String name, OpenOption... options) throws IOException {
        return OwnFiles.open(directory.resolve(name), options);
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    @Override
    public StoreFile create(String name) throws IOException {
        return new Channel(channel(
                name,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    @Override
    public StoreFile open(String name) throws IOException {
        return new Channel(channel(name, StandardOpenOption.READ));
    }

    @Override
    public void truncate(String name, long size) throws IOException {
        try (FileChannel channel = channel(name, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }

    @Override
    public void replace(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void force() throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (AccessDeniedException onWindows) {
            return; // where directories are not opened, and need no such call
        }
        try (channel) {
            channel.force(true);
        }
    }

    private record Channel(FileChannel channel) implements StoreFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            int end = source.limit();
            while (source.position() < end) {
                source.limit(Math.min(end, source.position() + MAX_WRITE));
                at += channel.write(source, at);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
