package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import io.github.robotstream.simulation.HistoryModel.Entry;
import io.github.robotstream.simulation.HistoryModel.Position;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose topics keep histories, on one thread: clients are cut, come back and go on from where they stopped, stall, and ask for pages;
 * robot code publishes and clears. What they are sent is compared with {@link HistoryModel}.
 */
final class HistorySimulation extends SteppedBroker {
    static final int CLIENTS = 3;
    private static final Pattern KEPT = Pattern.compile("\"data\":(\\d+)\\},\"seq\":(\\d+)");

    private final List<HistoryModel> models = new ArrayList<>();
    private final List<Topic<Long>> topics = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
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

    /** {@code kept} is how many messages each topic keeps. */
    HistorySimulation(List<Integer> kept, int queuedMessages) throws IOException {
        BrokerBuilder builder = builder(namesAsTokens(name -> Permissions.all()))
                .limits(limits -> limits.requestRate(RequestRate.unlimited()).queuedMessagesPerSession(queuedMessages));
        for (int each : kept) {
            Topic<Long> topic = Topic.state("t" + topics.size(), "int", Long.class);
            builder.topic(topic, settings -> settings.history(each));
            topics.add(topic);
            models.add(new HistoryModel(topic.name(), each));
        }
        start(builder);
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client("c" + i);
            models.forEach(model -> client.subscriptions.add(new Subscription()));
            clients.add(client);
        }
    }

    // What is done.

    void publishes(int topic, int count) {
        for (int i = 0; i < count; i++) {
            lastValue++;
            broker.publish(topics.get(topic), lastValue);
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
            more = false;
            for (Client client : clients) {
                more |= client.appetite == Integer.MAX_VALUE && read(client);
            }
        }
        now.rests++;
        clients.forEach(this::checkHasAll);
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
        int topic = frame.topic().charAt(1) - '0';
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
