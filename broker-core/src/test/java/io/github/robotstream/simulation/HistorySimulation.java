package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.file.SimulatedStore;
import io.github.robotstream.file.SimulatedStore.Change;
import io.github.robotstream.simulation.HistoryModel.Entry;
import io.github.robotstream.simulation.HistoryModel.Position;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose topics keep histories, on one thread: clients are cut, come back and go on from where they stopped, stall, and ask for pages;
 * robot code publishes and clears; the broker is restarted, and with a store on a disk the power fails. What they are sent is compared with {@link HistoryModel}.
 */
final class HistorySimulation extends SteppedBroker {
    static final int CLIENTS = 3;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final Pattern KEPT = Pattern.compile("\"data\":(\\d+)\\},\"seq\":(\\d+)");

    private final List<HistoryModel> models = new ArrayList<>();
    private final List<Topic<Long>> topics = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final SimulatedStore store = new SimulatedStore(clock);
    /** By topic, what the disk has for good, and what was given to the store's files since then. */
    private final List<List<Long>> onDisk = new ArrayList<>();

    private final List<Change> unforced = new ArrayList<>();
    private final List<Integer> kept;
    private final int queuedMessages;
    private final boolean hasStore;
    /** How many messages were published, and topics cleared, since the broker's start. */
    private long changes;

    private long lastValue;

    /** What a client has of one topic. */
    private static final class Subscription {
        /** Where the client is, in this connection and the ones before. */
        @Nullable
        Position position;
        /** Of this connection what it has to have if it always reads, and what it has. */
        final List<Entry> due = new ArrayList<>();

        final List<Entry> received = new ArrayList<>();
        boolean isSubscribed;
        boolean isAcked;
        long told;

        void begins() {
            due.clear();
            received.clear();
            isSubscribed = false;
            isAcked = false;
            told = 0;
        }
    }

    private static final class Client {
        final String name;
        final List<Subscription> subscriptions = new ArrayList<>();
        final Deque<Consumer<Frame>> replies = new ArrayDeque<>();

        @Nullable
        SimulatedConnection connection;

        int appetite = Integer.MAX_VALUE;
        boolean hasStalled;
        int lastId;

        Client(String name) {
            this.name = name;
        }
    }

    /** {@code kept} is how many messages each topic keeps in memory. */
    HistorySimulation(List<Integer> kept, int queuedMessages, boolean hasStore) throws IOException {
        this.kept = kept;
        this.queuedMessages = queuedMessages;
        this.hasStore = hasStore;
        for (int i = 0; i < kept.size(); i++) {
            topics.add(Topic.state("t" + i, "int", Long.class));
            models.add(new HistoryModel("t" + i, hasStore ? Integer.MAX_VALUE : kept.get(i)));
            onDisk.add(List.of());
        }
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client("c" + i);
            models.forEach(model -> client.subscriptions.add(new Subscription()));
            clients.add(client);
        }
        start();
    }

    private void start() throws IOException {
        BrokerBuilder builder = builder(namesAsTokens(name -> Permissions.all()))
                .limits(limits -> limits.requestRate(RequestRate.unlimited()).queuedMessagesPerSession(queuedMessages));
        if (hasStore) {
            builder.store(store);
        }
        for (int i = 0; i < kept.size(); i++) {
            int history = kept.get(i);
            builder.topic(topics.get(i), settings -> settings.history(history));
        }
        start(builder);
    }

    /** It is closed, or the power fails; clients come back later, by themselves. */
    void restart(boolean clean, Random luck) {
        if (hasStore && !clean) {
            awaitStore();
            store.crash(luck);
            close();
        } else {
            broker.close();
        }
        clients.forEach(HistorySimulation::cut);
        try {
            start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        changes = 0;
        takeSteps();
        restored(hasStore ? found(clean) : Collections.nCopies(models.size(), List.of()), clean);
    }

    private List<List<Long>> found(boolean clean) {
        return clean ? models.stream().map(HistoryModel::values).toList() : afterCrash();
    }

    private void restored(List<List<Long>> found, boolean clean) {
        for (int i = 0; i < models.size(); i++) {
            assertThat(newest(i)).as("the last value of %s", models.get(i)).isEqualTo(last(found.get(i)));
            models.get(i)
                    .restarted(found.get(i), hasStore && clean && !found.get(i).isEmpty());
            onDisk.set(i, found.get(i));
        }
        unforced.clear();
    }

    /** What the disk had at some moment since it was forced last, by the values that are there now. */
    private List<List<Long>> afterCrash() {
        List<List<Long>> kept = new ArrayList<>(onDisk);
        for (int next = 0; ; next++) {
            if (isThere(kept)) {
                return kept;
            }
            assertThat(next)
                    .as("what is forced is there, and nothing else: %s, %s", onDisk, unforced)
                    .isLessThan(unforced.size());
            apply(unforced.get(next), kept);
        }
    }

    private boolean isThere(List<List<Long>> kept) {
        return IntStream.range(0, kept.size()).allMatch(i -> newest(i) == last(kept.get(i)));
    }

    private long newest(int topic) {
        return broker.latest(topics.get(topic)).orElse(-1L);
    }

    private static long last(List<Long> values) {
        return values.isEmpty() ? -1 : values.get(values.size() - 1);
    }

    private static void apply(Change change, List<List<Long>> to) {
        int topic = index(change.topic());
        List<Long> values = new ArrayList<>(to.get(topic));
        change.message()
                .ifPresentOrElse(
                        message -> {
                            if (message.sequence() == 1) {
                                values.clear(); // a new epoch
                            }
                            values.add(Long.valueOf(message.payload().json()));
                        },
                        values::clear);
        to.set(topic, values);
    }

    private static int index(String topic) {
        return topic.charAt(1) - '0';
    }

    private void awaitStore() {
        settle();
        store.await(changes);
    }

    void storeCatchesUp(int messages) {
        if (hasStore) {
            awaitStore();
            try {
                store.catchUp(messages);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            lookAtDisk();
        }
    }

    /** The store takes what it is asked to read with what came before. */
    private void lookAtDisk() {
        unforced.addAll(store.takeGiven());
        if (store.isForced()) {
            unforced.forEach(change -> apply(change, onDisk));
            unforced.clear();
        }
    }

    // What is done.

    void publishes(int topic, int count) {
        for (int i = 0; i < count; i++) {
            lastValue++;
            broker.publish(topics.get(topic), lastValue);
            changes++;
            HistoryModel model = models.get(topic);
            model.published(lastValue);
            Entry entry = new Entry(model.epoch(), model.last(), lastValue);
            clients.stream()
                    .map(client -> client.subscriptions.get(topic))
                    .filter(subscription -> subscription.isSubscribed)
                    .forEach(subscription -> subscription.due.add(entry));
        }
        settle();
    }

    void clears(int topic) {
        broker.clear(topics.get(topic));
        changes++;
        models.get(topic).cleared();
        settle();
    }

    void cutOrConnect(int index) {
        Client client = clients.get(index);
        if (client.connection != null) {
            cut(client);
        } else {
            client.connection = new SimulatedConnection(now, 2_000);
            client.appetite = Integer.MAX_VALUE;
            network.connect(client.name, client.connection);
        }
        settle();
    }

    private static void cut(Client client) {
        if (client.connection != null) {
            client.connection.cut();
            client.connection = null;
            client.hasStalled = false;
            client.replies.clear();
            client.subscriptions.forEach(Subscription::begins);
        }
    }

    void reads(int index, int bytes) {
        Client client = clients.get(index);
        client.appetite = bytes;
        client.hasStalled |= bytes < Integer.MAX_VALUE;
        settle();
    }

    /** From where it stopped, or from elsewhere. */
    void subscribes(int index, int topic, int offset) {
        Client client = clients.get(index);
        Subscription subscription = client.subscriptions.get(topic);
        if (client.connection == null || subscription.isSubscribed) {
            return;
        }
        HistoryModel model = models.get(topic);
        Position since = moved(subscription.position, offset);
        subscription.isSubscribed = true;
        boolean recovers = since != null && model.hasAllAfter(since);
        long base = recovers ? since.sequence() : Math.max(0, model.last() - 1);
        subscription.due.addAll(model.after(base));
        long last = model.last();
        long oldest = model.oldest();
        ask(client, "subscribe", model, ",\"options\":{\"meta\":true" + json(since) + "}", ack -> {
            subscription.isAcked = true;
            assertThat(ack.member("recovered")).as("%s", ack).isEqualTo(since == null ? "" : String.valueOf(recovers));
            if (recovers) {
                assertThat(ack.member("replayed")).as("%s", ack).isEqualTo(String.valueOf(last - since.sequence()));
            } else if (since != null && last > 0) {
                assertThat(ack.member("oldest")).as("%s", ack).isEqualTo(String.valueOf(oldest));
            }
        });
        settle();
    }

    private static @Nullable Position moved(@Nullable Position position, int offset) {
        return position == null
                ? null
                : new Position(position.epoch(), position.epochName(), Math.max(0, position.sequence() + offset));
    }

    private static String json(@Nullable Position since) {
        return since == null ? "" : ",\"since\":{\"epoch\":" + since.epochName() + ",\"seq\":" + since.sequence() + "}";
    }

    void asksForHistory(int index, int topic, int offset, int limit) {
        Client client = clients.get(index);
        if (client.connection == null) {
            return;
        }
        HistoryModel model = models.get(topic);
        Position since = moved(client.subscriptions.get(topic).position, offset);
        boolean gap = since != null && !model.hasAllAfter(since);
        List<Entry> all = model.after(since == null ? model.oldest() - 1 : since.sequence());
        List<Long> page = all.stream().limit(limit).map(Entry::value).toList();
        String oldest = model.last() == 0 ? "" : String.valueOf(model.oldest());
        ask(client, "history", model, ",\"limit\":" + limit + json(since), reply -> {
            if (gap) {
                assertThat(reply.member("code")).as("%s", reply).isEqualTo("\"history_gap\"");
                assertThat(reply.member("oldest")).as("%s", reply).isEqualTo(oldest);
            } else {
                assertThat(values(reply)).as("%s", reply).isEqualTo(page);
                assertThat(reply.member("complete"))
                        .as("%s", reply)
                        .isEqualTo(String.valueOf(page.size() == all.size()));
            }
        });
        settle();
    }

    private static List<Long> values(Frame page) {
        List<Long> values = new ArrayList<>();
        for (Matcher each = KEPT.matcher(page.text); each.find(); ) {
            values.add(Long.valueOf(each.group(1)));
        }
        return values;
    }

    private void ask(Client client, String action, HistoryModel model, String more, Consumer<Frame> reply) {
        client.lastId++;
        String text = "{\"action\":\"" + action + "\",\"topic\":\"" + model + "\",\"id\":" + client.lastId + more + "}";
        note(client.name + " sends " + text);
        client.replies.add(reply);
        client.connection.write(text);
    }

    void advance(int millis) {
        goOn(millis * 1_000_000L);
        settle();
    }

    // Rests.

    private void settle() {
        clients.stream().filter(client -> client.appetite < Integer.MAX_VALUE).forEach(this::read);
        boolean more = true;
        for (int rounds = 0; more; rounds++) {
            assertThat(rounds).as("rounds without a rest").isLessThan(MOST_STEPS);
            takeSteps();
            more = awaitAnswer();
            for (Client client : clients) {
                more |= client.appetite == Integer.MAX_VALUE && read(client);
            }
        }
        if (hasStore) {
            lookAtDisk();
        }
        now.rests++;
        clients.forEach(this::checkHasAll);
    }

    /** Waits for what the store is asked; returns whether it was asked anything. */
    private boolean awaitAnswer() {
        boolean asked = !TestHooks.isIdle(broker);
        long began = System.nanoTime();
        while (!TestHooks.isIdle(broker)) {
            assertThat(System.nanoTime() - began).as("a wait for the store").isLessThan(PATIENCE_NANOS);
            LockSupport.parkNanos(20_000);
            takeSteps();
        }
        return asked;
    }

    private boolean read(Client client) {
        if (client.connection == null) {
            return false;
        }
        List<Frame> frames = client.connection.read(client.appetite);
        frames.forEach(frame -> accept(client, frame));
        assertThat(client.connection.isClosing())
                .as("%s is closed", client.name)
                .isFalse();
        return !frames.isEmpty();
    }

    private void accept(Client client, Frame frame) {
        note(client.name + " reads " + frame);
        if (!frame.isMessage()) {
            Consumer<Frame> reply = client.replies.poll();
            assertThat(reply).as("%s has asked for %s", client.name, frame).isNotNull();
            reply.accept(frame);
            return;
        }
        int topic = index(frame.topic());
        Subscription subscription = client.subscriptions.get(topic);
        assertThat(subscription.isAcked).as("before its ack came %s", frame).isTrue();
        long value = frame.intValue();
        String epoch = frame.member("epoch");
        Entry entry = models.get(topic).read(epoch, Long.parseLong(frame.member("seq")), value);
        if (!subscription.received.isEmpty()) {
            Entry before = subscription.received.get(subscription.received.size() - 1);
            assertThat(entry.value()).as("after %s came %s", before, frame).isGreaterThan(before.value());
        }
        subscription.received.add(entry);
        subscription.told += Long.parseLong(frame.member("dropped")) + Long.parseLong(frame.member("skipped"));
        subscription.position = new Position(entry.epoch(), epoch, entry.sequence());
    }

    private void checkHasAll(Client client) {
        if (client.connection == null || client.hasStalled) {
            return;
        }
        assertThat(client.replies).as("replies to %s", client.name).isEmpty();
        for (Subscription subscription : client.subscriptions) {
            assertThat(subscription.received).as("what %s has got", client.name).isEqualTo(subscription.due);
        }
    }

    @Override
    public void finish() {
        clients.forEach(client -> client.appetite = Integer.MAX_VALUE);
        settle();
        for (int i = 0; i < topics.size(); i++) {
            publishes(i, 1);
        }
        for (Client client : clients) {
            assertThat(client.replies).as("replies to %s", client.name).isEmpty();
            for (Subscription subscription : client.subscriptions) {
                assertThat(subscription.received.size() + subscription.told)
                        .as("what %s has got, and was told that it lost: %s", client.name, subscription.received)
                        .isEqualTo(subscription.due.size());
                assertThat(subscription.due).containsAll(subscription.received);
            }
        }
        clients.forEach(HistorySimulation::cut);
        settle();
        assertThat(broker.stats().queued()).as("what waits at the end").isZero();
    }
}
