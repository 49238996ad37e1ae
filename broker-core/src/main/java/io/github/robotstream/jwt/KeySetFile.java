package io.github.robotstream.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A JWK set in a file, read again while tokens come, at most once a second, and compared byte for byte: no time stamp is fine
 * enough to trust. One thread reads; others go on with the keys that are there. While the file is broken or gone the former keys
 * stay for the outage tolerance.
 */
final class KeySetFile implements KeySource {
    static final int MAX_BYTES = 256 * 1024;
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final Duration outageTolerance;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicReference<@Nullable KeySetEvent> latestEvent = new AtomicReference<>();
    private volatile KeyList keys;
    private volatile long lookedAt;
    private volatile boolean outOfDate;

    // Only under the lock.
    private long readAt;
    private byte[] lastContent;
    private String lastFault = "";

    /** Reads the file, whose keys are used for {@code outageTolerance} while it cannot be read later. */
    KeySetFile(Path file, Duration outageTolerance, LongSupplier nanoTime) throws IOException {
        this.file = file;
        this.outageTolerance = outageTolerance;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
        this.readAt = lookedAt;
        this.lastContent = read();
        this.keys = JwkReader.keys(JwkReader.read(lastContent));
        if (keys.isEmpty()) {
            latestEvent.set(KeySetEvent.read(toString(), "was read", 0));
        }
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
    public KeyList keysFor(String alg, Optional<String> kid) throws IOException {
        if (nanoTime.getAsLong() - lookedAt >= INTERVAL_NANOS && reading.tryLock()) {
            try {
                readAgain(nanoTime.getAsLong());
            } finally {
                lookedAt = nanoTime.getAsLong();
                reading.unlock();
            }
        }
        if (outOfDate) {
            throw new IOException(this + " could not be read for " + outageTolerance);
        }
        return keys.keysFor(alg, kid);
    }

    private void readAgain(long now) {
        try {
            byte[] content = read();
            if (!Arrays.equals(content, lastContent) || !lastFault.isEmpty()) {
                keys = JwkReader.keys(JwkReader.read(content));
                lastContent = content;
                lastFault = "";
                latestEvent.set(KeySetEvent.read(
                        toString(), "was read again", keys.keys().size()));
            }
            readAt = now;
            outOfDate = false;
        } catch (IOException e) {
            failed(String.valueOf(e.getMessage()), now);
        }
    }

    private void failed(String fault, long now) {
        boolean tooLong = now - readAt >= outageTolerance.toNanos();
        if (!fault.equals(lastFault) || tooLong != outOfDate) {
            String effect = tooLong
                    ? ", and was not for " + outageTolerance + ", so no token can be judged by it: "
                    : ", so the keys that were read before stay for " + outageTolerance + " from then: ";
            latestEvent.set(KeySetEvent.failed(this + " is of no use" + effect + fault));
        }
        lastFault = fault;
        outOfDate = tooLong;
    }

    @Override
    public Set<JwtAlgorithm> algorithms() {
        return keys.algorithms();
    }

    @Override
    public Optional<KeySetEvent> takeEvent() {
        return Optional.ofNullable(latestEvent.getAndSet(null));
    }

    @Override
    public String toString() {
        return "key set " + file;
    }
}
