package io.github.robotstream.internal;

import io.github.robotstream.internal.access.Authenticator;
import io.github.robotstream.internal.session.Session;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.worker.DaemonThreads;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of a broker, once, on a thread of its own, within its time limit:
 *
 * <pre>
 * take no more ─> empty the entrances and queues ─> 1001 to all ─> close sockets ─> sessions end ─> log's last words
 *             by 1/2 of the time                              by 3/4            ─> broker thread, listeners, store ─> sink
 *                                                                               ─> all other threads
 * </pre>
 */
final class Shutdown {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final BrokerRuntime runtime;
    private final long limitNanos;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::end, "robotstream-close");
    private long beganNanos;

    Shutdown(BrokerRuntime runtime, Duration limit) {
        this.runtime = runtime;
        this.limitNanos = limit.toNanos();
    }

    /** Begins the end, and waits for it unless the caller is a listener, for whose return it waits itself. */
    void close() {
        long deadline = System.nanoTime() + limitNanos + LEAST_NANOS;
        if (begun.compareAndSet(false, true)) {
            thread.setDaemon(true);
            thread.start();
        }
        if (runtime.callbacks.isCallbackThread()) {
            return;
        }
        try {
            if (ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                DaemonThreads.awaitEnd(thread, Duration.ofNanos(deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what has been started, on the calling thread. */
    void run() {
        if (begun.compareAndSet(false, true)) {
            end();
        }
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void end() {
        beganNanos = System.nanoTime();
        try {
            takeNoMore();
            runtime.reached(left(0.5));
            emptyQueues();
            closeSessions();
            awaitSessionsEnd();
            runtime.loop.execute(
                    () -> runtime.serverLogs.log().flush(runtime.config.clock().nanoTime()));
            runtime.reached(left(0.8));
            runtime.loop.end(left(0.8).toNanos());
            runtime.subscriptions.end();
            runtime.callbacks.end(left(0.8));
            if (runtime.store != null) {
                runtime.store.close(left(0.9));
            }
            runtime.serverLogs.log().close(left(1));
            awaitThreads();
        } finally {
            ended.countDown();
        }
    }

    private void takeNoMore() {
        Watchdog watchdog = runtime.watchdog;
        if (watchdog != null) {
            watchdog.end();
        }
        runtime.publisher.close();
        runtime.codecThreads.close();
        runtime.subscriptions.close();
        Authenticator authenticator = runtime.authenticator;
        if (authenticator != null) {
            authenticator.close();
        }
        Transport transport = runtime.transport;
        if (transport != null) {
            transport.stopAccepting();
        }
        LiveTls tls = runtime.tls;
        if (tls != null) {
            tls.close();
        }
        if (runtime.started) {
            runtime.log(LogEntry.builder(
                    LogEntry.Origin.BROKER, LogEntry.Level.INFO, "broker_stopping", "the broker is closing"));
        }
    }

    private void emptyQueues() {
        while (left(0.5).toNanos() > LEAST_NANOS && !isEmpty()) {
            if (!runtime.loop.stepByHand()) {
                LockSupport.parkNanos(this, POLL_NANOS);
            }
        }
    }

    private boolean isEmpty() {
        return runtime.callbacks.isIdle() && runtime.sessions.all().stream().allMatch(Session::isDrained);
    }

    private void closeSessions() {
        runtime.sessions.all().forEach(s -> s.close(CloseCode.GOING_AWAY, "the robot is going down"));
        Transport transport = runtime.transport;
        if (transport != null) {
            transport.close(left(0.75));
        }
    }

    /** Each session tells what it lost, and that it is gone, in a turn of the broker thread. */
    private void awaitSessionsEnd() {
        while (left(0.8).toNanos() > LEAST_NANOS && !runtime.sessions.all().isEmpty()) {
            if (!runtime.loop.stepByHand()) {
                LockSupport.parkNanos(this, POLL_NANOS);
            }
        }
    }

    /** Those that were told to end at the beginning, and have nothing to say any more. */
    private void awaitThreads() {
        Authenticator authenticator = runtime.authenticator;
        if (authenticator != null) {
            authenticator.awaitEnd(left(1));
        }
        runtime.codecThreads.awaitEnd(left(1));
        LiveTls tls = runtime.tls;
        if (tls != null) {
            tls.awaitEnd(left(1));
        }
        Watchdog watchdog = runtime.watchdog;
        if (watchdog != null) {
            watchdog.awaitEnd(left(1));
        }
    }

    /** What is left until that share of the time is over; a little in any case. */
    private Duration left(double share) {
        long until = beganNanos + (long) (limitNanos * share);
        return Duration.ofNanos(Math.max(LEAST_NANOS, until - System.nanoTime()));
    }
}
