package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription of robot code has to hear. Of one topic without a rate that is known exactly. Else it is known of each message whether it may
 * be heard now: in order, no older than was asked for, and with {@code latest} the newest; and of all that nothing is lost and not counted.
 */
final class ListenerModel {
    final ListenerOptions options;
    private final int topics;
    private final Deque<Offer> waiting = new ArrayDeque<>();
    private final Map<Long, Offer> unheard = new HashMap<>();
    private final Map<String, Offer> newest = new HashMap<>();
    private final Map<String, Offer> lastHeard = new HashMap<>();
    /** When the next message of a topic may be heard at the earliest, by the rate. */
    private final Map<String, Long> due = new HashMap<>();

    private @Nullable Offer lastInOrder;
    private long waitsSince;
    private long offered;
    private long heard;
    private long lost;

    /** Something that was published. */
    record Sent(String topic, boolean isState, long value, String publisher, long number, long nanos) {}

    /** The same, for a subscription, and its place in the order of what it is offered. */
    private record Offer(Sent sent, boolean isRetained, long place) {
        boolean isTooOld(ListenerOptions options, boolean isFollowed, long now) {
            return !isRetained && options.isTooOld(now - sent.nanos, isFollowed && sent.isState);
        }
    }

    ListenerModel(ListenerOptions options, int topics) {
        this.options = options;
        this.topics = topics;
    }

    private boolean isExact() {
        return topics == 1 && options.rateHz() == 0;
    }

    /** Whether a message of each topic may wait, and another be held back. */
    private boolean hasRoomForEach() {
        return options.queueLimit() >= topics;
    }

    long offered() {
        return offered;
    }

    long heard() {
        return heard;
    }

    /** It is offered a message, or the last value from before it began. */
    void offer(Sent sent, boolean isRetained, long now) {
        offered++;
        Offer offer = new Offer(sent, isRetained, offered);
        unheard.put(sent.value, offer);
        newest.put(sent.topic, offer);
        if (isExact()) {
            enqueue(offer, now);
        }
    }

    private void enqueue(Offer offer, long now) {
        if (options.latest() && !waiting.isEmpty()) {
            waiting.remove();
            lost += !options.keepsAll() && now - waitsSince > ListenerOptions.THIN_AFTER_NANOS ? 1 : 0;
        } else if (waiting.size() == options.queueLimit()) {
            lost++;
            if (options.dropsNewest()) {
                return;
            }
            waiting.remove();
        } else {
            waitsSince = now;
        }
        waiting.add(offer);
    }

    /** Takes out what is to be heard next, where that is known; null if nothing is. */
    private @Nullable Offer next(long now) {
        for (Offer first = waiting.peek(); first != null; first = waiting.peek()) {
            if (!first.isTooOld(options, waiting.size() > 1, now)) {
                break;
            }
            waiting.remove();
            lost++;
        }
        return waiting.poll();
    }

    /** It hears a value now; gives what was published. */
    Sent hears(long value, long now) {
        Offer offer = unheard.remove(value);
        assertThat(offer).as("what is heard, and has not been: %s", value).isNotNull();
        if (isExact()) {
            assertThat(offer).as("what is heard next").isEqualTo(next(now));
        } else {
            check(offer, now);
        }
        heard++;
        return offer.sent;
    }

    private void check(Offer offer, long now) {
        Sent sent = offer.sent;
        Offer before = lastHeard.put(sent.topic, offer);
        assertThat(before == null || before.place < offer.place)
                .as("%s comes behind %s", offer, before)
                .isTrue();
        if (options.leavesNothingOut()) {
            assertThat(lastInOrder == null || lastInOrder.place < offer.place)
                    .as("%s comes behind %s", offer, lastInOrder)
                    .isTrue();
            lastInOrder = offer;
        }
        boolean isFollowed = !offer.equals(newest.get(sent.topic));
        if (options.latest() && options.rateHz() == 0) {
            assertThat(isFollowed).as("a newer one than %s waits", offer).isFalse();
        }
        boolean followerWaits = isFollowed && options.leavesNothingOut() && !options.dropsNewest();
        assertThat(offer.isTooOld(options, followerWaits, now))
                .as("%s is too old at %s ns", offer, now)
                .isFalse();
        if (options.rateHz() > 0 && hasRoomForEach()) {
            checkRate(offer, now);
        }
    }

    /** Calls come at the interval, but that a late one may be made up for by a tenth of it. */
    private void checkRate(Offer offer, long now) {
        long interval = 1_000_000_000L / options.rateHz();
        long earliest = due.getOrDefault(offer.sent.topic, now - interval);
        assertThat(now - earliest).as("how late %s is heard", offer).isNotNegative();
        due.put(offer.sent.topic, now - Math.min(now - earliest, interval / 10) + interval);
    }

    /** It has heard all that waited. */
    void rests(long dropped, long now) {
        if (isExact()) {
            assertThat(next(now)).as("what was to be heard").isNull();
        } else if (options.leavesNothingOut()) {
            assertThat(heard + dropped).as("heard (%s) and dropped", heard).isEqualTo(offered);
        }
    }

    /** So many were dropped up to now. */
    void checkDropped(long dropped) {
        if (isExact()) {
            assertThat(dropped).as("dropped, with options %s", options).isEqualTo(lost);
        } else if (options.leavesNothingOut()) {
            assertThat(offered - heard - dropped).as("what waits").isLessThanOrEqualTo(options.queueLimit());
        }
        assertThat(heard + dropped).as("heard (%s) and dropped", heard).isLessThanOrEqualTo(offered);
    }

    /** Nothing waits or is held back any more: it has heard the newest value of each state topic. */
    void expectNewest() {
        if (isExact() || options.dropsNewest() || options.maxAgeMillis() > 0 || !hasRoomForEach()) {
            return;
        }
        newest.values().stream()
                .filter(offer -> offer.sent.isState)
                .forEach(offer -> assertThat(lastHeard.get(offer.sent.topic))
                        .as("the newest of %s, with options %s", offer.sent.topic, options)
                        .isEqualTo(offer));
    }

    // A loop that polls.

    /** {@return what it takes} */
    List<Sent> drain() {
        List<Sent> all = new ArrayList<>();
        for (Offer next = waiting.poll(); next != null; next = waiting.poll()) {
            all.add(next.sent);
        }
        return all;
    }

    /** {@return the newest value of a topic, if it is no older than that; else -1} */
    long latestOf(String topic, long maxAgeNanos, long now) {
        Offer last = newest.get(topic);
        return last == null || now - last.sent.nanos > maxAgeNanos ? -1 : last.sent.value;
    }
}
