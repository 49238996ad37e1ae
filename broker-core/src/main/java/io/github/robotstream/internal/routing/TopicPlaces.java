package io.github.robotstream.internal.routing;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds topics that robot code did not declare: those it made, and as many of clients, with a share a subject. Any thread. */
final class TopicPlaces {
    private static final int SHARES = 10;
    /** Where there are few places, a subject may have them all: else a small limit would be none to speak of. */
    private static final int LEAST_OF_SUBJECT = 100;

    private final int most;
    private final AtomicInteger robot = new AtomicInteger();
    private final AtomicInteger clients = new AtomicInteger();
    private final ConcurrentMap<String, Integer> subjects = new ConcurrentHashMap<>();

    TopicPlaces(int most) {
        this.most = most;
    }

    int mostOfSubject() {
        return Math.max(most / SHARES, LEAST_OF_SUBJECT);
    }

    boolean hasShareLeft(String subject) {
        return subjects.getOrDefault(subject, 0) < mostOfSubject();
    }

    boolean take(TopicMaker maker) {
        if (maker.isClient() && !hasShareLeft(maker.subject())) {
            return false;
        }
        if (placesOf(maker).incrementAndGet() > most) {
            placesOf(maker).decrementAndGet();
            return false;
        }
        countSubject(maker, 1);
        return true;
    }

    /** Takes a place though there may be none, for a message that was taken already. */
    void force(TopicMaker maker) {
        placesOf(maker).incrementAndGet();
        countSubject(maker, 1);
    }

    void give(TopicMaker maker) {
        placesOf(maker).decrementAndGet();
        countSubject(maker, -1);
    }

    private AtomicInteger placesOf(TopicMaker maker) {
        return maker.isRobot() ? robot : clients;
    }

    private void countSubject(TopicMaker maker, int by) {
        if (maker.isClient()) {
            subjects.compute(maker.subject(), (subject, count) -> {
                int now = (count == null ? 0 : count) + by;
                return now == 0 ? null : now;
            });
        }
    }
}
