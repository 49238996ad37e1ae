package io.github.robotstream.internal.transport.tls;

import io.github.robotstream.internal.worker.DaemonThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks from time to time whether the files of a {@link TlsSource} have changed, on a daemon thread of its own. A change is taken when it
 * has stood for one look, so that of two files that are written one after the other both are there. What cannot be used is told once, and
 * what was in force stays.
 */
public final class TlsReload implements AutoCloseable {
    private final TlsSource source;
    private final TlsContext context;
    private final Duration every;
    private final Consumer<String> taken;
    private final Consumer<String> refused;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::lookUntilClosed, "robotstream-tls-files");
    private List<String> inForce;
    private List<String> lastSeen;

    /**
     * Nothing is looked at yet.
     *
     * @param taken is told of what is in force from now on
     * @param refused is told why what has changed cannot be used
     */
    public TlsReload(
            TlsSource source, TlsContext context, Duration every, Consumer<String> taken, Consumer<String> refused) {
        this.source = source;
        this.context = context;
        this.every = every;
        this.taken = taken;
        this.refused = refused;
        this.inForce = stamps();
        this.lastSeen = inForce;
    }

    /** Begins to look, if there is a file to look at. */
    public void start() {
        if (!source.files().isEmpty()) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void lookUntilClosed() {
        try {
            while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                lookGuarded();
            }
        } catch (InterruptedException notOurs) {
            Thread.currentThread().interrupt(); // nobody has a reason to interrupt this thread, so it ends
        }
    }

    private void lookGuarded() {
        try {
            look();
        } catch (Throwable fault) {
            refused.accept("the files of TLS could not be looked at: "
                    + fault.getClass().getName());
        }
    }

    /** Takes what has changed. One thread. */
    void look() {
        List<String> now = stamps();
        boolean settled = now.equals(lastSeen);
        lastSeen = now;
        if (settled && !now.equals(inForce)) {
            inForce = now;
            try {
                context.replace(source.load());
                taken.accept("TLS has taken the files that have changed: " + source.files());
            } catch (IOException | RuntimeException unusable) {
                refused.accept("the files of TLS have changed and cannot be used, those before stay in force: "
                        + unusable.getMessage());
            }
        }
    }

    private List<String> stamps() {
        return source.files().stream().map(TlsReload::stamp).toList();
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException gone) {
            return "gone";
        }
    }

    /** Ends the thread. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
    }

    /** Waits, once closed, for the end of the thread, at most so long. */
    public void awaitEnd(Duration limit) {
        DaemonThreads.awaitEnd(thread, limit);
    }
}
