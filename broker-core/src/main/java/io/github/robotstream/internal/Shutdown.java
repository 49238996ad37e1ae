package io.github.robotstream.internal;

import io.github.robotstream.internal.access.Authenticator;
import io.github.robotstream.internal.session.Session;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.tls.ReloadableTls;
import io.github.robotstream.internal.worker.DaemonThreads;
import io.github.robotstream.spi.LogEntry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The end of a broker, once, on a thread of its own if there is one to be had, within its time limit:
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
    private static final int STEPS = 17;

    private final BrokerRuntime runtime;
    private final long limitNanos;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::end, "robotstream-close");
    private volatile @Nullable Throwable failure;
    private long beganNanos;

    /** An end that has not begun. */
    Shutdown(BrokerRuntime runtime, Duration limit) {
        this.runtime = runtime;
        this.limitNanos = limit.toNanos();
    }

    /** Begins the end, and waits for it unless the caller is a listener, of topics or of the broker, for whose return it waits itself. */
    void close() {
        long deadline = System.nanoTime() + limitNanos + LEAST_NANOS;
        begin();
        if (runtime.callbacks.isCallbackThread() || runtime.events.isCurrentThread()) {
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

    /** Begins the end, once. Where no thread can be had for it, the calling thread does it all. */
    private void begin() {
        if (begun.compareAndSet(false, true)) {
            try {
                thread.setDaemon(true);
                thread.start();
            } catch (Throwable noThread) {
                end();
            }
        }
    }

    /** Ends the broker because it cannot go on; any thread, waits for nothing. */
    void fail(Throwable cause) {
        if (!begun.get()) {
            failure = cause;
        }
        begin();
    }

    /** Ends what has been started, on the calling thread. */
    void run() {
        if (begun.compareAndSet(false, true)) {
            end();
        }
    }

    boolean hasBegun() {
        return begun.get();
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void end() {
        beganNanos = System.nanoTime();
        for (int number = 1; number <= STEPS; number++) {
            take(number);
        }
        ended.countDown();
        tellFailure();
    }

    /** At most three times, if it throws; that keeps no other from being taken: of want of memory the store would stay open. */
    private void take(int number) {
        for (int tries = 0; tries < 3; tries++) {
            try {
                step(number);
                return;
            } catch (Throwable passing) {
                LockSupport.parkNanos(this, LEAST_NANOS);
            }
        }
    }

    /** In this order. Their list takes no memory at the end, and loads nothing at the start. */
    private void step(int number) {
        switch (number) {
            case 1 -> stopParts();
            case 2 -> stopNetwork();
            case 3 -> takeOverIfBrokerThreadDied();
            case 4 -> tellStopping();
            case 5 -> runtime.reached(left(0.5));
            case 6 -> emptyQueues();
            case 7 -> closeSessions();
            case 8 -> closeTransport();
            case 9 -> awaitSessionsEnd();
            case 10 -> tellLast();
            case 11 -> runtime.loop.end(left(0.8).toNanos());
            case 12 -> runtime.subscriptions.end();
            case 13 -> runtime.callbacks.end(left(0.8));
            case 14 -> closeStore();
            case 15 -> runtime.events.close(left(0.95));
            case 16 -> runtime.serverLogs.log().close(left(1));
            case STEPS -> awaitThreads();
            default -> throw new IllegalArgumentException("no step " + number);
        }
    }

    private void tellFailure() {
        Throwable cause = failure;
        if (cause != null) {
            runtime.events.brokerFailed(cause);
        }
    }

    private void stopParts() {
        runtime.router.watchdogs().close(); // first: robot code is handed the safe values
        Watchdog watchdog = runtime.watchdog;
        if (watchdog != null) {
            watchdog.end();
        }
        runtime.publisher.close();
        runtime.router.services().close();
        runtime.codecThreads.close();
        runtime.subscriptions.close();
    }

    private void stopNetwork() {
        Authenticator authenticator = runtime.authenticator;
        if (authenticator != null) {
            authenticator.close();
        }
        Transport transport = runtime.transport;
        if (transport != null) {
            transport.stopAccepting();
        }
        ReloadableTls tls = runtime.tls;
        if (tls != null) {
            tls.close();
        }
    }

    /** Then the lane may be full, and nobody else makes room in it for the commands of the end. */
    private void takeOverIfBrokerThreadDied() {
        boolean more = runtime.loop.hasDied();
        while (more && left(0.25).toNanos() > LEAST_NANOS) {
            more = runtime.loop.step();
        }
    }

    private void tellStopping() {
        if (runtime.started) {
            runtime.log(LogEntry.of(LogEntry.Level.INFO, "broker_stopping", "the broker is closing"));
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
    }

    private void closeTransport() {
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

    private void tellLast() {
        runtime.loop.execute(runtime.topicActivity::end);
        runtime.loop.execute(() -> runtime.serverLogs.log().flush(runtime.settings.clock.nanoTime()));
        runtime.reached(left(0.8));
    }

    private void closeStore() {
        if (runtime.store != null) {
            runtime.store.close(left(0.9));
        }
    }

    /** Those that were told to end at the beginning, and have nothing to say any more. */
    private void awaitThreads() {
        runtime.router.watchdogs().awaitEnd(left(1));
        Authenticator authenticator = runtime.authenticator;
        if (authenticator != null) {
            authenticator.awaitEnd(left(1));
        }
        runtime.codecThreads.awaitEnd(left(1));
        ReloadableTls tls = runtime.tls;
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
