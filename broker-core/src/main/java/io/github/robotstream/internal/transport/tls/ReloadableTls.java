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
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * The key and certificate in force, for all connections that open from now on. A daemon thread of its own looks every few seconds whether
 * the files of the {@link TlsSource} have changed. A change is taken when two looks have seen it, so that of two files that are written one
 * after the other both are there. Files that cannot be used are reported once, and what was in force stays. Thread-safe.
 */
public final class ReloadableTls implements Supplier<SSLEngine>, AutoCloseable {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    private final TlsSource source;
    private final Consumer<String> taken;
    private final Consumer<String> refused;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::lookUntilClosed, "robotstream-tls-files");
    private volatile SSLContext context;
    private List<String> inForce; // how the files were when they were taken; by the thread only, as lastSeen
    private List<String> lastSeen;

    /**
     * Reads key and certificate; blocks. The files are not looked at before {@link #start()}.
     *
     * @param taken is told that changed files are in force from now on
     * @param refused is told why changed files cannot be used
     * @throws IOException that names the file and says what to do
     */
    public ReloadableTls(TlsSource source, Consumer<String> taken, Consumer<String> refused) throws IOException {
        this.source = source;
        this.taken = taken;
        this.refused = refused;
        this.context = source.load();
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

    /** Makes the TLS of a new connection. */
    @Override
    public SSLEngine get() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setWantClientAuth(source.asksClients()); // wanted, not needed: a client without one may bring a token
        return engine;
    }

    /**
     * Takes another context.
     *
     * @throws IllegalArgumentException if it was not initialised
     */
    public void replace(SSLContext next) {
        context = TlsSource.checked(next);
    }

    private void lookUntilClosed() {
        try {
            while (!closed.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
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
                replace(source.load());
                taken.accept("TLS has taken the files that have changed: " + source.files());
            } catch (IOException | RuntimeException unusable) {
                refused.accept("the files of TLS have changed and cannot be used, those before stay in force: "
                        + unusable.getMessage());
            }
        }
    }

    private List<String> stamps() {
        return source.files().stream().map(ReloadableTls::stamp).toList();
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
