package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.BrokerStats;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.SessionSnapshot;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicSnapshot;
import io.github.robotstream.file.SimulatedStore;
import io.github.robotstream.simulation.TopicModel.Publication;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A whole broker on one thread and a clock that is set, with clients in memory, and what is known of all of them. A witness, which reads
 * everything at once, tells which value has which number.
 */
final class Simulation extends SteppedBroker implements World {
    static final int CLIENTS = 5;
    /** The client with one subscription to all topics, and no other ever. */
    private static final int DASHBOARD = 4;

    private static final int LARGE_LANE = 64 << 10;
    private static final List<Permissions> RIGHTS = List.of(
            Permissions.all(),
            Permissions.all(),
            Permissions.none().subscribe("a/#", "cmd/x").publish("a/x", "cmd/#"),
            Permissions.none().subscribe("#"),
            Permissions.all());

    private final Settings settings;
    private final Map<String, TopicModel> topics = new LinkedHashMap<>();
    private final List<Publication> publications = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final SimulatedClient witness = new SimulatedClient(this, "witness", Permissions.all());
    private final SimulatedStore store = new SimulatedStore(clock);
    /** By topic, the newest publications that the store's files were given, and that are on the disk for good. */
    private final Map<String, Publication> stored = new HashMap<>();

    private final Map<String, Publication> forced = new HashMap<>();
    private long startedNanos;
    private int firstOfRun;

    Simulation(Settings settings) throws IOException {
        this.settings = settings;
        Settings.TOPICS.forEach(name -> topics.put(name, new TopicModel(name)));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new SimulatedClient(this, "c" + i, RIGHTS.get(i)));
        }
        start();
        clients.forEach(client -> connect(client, LARGE_LANE));
        settle();
    }

    // The broker's life.

    private void start() throws IOException {
        BrokerBuilder builder = builder(namesAsTokens(this::rights));
        if (settings.hasStore()) {
            builder.store(store);
        }
        settings.putInto(builder);
        startedNanos = now.nanos;
        firstOfRun = publications.size();
        start(builder);
        connect(witness, 1 << 29);
        if (settings.hasStore()) {
            witness.learnsWhatWasStored();
            settle();
            witness.unsubscribe(0, true);
        }
        witness.subscribe("#", "all", Options.EVERYTHING, true);
        settle();
    }

    private Permissions rights(String name) {
        return name.equals(witness.name) ? witness.rights : clients.get(Integer.parseInt(name.substring(1))).rights;
    }

    private void connect(SimulatedClient client, int laneBytes) {
        SimulatedConnection connection = new SimulatedConnection(now, laneBytes);
        network.connect(client.name, connection);
        client.comes(connection);
        if (client == clients.get(DASHBOARD)) {
            client.subscribe("#", "", Options.USUAL, true);
        }
    }

    void restart(boolean clean, Random luck) {
        try {
            if (clean) {
                everybodyReads();
                quiesce();
                broker.close();
            } else {
                crash(luck);
            }
            witness.isCut();
            clients.forEach(SimulatedClient::isCut);
            Map<TopicModel, Publication> before = new LinkedHashMap<>();
            topics().forEach(topic -> before.put(
                    topic,
                    topic.numbered.isEmpty() ? null : topic.numbered.lastEntry().getValue()));
            Map<TopicModel, Long> numbers = new HashMap<>();
            topics().forEach(topic -> numbers.put(topic, topic.last()));
            Map<TopicModel, String> oldEpochs = new HashMap<>();
            topics().forEach(topic -> oldEpochs.put(topic, topic.epoch));
            topics().forEach(TopicModel::restarted);
            start();
            before.forEach(
                    (topic, last) -> checkRestored(topic, last, clean, numbers.get(topic), oldEpochs.get(topic)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void crash(Random luck) {
        if (settings.hasStore()) {
            awaitStore();
            store.crash(luck);
        }
        close();
    }

    private void checkRestored(TopicModel topic, Publication last, boolean clean, long number, String epoch) {
        Publication restored =
                topic.numbered.isEmpty() ? null : topic.numbered.lastEntry().getValue();
        if (!settings.hasStore() || topic.isCommand) {
            assertThat(restored).as("the value of %s after a restart", topic).isNull();
        } else if (clean) {
            assertThat(restored).as("the value of %s after a restart", topic).isSameAs(last);
            if (last != null) {
                assertThat(topic.last()).as("the number of %s", topic).isEqualTo(number);
                assertThat(topic.epoch).as("the epoch of %s", topic).isEqualTo(epoch);
            }
        } else {
            Publication least = forced.get(topic.name);
            if (least != null) {
                assertThat(restored).as("the value of %s after a crash", topic).isNotNull();
                assertThat(restored.id)
                        .as("the value of %s after a crash", topic)
                        .isGreaterThanOrEqualTo(least.id);
            }
            if (restored != null) {
                assertThat(restored.id)
                        .as("the value of %s after a crash", topic)
                        .isLessThanOrEqualTo(stored.get(topic.name).id);
                assertThat(topic.epoch)
                        .as("the epoch of %s after a crash", topic)
                        .isNotEqualTo(epoch);
            }
        }
        // What is there now is on the disk, under its new number.
        stored.remove(topic.name);
        forced.remove(topic.name);
        if (restored != null) {
            stored.put(topic.name, restored);
            forced.put(topic.name, restored);
        }
    }

    private void awaitStore() {
        quiesce();
        store.await(topics().stream()
                .filter(topic -> !topic.isCommand)
                .flatMap(topic -> topic.numbered.values().stream())
                .filter(this::isOfThisRun)
                .count());
    }

    void storeCatchesUp(int messages) {
        if (!settings.hasStore()) {
            return;
        }
        awaitStore();
        try {
            store.catchUp(messages);
            for (SimulatedStore.Change given : store.takeGiven()) {
                TopicModel topic = topic(given.topic());
                long number = given.message().orElseThrow().sequence();
                stored.put(topic.name, topic.numbered.get(number));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        if (store.isForced()) {
            forced.putAll(stored);
        }
    }

    // What is done.

    SimulatedClient client(int index) {
        return clients.get(index);
    }

    private Publication make(TopicModel topic, String publisher, int size, SimulatedClient notTo) {
        int id = publications.size();
        String value = "[" + id + ",\"" + "x".repeat(size) + "\"]";
        Publication made = new Publication(id, topic, publisher, value, now.copy(), notTo);
        publications.add(made);
        return made;
    }

    private TopicModel topic(int index) {
        return topic(Settings.TOPICS.get(index));
    }

    void robotPublishes(int topic, int count, int size) {
        for (int i = 0; i < count; i++) {
            Publication made = make(topic(topic), "robot", size, null);
            made.isCertain = !settings.isLaneSmall();
            made.topic.unnumbered++;
            assertThat(publish(made.topic, "[" + made.id + ",\"" + "x".repeat(size) + "\"]"))
                    .isTrue();
        }
    }

    private boolean publish(TopicModel topic, String value) {
        return topic.isBinary
                ? broker.publish(Settings.CAMERA_TOPIC, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))
                : broker.publish(topic.name, Payload.of(topic.name, "any", value));
    }

    void clientPublishes(int index, int topic, int size, boolean withId, boolean echo, int ageMillis) {
        SimulatedClient client = client(index);
        if (client.isThere() && !topic(topic).isBinary) {
            Publication made = make(topic(topic), client.name, size, echo ? null : client);
            long madeAt = (now.nanos - startedNanos) / 1_000 - ageMillis * 1_000L;
            String time = ageMillis < 0 ? "" : ",\"mono\":" + madeAt + ",\"ttl_ms\":100";
            client.publish(made, withId, (echo ? "" : ",\"echo\":false") + time, ageMillis > 100);
        }
    }

    void subscribe(int index, String filter, String sub, Options options, boolean withId) {
        if (index == DASHBOARD) {
            return;
        }
        if (client(index).isThere()) {
            quiesce();
        }
        if (client(index).isThere()) {
            // Where the witness may lose messages as well, each has to tell its number itself.
            Options said = settings.isBudgetSmall() ? options.withMeta(true) : options;
            client(index).subscribe(filter, sub, said, withId);
            settle();
        }
    }

    void unsubscribe(int index, int which, boolean withId) {
        if (index != DASHBOARD && client(index).isThere()) {
            client(index).unsubscribe(which, withId);
            settle();
        }
    }

    /** A client says how large a frame it takes from now on. */
    void takesFrames(int index, int bytes) {
        if (index != DASHBOARD && client(index).isThere()) {
            quiesce();
        }
        if (index != DASHBOARD && client(index).isThere()) {
            client(index).hello(bytes);
            settle();
        }
    }

    void cutOrConnect(int index, int laneBytes) {
        if (client(index).isThere()) {
            client(index).isCut();
        } else {
            quiesce();
            connect(client(index), laneBytes);
        }
        settle();
    }

    void advance(int millis) {
        goOn(millis * 1_000_000L);
        settle();
    }

    @Override
    void jumpWallClock(int seconds) {
        super.jumpWallClock(seconds);
        settle();
    }

    // Rests.

    /** One step of the broker, and nobody reads. */
    void step() {
        TestHooks.step(broker);
    }

    /** Lets everything happen that is under way now. */
    void settle() {
        clients.stream().filter(client -> client.appetite < Integer.MAX_VALUE).forEach(SimulatedClient::reads);
        boolean more = true;
        for (int rounds = 0; more; rounds++) {
            assertThat(rounds).as("rounds without a rest").isLessThan(MOST_STEPS);
            takeSteps();
            more = witness.reads();
            for (SimulatedClient client : clients) {
                if (client.appetite == Integer.MAX_VALUE) {
                    more |= client.reads();
                }
            }
        }
        clients.forEach(SimulatedClient::look);
        now.rests++;
        checkBounds();
    }

    /** The same, and nothing waits for the next flush: the witness has read everything. */
    void quiesce() {
        settle();
        if (settings.flushMillis() > 0) {
            do {
                advance(settings.flushMillis());
            } while (hasMore(witness));
        }
    }

    private boolean hasMore(SimulatedClient client) {
        return broker.sessions().stream()
                .anyMatch(session -> session.principal().name().equals(client.name) && session.queuedMessages() > 0);
    }

    private void checkBounds() {
        BrokerStats stats = checkCounts();
        long queued = 0;
        for (SessionSnapshot session : broker.sessions()) {
            queued += session.queuedMessages();
            assertThat(session.queuedMessages())
                    .as("messages of %s", session)
                    .isLessThanOrEqualTo(settings.queuedMessages());
            assertThat(session.queuedBytes())
                    .as("bytes of %s", session)
                    .isLessThanOrEqualTo(2L * settings.queuedBytes());
        }
        assertThat(stats.queued()).as("queued, in %s", stats).isGreaterThanOrEqualTo(queued);
        long queuedByTopic = 0;
        for (TopicSnapshot topic : broker.topics()) {
            queuedByTopic += topic.queued();
        }
        assertThat(queuedByTopic).as("queued, by topic").isEqualTo(queued);
    }

    private void everybodyReads() {
        clients.forEach(client -> client.appetite = Integer.MAX_VALUE);
    }

    /** Until nothing is held back any more. */
    private void comeToRest() {
        flushAll();
        for (int i = 0; i < 5; i++) {
            advance(600);
            flushAll();
        }
    }

    private void flushAll() {
        int before = -1;
        while (transcript().size() > before) {
            before = transcript().size();
            quiesce();
        }
    }

    @Override
    public void finish() {
        everybodyReads();
        comeToRest();
        clients.forEach(SimulatedClient::expectRest);
        boolean newestHasRoom = !settings.hasPriorities() && !settings.isBudgetSmall();
        if (newestHasRoom) {
            clients.forEach(SimulatedClient::expectNewest);
        }
        for (int i = 0; i < Settings.TOPICS.size(); i++) {
            robotPublishes(i, 1, 0);
            quiesce();
        }
        comeToRest();
        assertThat(broker.stats().queued()).as("what waits at the end").isZero();
        witness.expectRest();
        witness.expectAll();
        clients.forEach(SimulatedClient::expectRest);
        clients.forEach(SimulatedClient::expectAll);
        checkTooLarge();
        topics().forEach(TopicModel::checkOrder);
        if (!settings.isBudgetSmall()) {
            assertThat(publications)
                    .as("what nobody has got")
                    .noneMatch(value -> value.isCertain && isOfThisRun(value) && value.number == 0);
        }
        checkNothingIsLeft();
    }

    /** What is lost for its size is counted as that. */
    private void checkTooLarge() {
        long surely =
                clients.stream().mapToLong(SimulatedClient::surelyTooLarge).sum();
        assertThat(broker.stats().droppedByCause().get("too_large"))
                .as("lost as too large")
                .isGreaterThanOrEqualTo(surely);
    }

    private void checkNothingIsLeft() {
        witness.isCut();
        clients.forEach(SimulatedClient::isCut);
        settle();
        assertThat(broker.sessions()).isEmpty();
        assertThat(broker.stats().queued()).isZero();
        for (TopicModel topic : topics()) {
            Topic<?> declared = topic.isBinary
                    ? Settings.CAMERA_TOPIC
                    : topic.isCommand
                            ? Topic.command(topic.name, "any", Object.class)
                            : Topic.state(topic.name, "any", Object.class);
            assertThat(broker.hasSubscribers(declared))
                    .as("subscribers of %s", topic)
                    .isFalse();
        }
        if (settings.isBudgetSmall()) {
            checkBudgetIsFree();
        }
    }

    /** A client that stands still may have all that all of them may have. */
    private void checkBudgetIsFree() {
        SimulatedClient still = client(0);
        connect(still, 1);
        still.appetite = 0;
        still.subscribe("b/x", "", Options.EVERYTHING, false);
        settle();
        long lostBefore = broker.stats().droppedByCause().get("all_queues_full");
        long before = 0;
        long size = 0;
        long queued = 0;
        while (queued >= before) {
            before = queued;
            robotPublishes(2, 1, 500);
            settle();
            queued = broker.sessions().get(0).queuedBytes();
            size = Math.max(size, queued - before);
        }
        assertThat(broker.stats().droppedByCause().get("all_queues_full")).isGreaterThan(lostBefore);
        assertThat(before + size).as("bytes that did not fit").isGreaterThan(settings.allQueuedBytes());
        still.isCut();
        settle();
    }

    // What is known.

    @Override
    public Collection<TopicModel> topics() {
        return topics.values();
    }

    @Override
    public TopicModel topic(String name) {
        return topics.get(name);
    }

    @Override
    public Publication publication(int id) {
        return publications.get(id);
    }

    @Override
    public boolean knowsLast(TopicModel topic) {
        return !settings.isBudgetSmall() || topic.unnumbered == 0;
    }

    @Override
    public Moment now() {
        return now.copy();
    }

    @Override
    public long startedNanos() {
        return startedNanos;
    }

    @Override
    public boolean isOfThisRun(Publication publication) {
        return publication.id >= firstOfRun;
    }

    @Override
    public long thinAfterNanos() {
        return Settings.THIN_AFTER.toNanos();
    }
}
