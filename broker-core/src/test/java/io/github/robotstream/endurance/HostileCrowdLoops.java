package io.github.robotstream.endurance;

import io.github.robotstream.Payload;
import io.github.robotstream.RobotStreamBroker;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The loops of a robot in a crowd: one controls, at 100 Hz; one has much to say, a large message for each client that wants
 * its own, and a very large one now and then; one commands a {@link WatchedTopic}.
 */
final class HostileCrowdLoops {
    /** How many topics there are for one client alone: {@code own/0} and so on, and as many {@code big/0}. */
    static final int OWN_TOPICS = 24;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long TALK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final RobotStreamBroker broker;
    private final Thread control = new Thread(this::control, "robot-control");
    private final Thread talk = new Thread(this::talk, "robot-talk");
    private final Thread drive = new Thread(this::drive, "robot-drive");
    private final WatchedTopic watched;
    private volatile boolean over;
    private volatile int peakSessions;
    private long published;
    private long waits;
    private long slowestNanos;

    HostileCrowdLoops(RobotStreamBroker broker, WatchedTopic watched) {
        this.broker = broker;
        this.watched = watched;
    }

    void start() {
        control.start();
        talk.start();
        drive.start();
    }

    void end() throws InterruptedException {
        over = true;
        control.join();
        talk.join();
        drive.join();
    }

    private void control() {
        long next = System.nanoTime();
        while (!over) {
            next += TICK_NANOS;
            publish();
            LockSupport.parkNanos(this, next - System.nanoTime());
        }
    }

    private void drive() {
        while (!over) {
            watched.episode(broker);
        }
    }

    private void publish() {
        long waitsBefore = waitsSoFar();
        long began = System.nanoTime();
        broker.publish(HostileCrowdBroker.POSE, published + 1);
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - began);
        waits += waitsSoFar() - waitsBefore;
        published++;
    }

    /** How often the thread has waited, for a lock or otherwise; not how often others had the processor. */
    private static long waitsSoFar() {
        ThreadInfo itself = THREADS.getThreadInfo(Thread.currentThread().getId());
        return itself.getBlockedCount() + itself.getWaitedCount();
    }

    private void talk() {
        Payload own = Payload.of("own", "text", "\"" + "x".repeat(16 * 1024) + "\"");
        Payload big = Payload.of("big", "text", "\"" + "x".repeat(1_000_000) + "\"");
        long next = System.nanoTime();
        for (int tick = 0; !over; tick++) {
            next += TALK_NANOS;
            for (int i = 0; i < OWN_TOPICS; i++) {
                broker.publish("own/" + i, own);
            }
            if (tick % 4 == 0) {
                broker.publish("big/" + tick / 4 % OWN_TOPICS, big);
            }
            peakSessions = Math.max(peakSessions, broker.sessions().size());
            LockSupport.parkNanos(this, next - System.nanoTime());
        }
    }

    // After the end.

    long published() {
        return published;
    }

    long waits() {
        return waits;
    }

    long slowestMicros() {
        return slowestNanos / 1000;
    }

    int peakSessions() {
        return peakSessions;
    }
}
