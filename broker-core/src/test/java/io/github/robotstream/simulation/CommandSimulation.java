package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ControlLease;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Sender;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.simulation.CommandModel.Hearer;
import io.github.robotstream.simulation.CommandModel.Rules;
import io.github.robotstream.simulation.CommandModel.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A broker with command topics on one thread and a clock that is set: clients command, hold leases, stall and are cut, robot code commands,
 * listens and polls. All that is answered, sent and heard is compared with {@link CommandModel}, at the very time.
 */
final class CommandSimulation extends SteppedBroker {
    static final int CLIENTS = 4;
    /** The broker tells ten a second. */
    private static final int ERRORS_A_SECOND = 8;
    /** Beyond that, the requests of a client that does not read may wait. */
    private static final int MOST_REPLIES = 20;

    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final Duration EVER = Duration.ofDays(1);
    /** The last may command on the first topic only. */
    private static final List<Permissions> RIGHTS = List.of(
            Permissions.all(),
            Permissions.all(),
            Permissions.all(),
            Permissions.none().subscribe("#").publish("drive"));

    private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    private final List<CommandModel> models = new ArrayList<>();
    private final List<Topic<Long>> topics = new ArrayList<>();
    private final List<Input<Long>> inputs = new ArrayList<>();
    private final List<Ear> ears = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    /** What is done at the next rest, in this order. */
    private final Deque<Pending> pending = new ArrayDeque<>();

    private boolean listens = true;
    private long lastValue;
    private int sessions;

    /** A listener, and what its model says it has heard. */
    private record Ear(Hearer model, List<Long> heard) {}

    /** What a client has asked for, or robot code if that is null, and the broker may not have done yet; the deed gives an error's code. */
    private record Pending(
            @Nullable Client client, String id, @Nullable CommandModel model, LongFunction<String> deed) {}

    /** A reply that has to come: the code of an error, or none. */
    private record Reply(String id, String code, String holder) {}

    private static final class Client {
        final String name;
        final Deque<Reply> expected = new ArrayDeque<>();
        final Map<String, Integer> received = new HashMap<>();
        final Deque<Long> errors = new ArrayDeque<>();

        @Nullable
        SimulatedConnection connection;

        String session = "";
        boolean reads = true;
        int lastId;

        Client(String name) {
            this.name = name;
        }
    }

    CommandSimulation(List<Rules> rules) throws IOException {
        BrokerBuilder builder = builder(namesAsTokens(name -> RIGHTS.get(Integer.parseInt(name.substring(1)))))
                .callbackExecutor(calls::add)
                .limits(limits -> limits.requestRate(RequestRate.unlimited()));
        rules.forEach(each -> declare(builder, each));
        start(builder);
        Hearer ofAll = new Hearer();
        models.forEach(model -> model.heardBy(ofAll));
        Ear all = new Ear(ofAll, new ArrayList<>());
        ears.add(all);
        broker.subscribe(
                TopicFilter.of("#"),
                message -> all.heard.add(Long.valueOf(message.payload().json())));
        for (int i = 0; i < topics.size(); i++) {
            Ear ear = new Ear(new Hearer(), new ArrayList<>());
            ears.add(ear);
            models.get(i).heardBy(ear.model);
            broker.subscribe(topics.get(i), ear.heard::add);
            inputs.add(broker.input(topics.get(i)));
        }
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client("c" + i));
            connect(i);
        }
        settle();
    }

    private void declare(BrokerBuilder builder, Rules rules) {
        Topic<Long> topic = Topic.command(rules.topic(), "int", Long.class);
        builder.topic(topic, settings -> {
            settings.uncheckedFromClients().watchdog(Duration.ofNanos(rules.silence()), CommandModel.SAFE);
            if (rules.requiresHolder()) {
                settings.requireLease();
            } else if (rules.leased()) {
                settings.leased();
            }
        });
        topics.add(topic);
        models.add(new CommandModel(rules));
    }

    // What is done.

    void cutOrConnect(int index) {
        settle();
        Client client = clients.get(index);
        if (client.connection == null) {
            connect(index);
        } else {
            cut(client);
        }
        settle();
    }

    private void connect(int index) {
        Client client = clients.get(index);
        SimulatedConnection connection = new SimulatedConnection(now, 64 << 10);
        network.connect(client.name, connection);
        sessions++;
        client.session = client.name + "#" + sessions;
        client.connection = connection;
        client.reads = true;
        client.received.clear();
        models.forEach(model -> client.received.put(model.rules.topic(), model.sent.size()));
        send(
                client,
                connection,
                "\"action\":\"subscribe\",\"topic\":\"#\",\"options\":{\"meta\":true}",
                true,
                null,
                at -> "");
    }

    /** Its connection is lost, with requests that are not done yet. */
    void cutInTheMiddle(int index) {
        Client client = clients.get(index);
        if (client.connection != null && (pending.isEmpty() || pending.peek().client == client)) {
            cut(client);
            settle();
        }
    }

    private void cut(Client client) {
        SimulatedConnection connection = client.connection;
        if (connection != null) {
            connection.cut();
            client.connection = null;
            client.expected.clear();
            client.errors.clear();
            pending.removeIf(request -> request.client == client);
            models.forEach(model -> model.look(now.nanos));
            models.forEach(model -> model.left(client.session, now.nanos));
        }
    }

    void commands(int index, int topic, boolean withId) {
        CommandModel model = models.get(topic);
        long value = ++lastValue;
        long arrived = now.nanos;
        String data = ",\"data\":{\"name\":\"" + model + "\",\"type\":\"int\",\"data\":" + value + "}";
        ask(index, "publish", topic, data, withId, (who, at) -> model.command(who, value, arrived, at));
    }

    void acquires(int index, int topic, int millis) {
        long nanos = millis * 1_000_000L;
        String ttl = ",\"ttl_ms\":" + millis;
        ask(index, "acquire", topic, ttl, true, (who, at) -> models.get(topic).acquire(who, nanos, at));
    }

    void releases(int index, int topic) {
        ask(index, "release", topic, "", true, models.get(topic)::release);
    }

    /** What a session does at a time, in a model. */
    private interface Deed {
        String of(String session, long now);
    }

    private void ask(int index, String action, int topic, String more, boolean withId, Deed deed) {
        Client client = clients.get(index);
        SimulatedConnection connection = client.connection;
        if (connection == null || client.expected.size() + pending.size() >= MOST_REPLIES) {
            return;
        }
        settleWhatOthersDo(client);
        client.errors.removeIf(at -> now.nanos - at > 1_000_000_000L);
        if (client.errors.size() + pending.size() < ERRORS_A_SECOND) {
            CommandModel model = models.get(topic);
            boolean needsRight = !action.equals("release");
            boolean allowed = !needsRight || RIGHTS.get(index).mayPublish(model.rules.topic());
            String session = client.session;
            String members = "\"action\":\"" + action + "\",\"topic\":\"" + model + "\"" + more;
            send(client, connection, members, withId, model, at -> allowed ? deed.of(session, at) : "forbidden");
        }
    }

    /** Of two who ask at once, who comes first is not said. */
    private void settleWhatOthersDo(@Nullable Client client) {
        if (!pending.isEmpty() && pending.peek().client != client) {
            settle();
        }
    }

    private void send(
            Client client,
            SimulatedConnection connection,
            String members,
            boolean withId,
            @Nullable CommandModel model,
            LongFunction<String> deed) {
        client.lastId++;
        String id = withId ? String.valueOf(client.lastId) : "";
        String text = "{" + members + (withId ? ",\"id\":" + id : "") + "}";
        note(client.name + " sends " + text);
        pending.add(new Pending(client, id, model, deed));
        connection.write(text);
    }

    void robotCommands(int topic) {
        settleWhatOthersDo(null);
        CommandModel model = models.get(topic);
        long value = ++lastValue;
        long arrived = now.nanos;
        broker.publish(topics.get(topic), value);
        pending.add(new Pending(null, "", model, at -> model.command(CommandModel.ROBOT, value, arrived, at)));
    }

    /** Robot code takes a lease, or ends it whoever holds it. */
    void robotLeases(int topic, boolean takes) {
        CommandModel model = models.get(topic);
        if (!model.rules.leased()) {
            return;
        }
        settleWhatOthersDo(null);
        ControlLease lease = broker.lease(topics.get(topic));
        if (takes) {
            lease.take();
        } else {
            lease.release();
        }
        pending.add(new Pending(null, "", model, takes ? model::take : model::endLease));
    }

    void robotListens(boolean value) {
        listens = value;
    }

    void reads(int index, boolean value) {
        clients.get(index).reads = value;
    }

    void advance(long nanos) {
        long lease = models.stream().mapToLong(CommandModel::leaseDue).min().orElse(Long.MAX_VALUE);
        if (now.nanos + nanos >= lease) {
            settle(); // what waits is done before a lease ends
        }
        goOn(nanos);
        checkInputs();
    }

    /** To the next time at which something is to happen, or just before. */
    void advanceToNextDue(boolean toIt) {
        settle();
        long due = models.stream().mapToLong(CommandModel::nextDue).min().orElse(Long.MAX_VALUE);
        long left = due - now.nanos - (toIt ? 0 : 1);
        if (due < Long.MAX_VALUE && left > 0) {
            advance(left);
        }
        settle();
    }

    // Rests.

    /** Lets everything happen that is under way now, in the broker and in its models, and compares them. */
    void settle() {
        models.forEach(model -> model.look(now.nanos));
        for (Pending request : pending) {
            String code = request.deed.apply(now.nanos);
            expect(request, code);
        }
        pending.clear();
        models.forEach(model -> model.lookAtLease(now.nanos));
        takeSteps();
        now.rests++;
        serveListeners();
        clients.forEach(this::read);
        check();
    }

    private void expect(Pending request, String code) {
        Client client = request.client;
        if (client != null && (!request.id.isEmpty() || !code.isEmpty())) {
            String holder = code.equals("lease_held") ? CommandModel.name(request.model.holder()) : "";
            client.expected.add(new Reply(request.id, code, holder));
            if (!code.isEmpty()) {
                client.errors.add(now.nanos);
            }
        }
    }

    private void serveListeners() {
        if (!listens) {
            return;
        }
        try {
            while (!TestHooks.isIdle(broker)) {
                Runnable call = calls.poll(10, TimeUnit.SECONDS);
                assertThat(call).as("a call that was to come").isNotNull();
                call.run();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        ears.forEach(ear -> ear.model.serve(now.nanos));
    }

    private void read(Client client) {
        SimulatedConnection connection = client.connection;
        if (connection == null || !client.reads) {
            return;
        }
        for (boolean more = true; more; ) {
            List<Frame> frames = connection.read(Integer.MAX_VALUE);
            frames.forEach(frame -> accept(client, frame));
            more = TestHooks.step(broker) || !frames.isEmpty();
        }
    }

    private void accept(Client client, Frame frame) {
        note(client.name + " reads " + frame);
        if (!frame.isMessage()) {
            acceptReply(client, frame);
            return;
        }
        String topic = frame.topic();
        int place = client.received.merge(topic, 1, Integer::sum) - 1;
        List<Sent> sent = model(topic).sent;
        assertThat(place).as("%s was sent too much: %s", client.name, frame).isLessThan(sent.size());
        Sent next = sent.get(place);
        assertThat(new Sent(
                        Long.parseLong(frame.member("seq")),
                        frame.intValue(),
                        frame.member("from").replace("\"", "")))
                .as("what %s was sent: %s", client.name, frame)
                .isEqualTo(next);
    }

    private static void acceptReply(Client client, Frame frame) {
        Reply next = client.expected.poll();
        assertThat(next).as("%s has asked for %s", client.name, frame).isNotNull();
        assertThat(frame.member("id")).as("the order of replies: %s", frame).isEqualTo(next.id);
        assertThat(frame.member("code").replace("\"", ""))
                .as("the reply to %s, %s", client.name, frame)
                .isEqualTo(next.code);
        if (!next.holder.isEmpty()) {
            assertThat(frame.member("holder").replace("\"", "")).isEqualTo(next.holder);
        }
    }

    private CommandModel model(String topic) {
        return models.stream()
                .filter(model -> model.rules.topic().equals(topic))
                .findFirst()
                .orElseThrow();
    }

    private void check() {
        for (Client client : clients) {
            if (client.connection != null && client.reads) {
                checkHasAll(client);
            }
        }
        ears.forEach(ear -> assertThat(ear.heard).as("what was heard").isEqualTo(ear.model.heard));
        checkInputs();
        for (int i = 0; i < topics.size(); i++) {
            CommandModel model = models.get(i);
            if (model.rules.leased()) {
                assertThat(broker.lease(topics.get(i))
                                .holder()
                                .map(Sender::name)
                                .orElse(null))
                        .as("who holds %s", model)
                        .isEqualTo(model.holder() == null ? null : CommandModel.name(model.holder()));
            }
        }
        checkCounts();
    }

    private void checkHasAll(Client client) {
        assertThat(client.expected).as("replies to %s", client.name).isEmpty();
        models.forEach(model -> assertThat(client.received.get(model.rules.topic()))
                .as("what %s has of %s", client.name, model)
                .isEqualTo(model.sent.size()));
    }

    /** Whoever asks is given the safe value from the moment on at which it is due, though the broker does nothing. */
    private void checkInputs() {
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(inputs.get(i).latestOr(-1L, EVER))
                    .as("the newest of %s at %s", models.get(i), now)
                    .isEqualTo(models.get(i).newest(now.nanos));
        }
    }

    void drain(int topic) {
        assertThat(inputs.get(topic).drain())
                .as("the input of %s", models.get(topic))
                .isEqualTo(models.get(topic).drain(now.nanos));
    }

    @Override
    public void finish() {
        listens = true;
        clients.forEach(client -> client.reads = true);
        settle();
        for (int i = 0; i < topics.size(); i++) {
            robotCommands(i);
            settle();
        }
        advance(LONGEST_NANOS);
        settle();
        assertThat(broker.stats().queued()).as("what waits at the end").isZero();
        models.forEach(model -> assertThat(model.newest(now.nanos)).isEqualTo(CommandModel.SAFE));
    }
}
