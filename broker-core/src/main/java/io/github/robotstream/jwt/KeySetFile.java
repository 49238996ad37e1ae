package io.github.robotstream.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A JWK set in a file, which is read again while tokens come, at most once a second, and compared byte for byte: no time
 * stamp of a file system is fine enough to trust. One thread reads; others go on with the keys that are there. A file that
 * is broken or gone changes nothing and is told once.
 */
final class KeySetFile implements KeySource {
    static final int MAX_BYTES = 256 * 1024;
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private final KeyNews.Place news = new KeyNews.Place();
    private volatile KeyList keys;
    private volatile long readAt;

    // Only under the lock.
    private byte[] lastContent;
    private String lastFault = "";

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot be read or holds no usable set
     */
    KeySetFile(Path file, LongSupplier nanoTime) throws IOException {
        this.file = file;
        this.nanoTime = nanoTime;
        this.readAt = nanoTime.getAsLong();
        this.lastContent = read();
        this.keys = JwkReader.keys(JwkReader.read(lastContent));
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new IOException("it has more than " + MAX_BYTES + " bytes");
            }
            return content;
        } catch (NoSuchFileException none) {
            throw new IOException("there is no such file", none);
        } catch (AccessDeniedException denied) {
            throw new IOException("it may not be read by the user that this program runs as", denied);
        }
    }

    @Override
    public KeyList keysFor(String alg, Optional<String> kid) {
        if (nanoTime.getAsLong() - readAt >= INTERVAL_NANOS && reading.tryLock()) {
            try {
                readAgain();
            } finally {
                readAt = nanoTime.getAsLong();
                reading.unlock();
            }
        }
        return keys.fitting(alg, kid);
    }

    private void readAgain() {
        try {
            byte[] content = read();
            if (Arrays.equals(content, lastContent) && lastFault.isEmpty()) {
                return;
            }
            KeyList read = JwkReader.keys(JwkReader.read(content));
            keys = read;
            lastContent = content;
            lastFault = "";
            news.put(KeyNews.changed(
                    "key set " + file + " was read again: " + read.keys().size() + " keys"));
        } catch (IOException e) {
            String fault = String.valueOf(e.getMessage());
            if (!fault.equals(lastFault)) {
                lastFault = fault;
                news.put(KeyNews.failed(
                        "key set " + file + " is of no use, so the keys that were read before stay: " + fault));
            }
        }
    }

    @Override
    public Set<String> algorithms() {
        return keys.algorithms();
    }

    @Override
    public boolean hasPublicKeys() {
        return true;
    }

    /** Returns true: a file system may be slow or far away. */
    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public Optional<KeyNews> news() {
        return news.take();
    }

    @Override
    public String toString() {
        return "key set " + file;
    }
}
