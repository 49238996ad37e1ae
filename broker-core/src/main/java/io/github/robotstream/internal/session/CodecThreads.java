package io.github.robotstream.internal.session;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where codecs of the application's are asked about what clients publish. There are as many threads as are busy, at most one a
 * session, so a codec that stands still delays nobody else; none while there is nothing to ask.
 */
public final class CodecThreads implements Executor {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), CodecThreads::daemon);

    /** Starts no thread. */
    public CodecThreads() {}

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "robotstream-codec-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable check) {
        threads.execute(check);
    }

    /** Takes nothing more; a codec that stands still is interrupted and left alone. */
    public void close() {
        threads.shutdownNow();
    }
}
