package io.github.robotstream.internal.routing;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many topics there may be that robot code did not declare: so many of robot code, and as many of clients, of which one subject may
 * have made a share. A subject is known here while there is a topic of it. Safe for use by several threads.
 */
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

    /** Takes a place; false if there is none for this one. */
    boolean take(TopicMaker maker) {
        if (maker.kind() == TopicMaker.Kind.CLIENT && !hasShareLeft(maker.subject())) {
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
        return switch (maker.kind()) {
            case ROBOT -> robot;
            case STORE, CLIENT -> clients;
        };
    }

    private void countSubject(TopicMaker maker, int by) {
        if (maker.kind() == TopicMaker.Kind.CLIENT) {
            subjects.compute(maker.subject(), (subject, count) -> {
                int now = (count == null ? 0 : count) + by;
                return now == 0 ? null : now;
            });
        }
    }
}
