package io.github.robotstream.internal.session;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.worker.DaemonThreads;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where codecs of the application's are asked about what clients publish: on at most {@value #THREADS_A_TOPIC} threads for each
 * topic, for which {@value #WAITING_A_TOPIC} checks wait. So a codec that stands still delays its own topic alone, and the threads are
 * bounded by what robot code has declared. There are none while there is nothing to ask. Any thread.
 */
public final class CodecThreads {
    static final int THREADS_A_TOPIC = 2;
    static final int WAITING_A_TOPIC = 64;

    private final DaemonThreads daemons = new DaemonThreads("robotstream-codec");
    private final Map<String, ThreadPoolExecutor> pools = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Starts no thread. */
    public CodecThreads() {}

    /**
     * Has a value of a topic checked.
     *
     * @return what ends the check
     * @throws RejectedExecutionException if too many wait already, or no more is taken
     */
    Future<?> submit(Topic<?> topic, Runnable check) {
        ThreadPoolExecutor pool = pools.computeIfAbsent(topic.name(), name -> pool());
        if (closed) {
            pool.shutdownNow();
        }
        return pool.submit(check);
    }

    private ThreadPoolExecutor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS_A_TOPIC,
                THREADS_A_TOPIC,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_A_TOPIC),
                daemons);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Takes nothing more; a codec that stands still is interrupted. */
    public void close() {
        closed = true;
        pools.values().forEach(ThreadPoolExecutor::shutdownNow);
    }

    /** Waits, once closed, for the end of the threads, at most so long. */
    public void awaitEnd(Duration limit) {
        daemons.awaitEnd(limit);
    }
}
