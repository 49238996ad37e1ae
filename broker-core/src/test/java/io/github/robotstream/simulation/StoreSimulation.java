package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.file.SteppedStore;
import io.github.robotstream.simulation.KeptModel.Item;
import io.github.robotstream.simulation.KeptModel.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose store keeps only so much, on a disk that becomes full, cannot be written, fails to force or loses its power. Whatever happens to
 * it, clients are sent all that is published, and a log that tells what was not stored; what those that come back and those that look back
 * are given is compared with {@link KeptModel}.
 */
final class StoreSimulation extends SteppedBroker {
    static final int CLIENTS = 3;

    private static final Pattern KEPT = Pattern.compile("\"data\":(\\d+)\\},\"seq\":(\\d+)");
    private static final String LOGS = "server_logs";
    /** What repeats within that time is told as one entry. */
    private static final long FOLDED_NANOS = 6_000_000_000L;
    /** By then all is told, and the store has looked at what it has to keep no longer. */
    private static final int A_WHILE_MILLIS = 130_000;

    private final List<KeptModel> models = new ArrayList<>();
    private final List<Topic<Long>> topics = new ArrayList<>();
    private final List<Integer> inMemory;
    private final Retention retention;
    private final SteppedStore store;
    /** All that was published, by value. */
    private final Map<Long, Item> all = new HashMap<>();

    private final List<Reader> readers = new ArrayList<>();
    /** Subscribes to everything, and to the log, and is there always. */
    private final Reader witness = new Reader("c" + CLIENTS);

    private long lastValue;
    private boolean isDiskWell = true;
    private boolean beganWell;
    /** Messages that the store did not keep since the broker's start, and how many of them the log has told. */
    private long notStored;

    private long told;
    private boolean isFailing;
    /** Whether the log is to tell a failure now, and when it has told one. */
    private boolean mustTell;

    private long toldAtNanos;

    /** Where a client has stopped. */
    private record Position(String epoch, long number) {
        String json() {
            return "{\"epoch\":" + epoch + ",\"seq\":" + number + "}";
        }
    }

    /** What a client gets of a topic. */
    private static final class Following {
        @Nullable
        Position position;

        boolean isSubscribed;
        /** The number before, in which life of the topic, and how many were missing before it. */
        long number;

        int life;
        long missing;
        long told;
        /** Up to here it is sent what is kept, of which some has to come. */
        long replayUpTo;

        final TreeSet<Long> musts = new TreeSet<>();
        final Deque<Item> live = new ArrayDeque<>();

        void begins(KeptModel model) {
            isSubscribed = true;
            life = model.life();
            replayUpTo = model.last();
            number = model.last();
            missing = 0;
            told = 0;
        }

        /** How many may be missing behind the last that came, which is told no later than with the next one. */
        long mayStillMiss() {
            return Math.max(0, replayUpTo - number);
        }

        void ends() {
            isSubscribed = false;
            musts.clear();
            live.clear();
        }
    }

    private final class Reader extends AskingClient {
        final Map<KeptModel, Following> followings = new LinkedHashMap<>();

        Reader(String name) {
            super(name);
        }

        void comes() {
            connection = new SimulatedConnection(now, 64 << 10);
            network.connect(name, connection);
        }

        @Override
        void isCut() {
            super.isCut();
            followings.values().forEach(Following::ends);
        }

        void sends(String members, Consumer<Frame> reply) {
            note(this + " sends " + ask(members, reply));
        }
    }

    /** {@code inMemory} is how many messages each topic keeps there. */
    StoreSimulation(List<Integer> inMemory, Retention retention) throws IOException {
        this.inMemory = inMemory;
        this.retention = retention;
        store = new SteppedStore(clock, retention.bytes(), Duration.ofSeconds(retention.seconds()));
        for (int i = 0; i < inMemory.size(); i++) {
            topics.add(Topic.state("t" + i, "int", Long.class));
            models.add(new KeptModel("t" + i, inMemory.get(i), retention));
        }
        for (int i = 0; i < CLIENTS; i++) {
            readers.add(new Reader("c" + i));
        }
        readers.add(witness);
        readers.forEach(reader -> models.forEach(model -> reader.followings.put(model, new Following())));
        start();
        models.forEach(this::witnessFollows);
    }

    private void start() throws IOException {
        BrokerBuilder builder = builder(namesAsTokens(name -> Permissions.none().subscribe("#", LOGS)))
                .store(store)
                .limits(limits -> limits.requestRate(RequestRate.unlimited()));
        for (int i = 0; i < topics.size(); i++) {
            int history = inMemory.get(i);
            builder.topic(topics.get(i), settings -> settings.history(history));
        }
        notStored = 0;
        told = 0;
        isFailing = false;
        mustTell = false;
        toldAtNanos = now.nanos - FOLDED_NANOS;
        beganWell = isDiskWell;
        start(builder);
        witness.comes();
        witness.sends("\"action\":\"subscribe\",\"topic\":\"" + LOGS + "\"", ack -> {});
        rest();
    }

    // What is done.

    void publishes(int topic, int count, boolean settles) {
        for (int i = 0; i < count; i++) {
            lastValue++;
            broker.publish(topics.get(topic), lastValue);
            Item item = models.get(topic).published(lastValue, clock.now().getEpochSecond());
            all.put(lastValue, item);
            for (Reader reader : readers) {
                Following following = reader.followings.get(item.topic);
                if (following.isSubscribed) {
                    following.live.add(item);
                }
            }
        }
        if (settles) {
            settle();
        }
    }

    void clears(int topic) {
        broker.clear(topics.get(topic));
        models.get(topic).cleared();
        settle();
    }

    void diskIsWell() {
        store.room(Long.MAX_VALUE);
        store.readOnly(false);
        store.failForceAfter(Integer.MAX_VALUE);
        isDiskWell = true;
    }

    void diskHasRoom(long bytes) {
        store.room(bytes);
        isDiskWell = false;
    }

    void diskIsReadOnly() {
        store.readOnly(true);
        isDiskWell = false;
    }

    void forceFails(int calls) {
        store.failForceAfter(calls);
        isDiskWell = false;
    }

    void cutOrConnect(int index) {
        Reader reader = readers.get(index);
        if (reader.connection == null) {
            reader.comes();
        } else {
            reader.isCut();
        }
        settle();
    }

    private static @Nullable Position moved(@Nullable Position position, int offset) {
        return position == null ? null : new Position(position.epoch, Math.max(0, position.number + offset));
    }

    /** From where it stopped, or from elsewhere. */
    void subscribes(int index, int topic, int offset) {
        settle();
        Reader reader = readers.get(index);
        KeptModel model = models.get(topic);
        Following following = reader.followings.get(model);
        if (reader.connection == null || following.isSubscribed) {
            return;
        }
        Position since = moved(following.position, offset);
        following.begins(model);
        String options = ",\"options\":{\"meta\":true,\"policy\":\"queue\",\"retained\":false"
                + (since == null ? "" : ",\"since\":" + since.json()) + "}";
        reader.sends("\"action\":\"subscribe\",\"topic\":\"" + model + "\"" + options, ack -> {
            if (since != null && checkKept(model, since, ack.member("recovered").equals("true"), ack)) {
                following.number = since.number;
                model.items.tailMap(since.number, false).keySet().stream()
                        .filter(model::mustHave)
                        .forEach(following.musts::add);
            }
        });
        settle();
    }

    /** A client is told whether all after a position is kept; returns whether it is. */
    private static boolean checkKept(KeptModel model, Position since, boolean isKept, Frame told) {
        boolean isPresent = since.epoch.equals(model.epoch()) && since.number <= model.last();
        if (isKept) {
            assertThat(isPresent)
                    .as("%s is a position of %s: %s", since, model, told)
                    .isTrue();
        } else if (isPresent) {
            assertThat(model.mustHaveAllAfter(since.number))
                    .as("all of %s after %s is kept, but %s", model, since, told)
                    .isFalse();
        }
        if (!isKept && model.last() > 0) {
            checkOldest(model, Long.parseLong(told.member("oldest")), told);
            if (isPresent) {
                assertThat(Long.parseLong(told.member("oldest"))).as("%s", told).isGreaterThan(since.number + 1);
            }
        }
        return isKept;
    }

    private static void checkOldest(KeptModel model, long oldest, Frame told) {
        assertThat(model.items).as("the oldest of %s: %s", model, told).containsKey(oldest);
        model.items
                .headMap(oldest)
                .keySet()
                .forEach(number -> assertThat(model.mustHave(number))
                        .as("%s of %s is kept, but %s", number, model, told)
                        .isFalse());
    }

    void asksForHistory(int index, int topic, boolean fromOldest, int offset, int limit) {
        settle();
        Reader reader = readers.get(index);
        KeptModel model = models.get(topic);
        Position since = fromOldest ? null : moved(reader.followings.get(model).position, offset);
        if (reader.connection != null && (fromOldest || since != null)) {
            String from = since == null ? "" : ",\"since\":" + since.json();
            reader.sends(
                    "\"action\":\"history\",\"topic\":\"" + model + "\",\"limit\":" + limit + from,
                    reply -> checkPage(model, since, limit, reply));
            settle();
        }
    }

    private void checkPage(KeptModel model, @Nullable Position since, int limit, Frame reply) {
        boolean isGap = reply.member("code").equals("\"history_gap\"");
        if (since == null) {
            assertThat(isGap).as("%s", reply).isFalse();
        } else if (!checkKept(model, since, !isGap, reply)) {
            return;
        }
        NavigableMap<Long, Long> page = page(reply);
        assertThat(page).as("%s", reply).hasSizeLessThanOrEqualTo(limit);
        page.forEach((number, value) -> {
            model.tells(reply.member("epoch"), all.get(value));
            assertThat(all.get(value)).as("number %s of %s", number, model).isSameAs(model.items.get(number));
        });
        if (since == null && !page.isEmpty()) {
            checkOldest(model, page.firstKey(), reply);
        }
        long after = since == null ? 0 : since.number;
        long end = page.isEmpty() ? model.last() : page.lastKey();
        assertThat(reply.member("complete")).as("%s", reply).isEqualTo(String.valueOf(end == model.last()));
        model.items
                .subMap(after, false, end, true)
                .keySet()
                .forEach(number -> assertThat(page.containsKey(number) || !model.mustHave(number))
                        .as("%s of %s is kept, and is missing in %s", number, model, reply)
                        .isTrue());
    }

    private static NavigableMap<Long, Long> page(Frame reply) {
        NavigableMap<Long, Long> page = new TreeMap<>();
        for (Matcher each = KEPT.matcher(reply.text); each.find(); ) {
            page.put(Long.valueOf(each.group(2)), Long.valueOf(each.group(1)));
        }
        return page;
    }

    void advance(int millis) {
        goOn(millis * 1_000_000L);
        look();
        settle();
    }

    @Override
    void jumpWallClock(int seconds) {
        settle(); // what was published has the time of before
        super.jumpWallClock(seconds);
        look();
        settle();
    }

    private void look() {
        models.forEach(model -> model.ages(clock.now().getEpochSecond()));
    }

    /** It is closed, or the power fails; clients come back later, by themselves. */
    void restart(boolean clean, Random luck) {
        if (clean) {
            settle();
        } else {
            store.crash(luck);
        }
        boolean goesOn = clean && isDiskWell && beganWell && !store.mayBeIncomplete();
        Map<KeptModel, List<Long>> musts = new HashMap<>();
        models.forEach(model -> musts.put(
                model,
                model.items.keySet().stream()
                        .filter(number -> clean
                                ? goesOn && model.isLastStored() && model.mustBeStored(number)
                                : model.mustSurviveCrash(number))
                        .toList()));
        store.letGo();
        close();
        readers.forEach(Reader::isCut);
        try {
            start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        models.forEach(model -> findsAgain(model, musts.get(model), goesOn));
        check();
    }

    /** What a store has after a restart is found out, and is all that a client is told from then on. */
    private void findsAgain(KeptModel model, List<Long> musts, boolean goesOn) {
        witness.sends("\"action\":\"history\",\"topic\":\"" + model + "\",\"limit\":1000", reply -> {
            NavigableMap<Long, Long> found = page(reply);
            String epoch = reply.member("epoch");
            found.values()
                    .forEach(value -> assertThat(all.get(value).topic)
                            .as("whose %s is", value)
                            .isSameAs(model));
            boolean isSame = !found.isEmpty() && epoch.equals(model.epoch());
            if (goesOn && model.isLastStored() && model.last() > 0) {
                assertThat(isSame).as("%s goes on: %s", model, reply).isTrue();
                assertThat(found.lastKey()).as("the last of %s", model).isEqualTo(model.last());
            }
            assertThat(found.keySet())
                    .as("what of %s has to be there: %s", model, reply)
                    .containsAll(musts);
            if (isSame) {
                model.goesOn(found);
            } else {
                model.beginsAnew(found, all).values().forEach(item -> all.put(item.value, item));
            }
            if (!found.isEmpty()) {
                model.tellsEpoch(epoch);
            }
            found.values().forEach(value -> model.tells(epoch, all.get(value)));
        });
        rest();
        witnessFollows(model);
    }

    private void witnessFollows(KeptModel model) {
        Following following = witness.followings.get(model);
        following.begins(model);
        witness.sends(
                "\"action\":\"subscribe\",\"topic\":\"" + model
                        + "\",\"options\":{\"meta\":true,\"policy\":\"queue\",\"retained\":false}",
                ack -> {});
        rest();
    }

    // Rests.

    private void settle() {
        rest();
        check();
    }

    private void rest() {
        boolean more = true;
        for (int rounds = 0; more; rounds++) {
            assertThat(rounds).as("rounds without a rest").isLessThan(MOST_STEPS);
            takeSteps();
            more = !TestHooks.isIdle(broker);
            if (more || rounds == 0) {
                store.work();
                lookAtStore();
                takeSteps();
            }
            for (Reader reader : readers) {
                more |= read(reader);
            }
        }
        now.rests++;
    }

    private void lookAtStore() {
        for (SteppedStore.Outcome outcome : store.takeOutcomes()) {
            if (!outcome.isKept()) {
                notStored += outcome.batch().size();
                mustTell |= !isFailing && now.nanos - toldAtNanos >= FOLDED_NANOS;
            }
            isFailing = !outcome.isKept();
            outcome.batch().forEach(message -> {
                Item item = all.get(Long.valueOf(message.payload().json()));
                assertThat(message.sequence()).as("the number of %s", item).isEqualTo(item.number);
                item.isStored = outcome.isKept();
            });
        }
        if (store.isForced()) {
            models.forEach(model -> model.items.values().forEach(item -> item.isForced = item.isStored));
        }
    }

    private boolean read(Reader reader) {
        if (reader.connection == null) {
            return false;
        }
        List<Frame> frames = reader.connection.read(Integer.MAX_VALUE);
        for (Frame frame : frames) {
            if (!frame.isMessage()) {
                note(reader + " reads " + frame);
                reader.acceptReply(frame);
            } else if (frame.topic().equals(LOGS)) {
                acceptEntry(frame);
            } else {
                note(reader + " reads " + frame);
                accept(reader.followings.get(models.get(frame.topic().charAt(1) - '0')), frame);
            }
        }
        assertThat(reader.connection.isClosing()).as("%s is closed", reader).isFalse();
        return !frames.isEmpty();
    }

    private void acceptEntry(Frame entry) {
        String event = entry.member("event");
        boolean isFailure = event.equals("\"store_failed\"");
        if (isFailure || event.equals("\"store_goes_on\"")) {
            note("the log tells " + event);
            String dropped = entry.member("dropped");
            told += dropped.isEmpty() ? 0 : Long.parseLong(dropped);
            toldAtNanos = isFailure ? now.nanos : toldAtNanos;
        }
    }

    private void accept(Following following, Frame frame) {
        Item item = all.get(frame.intValue());
        long number = Long.parseLong(frame.member("seq"));
        assertThat(following.isSubscribed).as("it is subscribed to %s", frame).isTrue();
        assertThat(item.number).as("the number of %s", frame).isEqualTo(number);
        item.topic.tells(frame.member("epoch"), item);
        boolean isReplay = item.life == following.life && number <= following.replayUpTo;
        if (isReplay) {
            assertThat(number).as("what comes next: %s", frame).isGreaterThan(following.number);
            following.musts.remove(number);
        } else {
            assertThat(following.live.poll()).as("what comes next: %s", frame).isSameAs(item);
        }
        boolean isSameLife = item.life == following.life;
        following.missing += isSameLife ? number - following.number - 1 : following.mayStillMiss() + number - 1;
        following.told += Long.parseLong(frame.member("dropped"));
        assertThat(following.told).as("what is missing is told: %s", frame).isGreaterThanOrEqualTo(following.missing);
        if (!isSameLife) {
            following.replayUpTo = 0;
        }
        following.life = item.life;
        following.number = number;
        following.position = new Position(frame.member("epoch"), number);
    }

    private void check() {
        checkCounts();
        for (Reader reader : readers) {
            assertThat(reader.replies).as("replies to %s", reader).isEmpty();
            reader.followings.forEach((model, following) -> {
                assertThat(following.live)
                        .as("what %s misses of %s", reader, model)
                        .isEmpty();
                assertThat(following.told)
                        .as("what was told to %s, of %s", reader, model)
                        .isLessThanOrEqualTo(following.missing + following.mayStillMiss());
                assertThat(following.musts)
                        .as("what is kept of %s, and %s misses", model, reader)
                        .isEmpty();
            });
        }
        for (int i = 0; i < models.size(); i++) {
            Map.Entry<Long, Item> last = models.get(i).items.lastEntry();
            if (last != null && last.getKey() == models.get(i).last()) {
                assertThat(broker.latest(topics.get(i)))
                        .as("the last value of %s", last)
                        .contains(last.getValue().value);
            }
        }
        assertThat(broker.stats().notStored()).as("what was not stored").isEqualTo(notStored);
        if (mustTell) {
            assertThat(toldAtNanos)
                    .as("when the log has told that the store fails")
                    .isEqualTo(now.nanos);
            mustTell = false;
        }
    }

    @Override
    public void finish() {
        settle();
        boolean wasFailing = isFailing;
        diskIsWell();
        for (int i = 0; i < topics.size(); i++) {
            publishes(i, 1, true);
            publishes(i, 1, true);
        }
        advance(A_WHILE_MILLIS);
        advance(A_WHILE_MILLIS);
        assertThat(isFailing)
                .as("whether the store fails, as it did (%s)", wasFailing)
                .isFalse();
        assertThat(told).as("what the log has told of what was not stored").isEqualTo(notStored);
        if (retention.bytes() < 1 << 20) {
            assertThat(store.size())
                    .as("what the store keeps")
                    .isLessThanOrEqualTo((topics.size() + 1) * 2 * (retention.bytes() + SteppedStore.FILE_BYTES));
        }
        readers.forEach(Reader::isCut);
        settle();
        assertThat(broker.stats().queued()).as("what waits at the end").isZero();
    }

    @Override
    public void close() {
        store.letGo();
        super.close();
    }
}
