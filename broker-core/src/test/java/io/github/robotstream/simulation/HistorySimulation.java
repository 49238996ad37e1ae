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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose topics keep histories, on one thread: clients are cut, come back and go on from where they stopped with options of all kinds,
 * stall, and ask for pages; robot code publishes and clears; the broker is restarted, and with a store on a disk the power fails. What they are sent
 * is compared with {@link HistoryModel} and {@link ResumedSubscription}.
 */
final class HistorySimulation extends SteppedBroker {
    static final int CLIENTS = 3;
    /** Of the topics so many keep a history; the last keeps nothing. */
    static final int KEEPING = 2;
    /** The places of subscriptions: of each topic one without a name, of the first two one with a name, and one of all. */
    static final int SUBSCRIPTIONS = 6;

    private static final int MOST_REPLIES = 30;
    /** By then what was held back is sent. */
    private static final int A_WHILE_MILLIS = 2_500;

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

    private static final class Client extends AskingClient {
        final List<ResumedSubscription> subscriptions;
        int appetite = Integer.MAX_VALUE;
        boolean hasStalled;

        Client(String name, List<HistoryModel> topics) {
            super(name);
            subscriptions = List.of(
                    new ResumedSubscription("t0", "", topics.subList(0, 1)),
                    new ResumedSubscription("t1", "", topics.subList(1, 2)),
                    new ResumedSubscription("t2", "", topics.subList(2, 3)),
                    new ResumedSubscription("t0", "s", topics.subList(0, 1)),
                    new ResumedSubscription("t1", "s", topics.subList(1, 2)),
                    new ResumedSubscription("+", "all", topics));
        }

        @Override
        void isCut() {
            super.isCut();
            hasStalled = false;
            subscriptions.forEach(ResumedSubscription::ends);
        }
    }

    /** {@code kept} is how many messages each topic keeps in memory, {@code ceilingsHz} how many a second of it a client is sent. */
    HistorySimulation(List<Integer> kept, List<Integer> ceilingsHz, int queuedMessages, boolean hasStore)
            throws IOException {
        this.kept = kept;
        this.queuedMessages = queuedMessages;
        this.hasStore = hasStore;
        for (int i = 0; i < kept.size(); i++) {
            topics.add(Topic.state("t" + i, "int", Long.class));
            boolean isStored = hasStore && i < KEEPING;
            models.add(new HistoryModel("t" + i, isStored ? Integer.MAX_VALUE : kept.get(i), ceilingsHz.get(i)));
            onDisk.add(List.of());
        }
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client("c" + i, models));
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
            int ceiling = models.get(i).ceilingHz;
            builder.topic(topics.get(i), settings -> {
                settings.history(history).retained(history > 0);
                if (ceiling > 0) {
                    settings.maxClientRate(ceiling);
                }
            });
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
        clients.forEach(Client::isCut);
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
        return clean ? models.stream().map(HistoryModel::stored).toList() : afterCrash();
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
            HistoryModel model = models.get(topic);
            changes += model.isRetained() ? 1 : 0;
            model.published(lastValue);
            Entry entry = new Entry(model.epoch(), model.last(), lastValue);
            for (Client client : clients) {
                client.subscriptions.forEach(each -> each.offers(model, entry, now.nanos));
            }
        }
        settle();
    }

    void clears(int topic) {
        broker.clear(topics.get(topic));
        changes++;
        models.get(topic).cleared();
        clients.forEach(client -> client.subscriptions.forEach(each -> each.cleared(models.get(topic))));
        settle();
    }

    void cutOrConnect(int index) {
        Client client = clients.get(index);
        if (client.connection != null) {
            client.isCut();
        } else {
            client.connection = new SimulatedConnection(now, 2_000);
            client.appetite = Integer.MAX_VALUE;
            network.connect(client.name, client.connection);
        }
        settle();
    }

    void reads(int index, int bytes) {
        Client client = clients.get(index);
        client.appetite = bytes;
        client.hasStalled |= bytes < Integer.MAX_VALUE;
        settle();
    }

    /** From where it stopped, or from elsewhere. */
    void subscribes(int index, int which, int offset, Options options) {
        Client client = clients.get(index);
        ResumedSubscription subscription = client.subscriptions.get(which);
        if (!mayAsk(client) || !subscription.isFree()) {
            return;
        }
        subscription.begins(options, now.nanos);
        Map<String, Position> since = new LinkedHashMap<>();
        List<Consumer<String>> checks = new ArrayList<>();
        boolean recoversAll = true;
        for (HistoryModel topic : subscription.topics()) {
            Position position = moved(subscription.position(topic), offset);
            boolean recovers = position != null && topic.hasAllAfter(position);
            long lastValue = options.wantsRetained(true) ? Math.max(0, topic.last() - 1) : topic.last();
            if (topic.isRetained()) {
                subscription.offersBefore(topic, topic.after(recovers ? position.sequence() : lastValue));
            }
            if (position != null) {
                since.put(topic.name, position);
            }
            if (position != null && topic.isRetained()) {
                recoversAll &= recovers;
                checks.add(recovery(topic, position, recovers));
            }
        }
        boolean recovered = recoversAll;
        String asked = options.json().replaceAll("}$", sinceOf(subscription, since) + "}");
        String members = "\"action\":\"subscribe\",\"topic\":\"" + subscription.filter + "\"" + subOf(subscription)
                + ",\"options\":" + asked;
        note(client + " sends "
                + client.ask(members, ack -> {
                    subscription.isAcked();
                    assertThat(ack.member("recovered"))
                            .as("%s", ack)
                            .isEqualTo(checks.isEmpty() ? "" : String.valueOf(recovered));
                    subscription.checkOptions(ack);
                    checks.forEach(check -> check.accept(ack.text));
                }));
        settle();
    }

    private static String subOf(ResumedSubscription subscription) {
        return subscription.name.isEmpty() ? "" : ",\"sub\":\"" + subscription.name + "\"";
    }

    private static String sinceOf(ResumedSubscription subscription, Map<String, Position> since) {
        if (since.isEmpty()) {
            return "";
        }
        String positions = subscription.isOfOneTopic()
                ? since.get(subscription.filter).json()
                : since.entrySet().stream()
                        .map(each ->
                                "\"" + each.getKey() + "\":" + each.getValue().json())
                        .collect(Collectors.joining(",", "{", "}"));
        return ",\"since\":" + positions;
    }

    /** What the ack has to say of a topic, as it is now. */
    private static Consumer<String> recovery(HistoryModel topic, Position since, boolean recovers) {
        long last = topic.last();
        String expected = recovers
                ? "\"recovered\":true,\"replayed\":" + (last - since.sequence())
                : "\"recovered\":false" + (last > 0 ? ",\"oldest\":" + topic.oldest() : "");
        return ack -> {
            int from = ack.indexOf("\"" + topic + "\":{") + 1;
            assertThat(ack.indexOf(expected, from))
                    .as("%s, of %s in %s", expected, topic, ack)
                    .isGreaterThan(0);
        };
    }

    void unsubscribes(int index, int which) {
        Client client = clients.get(index);
        ResumedSubscription subscription = client.subscriptions.get(which);
        if (mayAsk(client) && subscription.isPresent()) {
            subscription.isToEnd();
            String members =
                    "\"action\":\"unsubscribe\",\"topic\":\"" + subscription.filter + "\"" + subOf(subscription);
            note(client + " sends "
                    + client.ask(members, ack -> {
                        assertThat(ack.member("action")).as("%s", ack).isEqualTo("\"ack\"");
                        subscription.ends();
                    }));
            settle();
        }
    }

    /** Beyond that many replies that it has not read, its requests may wait. */
    private static boolean mayAsk(Client client) {
        return client.connection != null && client.replies.size() < MOST_REPLIES;
    }

    private static @Nullable Position moved(@Nullable Position position, int offset) {
        return position == null
                ? null
                : new Position(position.epoch(), position.epochName(), Math.max(0, position.sequence() + offset));
    }

    void asksForHistory(int index, int topic, int offset, int limit) {
        Client client = clients.get(index);
        if (!mayAsk(client)) {
            return;
        }
        HistoryModel model = models.get(topic);
        Position since = moved(client.subscriptions.get(topic).position(model), offset);
        boolean gap = since != null && !model.hasAllAfter(since);
        List<Entry> all = model.after(since == null ? model.oldest() - 1 : since.sequence());
        List<Long> page = all.stream().limit(limit).map(Entry::value).toList();
        String oldest = model.last() == 0 ? "" : String.valueOf(model.oldest());
        String members = "\"action\":\"history\",\"topic\":\"" + model + "\",\"limit\":" + limit
                + (since == null ? "" : ",\"since\":" + since.json());
        note(client + " sends "
                + client.ask(members, reply -> {
                    if (gap) {
                        assertThat(reply.member("code")).as("%s", reply).isEqualTo("\"history_gap\"");
                        assertThat(reply.member("oldest")).as("%s", reply).isEqualTo(oldest);
                    } else {
                        assertThat(values(reply)).as("%s", reply).isEqualTo(page);
                        assertThat(reply.member("complete"))
                                .as("%s", reply)
                                .isEqualTo(String.valueOf(page.size() == all.size()));
                    }
                }));
        settle();
    }

    private static List<Long> values(Frame page) {
        List<Long> values = new ArrayList<>();
        for (Matcher each = KEPT.matcher(page.text); each.find(); ) {
            values.add(Long.valueOf(each.group(1)));
        }
        return values;
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
        checkCounts();
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
        if (client.connection.isClosing()) {
            endedByBroker(client);
        }
        return !frames.isEmpty();
    }

    /** One that has stalled may have no room for what it is not to lose. */
    private void endedByBroker(Client client) {
        String why = client.connection.closeCode() + " " + client.connection.closeReason();
        note(client + " is closed with " + why);
        boolean mayBeTooSlow =
                client.hasStalled && client.subscriptions.stream().anyMatch(ResumedSubscription::isReliable);
        assertThat(mayBeTooSlow && why.startsWith("4429 too_slow:"))
                .as("%s is closed with %s", client, why)
                .isTrue();
        client.isCut();
    }

    private void accept(Client client, Frame frame) {
        note(client + " reads " + frame);
        if (!frame.isMessage()) {
            client.acceptReply(frame);
            return;
        }
        int topic = index(frame.topic());
        String name = frame.member("sub").replace("\"", "");
        ResumedSubscription subscription = client.subscriptions.stream()
                .filter(each -> each.name.equals(name) && each.matches(models.get(topic)))
                .findFirst()
                .orElseThrow();
        subscription.accept(models.get(topic), frame);
    }

    private void checkHasAll(Client client) {
        if (client.connection == null || client.hasStalled) {
            return;
        }
        assertThat(client.replies).as("replies to %s", client).isEmpty();
        client.subscriptions.forEach(subscription -> subscription.expectRest(now.nanos));
    }

    @Override
    public void finish() {
        clients.forEach(client -> client.appetite = Integer.MAX_VALUE);
        advance(A_WHILE_MILLIS);
        for (int i = 0; i < topics.size(); i++) {
            publishes(i, 1);
        }
        advance(A_WHILE_MILLIS);
        for (Client client : clients) {
            assertThat(client.replies).as("replies to %s", client).isEmpty();
            client.subscriptions.forEach(ResumedSubscription::expectAll);
        }
        clients.forEach(Client::isCut);
        settle();
        assertThat(broker.stats().queued()).as("what waits at the end").isZero();
    }
}
