package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.simulation.HistoryModel.Entry;
import io.github.robotstream.simulation.HistoryModel.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's subscription, which begins where the client stopped: what it is offered of each topic, in order, and what of that came. What its
 * options leave out is told no later than with what comes behind it.
 */
final class ResumedSubscription {
    final String filter;
    /** Empty if it has none. */
    final String name;

    private final Map<HistoryModel, Reception> receptions = new LinkedHashMap<>();
    private Options options = Options.USUAL;
    private boolean isSubscribed;
    private boolean isAcked;
    private boolean isEnding;
    private long beganNanos;
    private long delivered;
    private long told;
    /** Of what is offered, values of topics that were cleared before these values had room: they need not come. */
    private long mayVanish;

    /** What is offered. */
    private record Offer(Entry entry, long nanos, boolean isBefore) {}

    private static final class Reception {
        /** Where the client is, in this connection and the ones before. */
        @Nullable
        Position position;

        final List<Offer> offers = new ArrayList<>();
        /** The place behind the offer that came last. */
        int next;

        long times;

        boolean hasNewest() {
            return next == offers.size();
        }

        boolean hasAll() {
            return times == offers.size();
        }
    }

    ResumedSubscription(String filter, String name, List<HistoryModel> topics) {
        this.filter = filter;
        this.name = name;
        topics.forEach(topic -> receptions.put(topic, new Reception()));
    }

    boolean isFree() {
        return !isSubscribed;
    }

    /** Whether it has begun, and its end is not asked for. */
    boolean isPresent() {
        return isSubscribed && !isEnding;
    }

    boolean isReliable() {
        return isSubscribed && options.isReliable();
    }

    boolean isOfOneTopic() {
        return receptions.size() == 1;
    }

    Iterable<HistoryModel> topics() {
        return receptions.keySet();
    }

    boolean matches(HistoryModel topic) {
        return receptions.containsKey(topic);
    }

    @Nullable
    Position position(HistoryModel topic) {
        return receptions.get(topic).position;
    }

    /** It is asked for. */
    void begins(Options asked, long nowNanos) {
        options = asked;
        isSubscribed = true;
        beganNanos = nowNanos;
    }

    void isAcked() {
        isAcked = true;
    }

    /** Its end is asked for. */
    void isToEnd() {
        isEnding = true;
    }

    /** The client knows of its end, or has lost its connection. */
    void ends() {
        isSubscribed = false;
        isAcked = false;
        isEnding = false;
        delivered = 0;
        told = 0;
        mayVanish = 0;
        receptions.values().forEach(reception -> {
            reception.offers.clear();
            reception.next = 0;
            reception.times = 0;
        });
    }

    /** Something was published before its beginning that it is to be sent. */
    void offersBefore(HistoryModel topic, List<Entry> entries) {
        entries.forEach(entry -> receptions.get(topic).offers.add(new Offer(entry, beganNanos, true)));
    }

    /** The topic's values are gone. */
    void cleared(HistoryModel topic) {
        Reception reception = receptions.get(topic);
        if (reception != null) {
            mayVanish += reception.offers.subList(reception.next, reception.offers.size()).stream()
                    .filter(Offer::isBefore)
                    .count();
        }
    }

    /** Something is published. */
    void offers(HistoryModel topic, Entry entry, long nowNanos) {
        if (isPresent() && receptions.containsKey(topic)) {
            receptions.get(topic).offers.add(new Offer(entry, nowNanos, false));
        }
    }

    /** A message of it has come. */
    void accept(HistoryModel topic, Frame frame) {
        assertThat(isAcked).as("before the ack of %s came %s", this, frame).isTrue();
        Reception reception = receptions.get(topic);
        assertThat(reception).as("what %s gives: %s", this, frame).isNotNull();
        String epoch = frame.member("epoch");
        Entry entry = topic.read(epoch, Long.parseLong(frame.member("seq")), frame.intValue());
        int place = place(reception, entry, frame);
        Offer offer = reception.offers.get(place);
        long dropped = Long.parseLong(frame.member("dropped"));
        long skipped = Long.parseLong(frame.member("skipped"));
        if (!options.policy().equals("latest") && !isPaced()) {
            assertThat(skipped)
                    .as("skipped though nobody asked for that, %s: %s", this, frame)
                    .isZero();
        }
        if (options.isReliable()) {
            assertThat(topic.ceilingHz > 0 ? reception.next : place)
                    .as("%s misses what comes before %s", this, frame)
                    .isEqualTo(reception.next);
            assertThat(dropped).as("%s has lost something: %s", this, frame).isZero();
        }
        delivered++;
        told += dropped + skipped;
        reception.times++;
        reception.next = place + 1;
        reception.position = new Position(entry.epoch(), epoch, entry.sequence());
        checkTold(reception, frame);
        checkTimes(topic, reception, offer, frame);
    }

    /** How far apart the messages of a topic are; 0 for no matter. */
    private long intervalNanos(HistoryModel topic) {
        long ofTopic = topic.ceilingHz == 0 ? 0 : 1_000_000_000L / topic.ceilingHz;
        return options.rateHz() == 0 ? ofTopic : Math.max(ofTopic, options.intervalNanos());
    }

    private boolean isPaced() {
        return receptions.keySet().stream().anyMatch(topic -> intervalNanos(topic) > 0);
    }

    /** What the ack says that is in effect: of one topic what robot code has set, too. */
    void checkOptions(Frame ack) {
        HistoryModel only = topics().iterator().next();
        boolean retains = !isOfOneTopic() || only.isRetained();
        assertThat(ack.member("retained"))
                .as("%s", ack)
                .isEqualTo(String.valueOf(retains && options.wantsRetained(true)));
        long interval = isOfOneTopic() ? intervalNanos(only) : options.rateHz() == 0 ? 0 : options.intervalNanos();
        String rate = ack.member("rate_hz");
        assertThat(rate.isEmpty() ? 0 : (long) (1e9 / Double.parseDouble(rate)))
                .as("the rate in %s", ack)
                .isEqualTo(interval);
    }

    private int place(Reception reception, Entry entry, Frame frame) {
        for (int place = reception.next; place < reception.offers.size(); place++) {
            if (reception.offers.get(place).entry.equals(entry)) {
                return place;
            }
        }
        throw new AssertionError(this + " was sent " + frame + ", and is offered "
                + reception.offers.subList(reception.next, reception.offers.size()));
    }

    private void checkTold(Reception reception, Frame frame) {
        assertThat(delivered + told)
                .as("sent and told by %s, with %s", this, frame)
                .isLessThanOrEqualTo(offered());
        if (isOfOneTopic()) {
            assertThat(delivered + told)
                    .as("sent (%s) and told by %s, with %s", delivered, this, frame)
                    .isGreaterThanOrEqualTo(reception.next - mayVanish);
        }
    }

    private void checkTimes(HistoryModel topic, Reception reception, Offer offer, Frame frame) {
        assertThat(frame.member("retained"))
                .as("whether it was published before %s: %s", this, frame)
                .isEqualTo(String.valueOf(offer.isBefore));
        if (options.maxAgeMs() > 0 && !offer.isBefore) {
            assertThat(frame.handedOver.nanos - offer.nanos)
                    .as("the age of %s for %s", frame, this)
                    .isLessThanOrEqualTo(options.maxAgeNanos());
        }
        if (intervalNanos(topic) > 0) {
            long elapsed = frame.handedOver.nanos - beganNanos;
            assertThat(reception.times)
                    .as("messages of %s after %s ms, with %s", this, elapsed / 1_000_000, frame)
                    .isLessThanOrEqualTo(2 + (long) (1.05 * elapsed / intervalNanos(topic)));
        }
    }

    private long offered() {
        return receptions.values().stream()
                .mapToLong(reception -> reception.offers.size())
                .sum();
    }

    /** The client has always read, and does: of what is offered it has all, or at least the newest, as its options have it. */
    void expectRest(long nowNanos) {
        if (!isPresent() || mayLoseNewest()) {
            return;
        }
        boolean getsAll = !options.policy().equals("latest") && options.queue() == 0;
        receptions.forEach((topic, reception) -> {
            if (getsAll && mayVanish == 0 && intervalNanos(topic) == 0) {
                assertThat(reception.hasAll())
                        .as("%s has all of %s: %s of %s", this, topic, reception.times, reception.offers)
                        .isTrue();
            } else if (!isHeldBack(intervalNanos(topic), reception, nowNanos)) {
                assertThat(reception.hasNewest())
                        .as("%s has the newest of %s, of %s", this, topic, reception.offers)
                        .isTrue();
            }
        });
    }

    /** A short queue of several topics may lose the only value of one of them. */
    private boolean mayLoseNewest() {
        return options.overflow().equals("drop_newest") || (options.queue() > 0 && !isOfOneTopic());
    }

    /** A message that comes too early waits, and may be too old when it is due. */
    private boolean isHeldBack(long interval, Reception reception, long nowNanos) {
        if (interval == 0 || reception.offers.isEmpty()) {
            return false;
        }
        long newest = reception.offers.get(reception.offers.size() - 1).nanos;
        return options.maxAgeMs() > 0 || nowNanos - newest < 1.05 * interval;
    }

    /** Something was published on each topic while nothing waited, and the client has read everything since. */
    void expectAll() {
        boolean mayEndOld = isPaced() && options.maxAgeMs() > 0;
        if (isPresent() && !mayEndOld) {
            assertThat(delivered + told)
                    .as("sent (%s) and told by %s", delivered, this)
                    .isBetween(offered() - mayVanish, offered());
            receptions.forEach((topic, reception) -> assertThat(reception.hasNewest() || mayLoseNewest())
                    .as("%s has the newest of %s", this, topic)
                    .isTrue());
        }
    }

    @Override
    public String toString() {
        return "the subscription to " + filter + (name.isEmpty() ? "" : " " + name) + " " + options.json();
    }
}
