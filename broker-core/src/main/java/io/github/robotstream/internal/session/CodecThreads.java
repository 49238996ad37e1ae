package io.github.robotstream.internal.session;

import io.github.robotstream.internal.worker.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where codecs of the application's are asked about what clients publish. There are as many threads as are busy, at most one a
 * session, so a codec that stands still delays nobody else; none while there is nothing to ask.
 */
public final class CodecThreads implements Executor {
    private final DaemonThreads daemons = new DaemonThreads("robotstream-codec");
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons);

    /** Starts no thread. */
    public CodecThreads() {}

    @Override
    public void execute(Runnable check) {
        threads.execute(check);
    }

    /** Takes nothing more; a codec that stands still is interrupted. */
    public void close() {
        threads.shutdownNow();
    }

    /** Waits, once closed, for the end of the threads, at most so long. */
    public void awaitEnd(Duration limit) {
        daemons.awaitEnd(limit);
    }
}
