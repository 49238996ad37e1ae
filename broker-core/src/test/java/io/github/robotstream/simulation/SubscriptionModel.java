package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.simulation.Frame.Note;
import io.github.robotstream.simulation.TopicModel.Publication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a subscription may be sent, and what it has to have been sent at a rest. It knows which numbers of each topic the subscription was
 * offered: those above the last one at its beginning, and last values that it asked for. Each of these is either sent, or told in {@code
 * dropped} or {@code skipped} of a later frame.
 */
final class SubscriptionModel {
    /** A queue looks so seldom for values of many topics that newer ones have followed. */
    private static final long SEARCH_NANOS = 50_000_000;

    final SimulatedClient client;
    final String filter;
    final String name;
    private final World world;
    private final Map<TopicModel, Reception> receptions = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    /** Whether its frames can be told from those of others, and all that it is offered is known. */
    boolean isExact = true;
    /** Whether frames of it may come by now. */
    boolean isAcked;

    private long delivered;
    private long told;

    private record Change(Options options, Moment at) {}

    private record Mark(long upTo, Moment at) {}

    /** What came of one topic. */
    private static final class Reception {
        final long base;
        /** For each time when last values were asked for, what was the last one. */
        final List<Mark> marks = new ArrayList<>();
        /** Numbers that were offered again, as last values. */
        final List<Long> again = new ArrayList<>();

        boolean firstIsRetained;
        long last;
        long times;
        int repeats;
        Frame lastFrame;
        Publication lastValue;
        final List<Long> missing = new ArrayList<>();

        Reception(long base) {
            this.base = base;
            this.last = base;
        }

        boolean isRetained(long number, Moment at) {
            boolean is = false;
            for (Mark mark : marks) {
                is |= mark.at.rests <= at.rests && number <= mark.upTo;
            }
            return is;
        }
    }

    SubscriptionModel(World world, SimulatedClient client, String filter, String name, Options options) {
        this.world = world;
        this.client = client;
        this.filter = filter;
        this.name = name;
        for (TopicModel topic : world.topics()) {
            if (matches(topic)) {
                receptions.put(topic, new Reception(topic.last()));
                isExact &= world.knowsLast(topic);
            }
        }
        changes.add(new Change(options, world.now()));
        if (options.wantsRetained(true) && !isOfOneCommand()) {
            receptions.forEach(this::offersRetained);
        }
    }

    private void offersRetained(TopicModel topic, Reception reception) {
        reception.marks.add(new Mark(topic.last(), world.now()));
        if (!topic.isCommand && topic.last() > 0) {
            reception.firstIsRetained = true;
            reception.repeats++;
        }
    }

    /** Other options are asked for. */
    void changes(Options options) {
        changes.add(new Change(options, world.now()));
        isExact &= receptions.keySet().stream().allMatch(world::knowsLast);
        if (options.wantsRetained(false) && !isOfOneCommand()) {
            isExact &= receptions.values().stream()
                    .allMatch(r -> r.again.isEmpty() && (!r.firstIsRetained || r.times > 0 || r.last > r.base));
            receptions.forEach((topic, reception) -> {
                reception.marks.add(new Mark(topic.last(), world.now()));
                if (!topic.isCommand && topic.last() > 0) {
                    reception.again.add(topic.last());
                    reception.repeats++;
                }
            });
        }
    }

    boolean matches(TopicModel topic) {
        return matches(filter.split("/"), topic.name.split("/"), 0);
    }

    private static boolean matches(String[] filter, String[] topic, int level) {
        if (level == filter.length) {
            return level == topic.length;
        }
        if (filter[level].equals("#")) {
            return true;
        }
        return level < topic.length
                && (filter[level].equals("+") || filter[level].equals(topic[level]))
                && matches(filter, topic, level + 1);
    }

    boolean overlaps(SubscriptionModel other) {
        return world.topics().stream().anyMatch(topic -> matches(topic) && other.matches(topic));
    }

    boolean isNamed() {
        return !name.isEmpty();
    }

    boolean isOfOneTopic() {
        return world.topics().stream().anyMatch(topic -> topic.name.equals(filter));
    }

    private boolean isOfOneCommand() {
        return isOfOneTopic() && world.topic(filter).isCommand;
    }

    Options options() {
        return changes.get(changes.size() - 1).options;
    }

    private Options optionsAt(Moment moment) {
        Options present = changes.get(0).options;
        for (Change change : changes) {
            present = change.at.rests <= moment.rests ? change.options : present;
        }
        return present;
    }

    /** A frame of it has come. */
    void accept(Frame frame, Publication value, Note note) {
        if (!isExact) {
            return;
        }
        Reception reception = receptions.get(value.topic);
        Options options = optionsAt(frame.handedOver);
        assertThat(note.hasMeta()).as("meta of %s", frame).isEqualTo(options.meta());
        checkOrder(reception, frame, value);
        delivered++;
        if (options.meta()) {
            told += note.number("dropped") + note.number("skipped");
            assertThat(note.isRetained())
                    .as("retained, by %s, in %s", reception.marks, frame)
                    .isEqualTo(reception.isRetained(value.number, frame.handedOver));
            checkLosses(reception, frame, value);
        }
        checkAge(reception, frame, value, options);
        checkRate(reception, frame, options);
        checkFollowed(reception, frame, value);
        if (options.isReliable() && changes.size() == 1) {
            checkReliable(reception, frame, value, note);
        }
        reception.last = value.number;
        reception.lastFrame = frame;
        reception.lastValue = value;
        reception.times++;
    }

    private void checkOrder(Reception reception, Frame frame, Publication value) {
        if (value.number <= reception.last) {
            assertThat(value.number).as("the number before was that; %s", frame).isEqualTo(reception.last);
            reception.repeats--;
            assertThat(reception.repeats).as("it has come before: %s", frame).isNotNegative();
        }
    }

    /** No later than here is told what has not come before this message, and nothing that nobody has published. */
    private void checkLosses(Reception reception, Frame frame, Publication value) {
        long unnumbered = receptions.keySet().stream()
                .mapToLong(topic -> topic.unnumbered)
                .sum();
        assertThat(delivered + told).as("sent and told, with %s", frame).isLessThanOrEqualTo(offered() + unnumbered);
        if (isOfOneTopic()) {
            long before = live(value.topic, reception, value.number)
                    + (reception.firstIsRetained ? 1 : 0)
                    + reception.again.stream()
                            .filter(number -> number < value.number)
                            .count();
            assertThat(delivered + told)
                    .as("sent (%s) and told, with %s", delivered, frame)
                    .isGreaterThanOrEqualTo(before);
        }
    }

    private long live(TopicModel topic, Reception reception, long upTo) {
        return Math.max(0, upTo - reception.base) - topic.notOffered(reception.base, upTo, client);
    }

    private long offered() {
        long sum = 0;
        for (Map.Entry<TopicModel, Reception> each : receptions.entrySet()) {
            Reception reception = each.getValue();
            sum += live(each.getKey(), reception, each.getKey().last())
                    + (reception.firstIsRetained ? 1 : 0)
                    + reception.again.size();
        }
        return sum;
    }

    private static void checkAge(Reception reception, Frame frame, Publication value, Options options) {
        long age = frame.handedOver.nanos - value.at.nanos;
        if (options.maxAgeMs() > 0 && !reception.isRetained(value.number, frame.handedOver)) {
            assertThat(age).as("the age of %s", frame).isLessThanOrEqualTo(options.maxAgeNanos());
        }
    }

    private void checkRate(Reception reception, Frame frame, Options options) {
        if (options.rateHz() > 0 && changes.size() == 1) {
            long sinceBegin = frame.handedOver.nanos - changes.get(0).at.nanos;
            assertThat(reception.times + 1)
                    .as("messages after %s ms, with %s", sinceBegin / 1_000_000, frame)
                    .isLessThanOrEqualTo(2 + (long) (1.05 * sinceBegin / options.intervalNanos()));
        }
    }

    /** The message before this one may have been one that should have given way to it. */
    private void checkFollowed(Reception reception, Frame frame, Publication value) {
        Frame before = reception.lastFrame;
        boolean bothWaited = before != null && value.learnedAtRest < before.handedOver.rests;
        if (!bothWaited || changes.size() > 1 || value.number == reception.last) {
            return;
        }
        boolean keepsNewest =
                options().keepsNewest() || (value.topic.isBinary && options().isUsual());
        assertThat(keepsNewest).as("%s went before %s", before, frame).isFalse();
        long age = before.handedOver.nanos - reception.lastValue.at.nanos;
        long patience = isOfOneTopic() ? 0 : SEARCH_NANOS;
        boolean isThinned = options().isThinned()
                && !value.topic.isCommand
                && before.handedOver.nanos - value.learnedNanos >= patience;
        if (isThinned && !reception.isRetained(reception.last, before.handedOver)) {
            assertThat(age)
                    .as("the age of %s, with %s behind it", before, frame)
                    .isLessThanOrEqualTo(world.thinAfterNanos() + patience);
        }
    }

    private void checkReliable(Reception reception, Frame frame, Publication value, Note note) {
        assertThat(!note.hasMeta() || note.number("skipped") == 0)
                .as("nothing is skipped: %s", frame)
                .isTrue();
        for (long number = reception.last + 1; number < value.number; number++) {
            reception.missing.add(number);
        }
    }

    /** The newest value has to have come, whatever else was lost. */
    void expectNewest() {
        receptions.forEach((topic, reception) -> {
            if (isExact && !topic.isCommand) {
                expectNewest(topic, reception);
            }
        });
    }

    private void expectNewest(TopicModel topic, Reception reception) {
        long newest = topic.last();
        boolean isItsOwn = topic.notOffered(newest - 1, newest, client) > 0;
        boolean hasCome = !isItsOwn && newest > 0 && !client.mayBeTooLarge(topic.numbered.get(newest));
        if (hasCome && (newest > reception.base || reception.firstIsRetained)) {
            assertThat(reception.last)
                    .as("the newest of %s for %s", topic, this)
                    .isEqualTo(newest);
            assertThat(reception.times).as("messages of %s for %s", topic, this).isPositive();
        }
    }

    /** How many messages it cannot have got for their size, and for no other reason. */
    long surelyTooLarge() {
        if (!isExact || changes.size() > 1 || options().rateHz() > 0) {
            return 0;
        }
        long sum = 0;
        for (Map.Entry<TopicModel, Reception> each : receptions.entrySet()) {
            sum += each.getKey().numbered.tailMap(each.getValue().base, false).values().stream()
                    .filter(value -> value.notTo != client && client.isTooLarge(value))
                    .count();
        }
        return sum;
    }

    /** Everything has come that will come. */
    void expectAll() {
        if (!isExact) {
            return;
        }
        Options options = options();
        boolean mayEndOld = options.rateHz() > 0 && options.maxAgeMs() > 0;
        if (!mayEndOld) {
            expectNewest();
        }
        if (options.meta()) {
            long sum = delivered + told;
            assertThat(mayEndOld ? Math.max(sum, offered()) : sum)
                    .as("sent (%s) and told by %s", delivered, this)
                    .isEqualTo(offered());
        }
        receptions.forEach((topic, reception) -> reception.missing.forEach(number -> {
            boolean mayMiss = !topic.numbered.containsKey(number)
                    || topic.notOffered(number - 1, number, client) > 0
                    || client.mayBeTooLarge(topic.numbered.get(number));
            assertThat(mayMiss)
                    .as("%s has not got %s of %s", this, number, topic)
                    .isTrue();
        }));
    }

    @Override
    public String toString() {
        return client + "'s " + filter + (isNamed() ? " " + name : "") + " "
                + options().json();
    }
}
