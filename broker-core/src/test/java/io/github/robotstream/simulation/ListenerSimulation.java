package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.Input;
import io.github.robotstream.Message;
import io.github.robotstream.Permissions;
import io.github.robotstream.Received;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Subscription;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.simulation.ListenerModel.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A broker whose robot code listens and polls with options of all kinds: listeners are slow, or the application's executor has no thread for
 * them, robot code and a client publish, topics are cleared. What is heard is compared with {@link ListenerModel}.
 *
 * <p>The broker hands listeners to the executor one after the other, on a thread of its own. So all that it has handed over are here when a
 * listener of a topic for that, which was the last to get something, is here.
 */
final class ListenerSimulation extends SteppedBroker {
    static final List<String> TOPICS = List.of("t/a", "t/b", "t/cmd");
    static final String ALL = "t/+";

    private static final Topic<Long> BARRIER = Topic.state("barrier", "int", Long.class);
    private static final int MESSAGES_A_TURN = 64;
    private static final int SUBSCRIPTIONS = 6;
    private static final long A_WHILE_NANOS = 3_000_000_000L;

    private final BlockingQueue<Runnable> handedOver = new LinkedBlockingQueue<>();
    private final Map<Runnable, Ear> earOf = new HashMap<>();
    /** Of these the executor has the task. */
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    private final List<Ear> ears = new ArrayList<>();
    private final List<Poller> pollers = new ArrayList<>();
    private final List<Topic<Long>> topics = new ArrayList<>();
    private final Map<String, Sent> last = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final SimulatedConnection client = new SimulatedConnection(now, 64 << 10);
    private final Runnable barrier;
    private Ear unknown;
    private AssertionError fault;
    private long lastValue;
    private long barriers;

    /** A listener. */
    private static final class Ear {
        final ListenerModel model;
        final String filter;
        Subscription subscription;
        boolean hasThread = true;
        boolean isClosed;
        /** How long a call takes. */
        long callNanos;

        int heardInTurn;

        Ear(String filter, ListenerModel model) {
            this.filter = filter;
            this.model = model;
        }
    }

    /** A loop that polls. */
    private record Poller(String topic, Input<Long> input, ListenerModel model) {}

    ListenerSimulation() throws IOException {
        var builder = builder(namesAsTokens(name -> Permissions.all()))
                .callbackExecutor(handedOver::add)
                .limits(limits -> limits.requestRate(RequestRate.unlimited()));
        for (String name : TOPICS) {
            Topic<Long> topic =
                    isState(name) ? Topic.state(name, "int", Long.class) : Topic.command(name, "int", Long.class);
            builder.topic(topic, settings -> settings.uncheckedFromClients());
            topics.add(topic);
        }
        start(builder);
        network.connect("c0", client);
        broker.subscribe(BARRIER, value -> {});
        broker.publish(BARRIER, ++barriers);
        takeSteps();
        barrier = await();
        barrier.run();
    }

    private static boolean isState(String topic) {
        return !topic.endsWith("cmd");
    }

    // What is done.

    void robotPublishes(int topic, int count) {
        for (int i = 0; i < count; i++) {
            broker.publish(topics.get(topic), published(topic, "robot"));
        }
        settle();
    }

    void clientPublishes(int topic) {
        String name = TOPICS.get(topic);
        long value = published(topic, "c0");
        client.write("{\"action\":\"publish\",\"topic\":\"" + name + "\",\"data\":{\"name\":\"" + name
                + "\",\"type\":\"int\",\"data\":" + value + "}}");
        settle();
    }

    private long published(int topic, String publisher) {
        String name = TOPICS.get(topic);
        lastValue++;
        long number = numbers.merge(name, 1L, Long::sum);
        Sent sent = new Sent(name, isState(name), lastValue, publisher, number, now.nanos);
        last.put(name, sent);
        ears.stream().filter(ear -> !ear.isClosed && matches(ear.filter, name)).forEach(ear -> {
            ear.model.offer(sent, false, now.nanos);
        });
        pollers.stream()
                .filter(poller -> poller.topic.equals(name))
                .forEach(poller -> poller.model.offer(sent, false, now.nanos));
        return lastValue;
    }

    private static boolean matches(String filter, String topic) {
        return filter.equals(ALL) || filter.equals(topic);
    }

    void clears(int topic) {
        broker.clear(topics.get(topic));
        numbers.remove(TOPICS.get(topic));
        last.remove(TOPICS.get(topic));
        settle();
    }

    /** To all topics, or to one, of which it may want to know who published and when. */
    void subscribes(int topic, boolean received, ListenerOptions options) {
        if (ears.stream().filter(ear -> !ear.isClosed).count() >= SUBSCRIPTIONS) {
            return;
        }
        String filter = topic < topics.size() ? TOPICS.get(topic) : ALL;
        Ear ear = new Ear(filter, new ListenerModel(options, filter.equals(ALL) ? topics.size() : 1));
        if (filter.equals(ALL)) {
            ear.subscription = broker.subscribe(TopicFilter.of(ALL), message -> hears(ear, message), options::putInto);
        } else if (received) {
            ear.subscription =
                    broker.subscribeReceived(topics.get(topic), value -> hears(ear, value), options::putInto);
        } else {
            ear.subscription = broker.subscribe(topics.get(topic), value -> hears(ear, value), options::putInto);
        }
        offerRetained(filter, ear.model);
        ears.add(ear);
        unknown = ear;
        robotPublishes(topic % topics.size(), 1); // with which its task comes
        assertThat(unknown).as("a listener that was not called").isNull();
    }

    private void offerRetained(String filter, ListenerModel model) {
        if (model.options.retained()) {
            TOPICS.stream()
                    .filter(topic -> matches(filter, topic) && isState(topic) && last.containsKey(topic))
                    .forEach(topic -> model.offer(last.get(topic), true, now.nanos));
        }
    }

    void closes(int which) {
        if (!ears.isEmpty()) {
            Ear ear = ears.get(which % ears.size());
            ear.subscription.close();
            ear.isClosed = true;
            settle();
        }
    }

    /** From now on the executor has a thread for it, or not, and its calls take so long. */
    void isServed(int which, boolean hasThread, int callMillis) {
        if (!ears.isEmpty()) {
            Ear ear = ears.get(which % ears.size());
            ear.hasThread = hasThread;
            ear.callNanos = callMillis * 1_000_000L;
            settle();
        }
    }

    void polls(int topic, ListenerOptions options) {
        if (pollers.size() < SUBSCRIPTIONS) {
            ListenerOptions asked = options.ofInput();
            ListenerModel model = new ListenerModel(asked, 1);
            Input<Long> input = broker.input(topics.get(topic), asked::putInto);
            offerRetained(TOPICS.get(topic), model);
            pollers.add(new Poller(TOPICS.get(topic), input, model));
            settle();
        }
    }

    void drains(int which, boolean received) {
        if (pollers.isEmpty()) {
            return;
        }
        Poller poller = pollers.get(which % pollers.size());
        List<Sent> expected = poller.model.drain();
        if (received) {
            List<Received<Long>> taken = poller.input.drainReceived();
            assertThat(taken).as("what is taken of %s", poller.topic).hasSameSizeAs(expected);
            for (int i = 0; i < taken.size(); i++) {
                checkReceived(taken.get(i), expected.get(i));
            }
        } else {
            assertThat(poller.input.drain())
                    .as("what is taken of %s", poller.topic)
                    .isEqualTo(expected.stream().map(Sent::value).toList());
        }
    }

    void advance(long nanos) {
        goOn(nanos);
        settle();
    }

    // What is heard.

    /** Of a listener's faults the broker makes entries of its log. */
    private void hears(Ear ear, long value, Consumer<Sent> check) {
        note(ear.filter + " hears " + value);
        ear.heardInTurn++;
        try {
            assertThat(ear.isClosed).as("it hears %s after its end", value).isFalse();
            check.accept(ear.model.hears(value, now.nanos));
        } catch (AssertionError e) {
            fault = e;
        }
        goOn(ear.callNanos);
    }

    private void hears(Ear ear, Long value) {
        hears(ear, value, sent -> {});
    }

    private void hears(Ear ear, Received<Long> received) {
        hears(ear, received.value(), sent -> checkReceived(received, sent));
    }

    private void checkReceived(Received<Long> received, Sent sent) {
        assertThat(received.value()).isEqualTo(sent.value());
        assertThat(received.sender().name()).as("who published %s", sent).isEqualTo(sent.publisher());
        assertThat(received.sequence()).as("the number of %s", sent).isEqualTo(sent.number());
        assertThat(received.age()).as("the age of %s", sent).isEqualTo(Duration.ofNanos(now.nanos - sent.nanos()));
    }

    private void hears(Ear ear, Message message) {
        hears(ear, Long.parseLong(message.payload().json()), sent -> {
            assertThat(message.topic()).isEqualTo(sent.topic());
            assertThat(message.publisher()).as("who published %s", sent).isEqualTo(sent.publisher());
            assertThat(message.sequence()).as("the number of %s", sent).isEqualTo(sent.number());
        });
    }

    // Rests.

    /** Lets everything happen that is under way now; listeners without a thread wait. */
    private void settle() {
        boolean more = true;
        for (int rounds = 0; more; rounds++) {
            assertThat(rounds).as("rounds without a rest").isLessThan(MOST_STEPS);
            takeHandedOver();
            more = false;
            for (Runnable task : List.copyOf(waiting)) {
                Ear ear = earOf.get(task);
                if (ear.hasThread) {
                    more = true;
                    serve(task, ear);
                }
            }
        }
        check();
    }

    private void takeHandedOver() {
        takeSteps();
        broker.publish(BARRIER, ++barriers);
        takeSteps();
        for (Runnable task = await(); task != barrier; task = await()) {
            if (!earOf.containsKey(task)) {
                assertThat(unknown).as("a listener that is new").isNotNull();
                earOf.put(task, unknown);
                unknown = null;
            }
            assertThat(waiting.add(task)).as("waits once").isTrue();
        }
        barrier.run();
    }

    private Runnable await() {
        try {
            Runnable task = handedOver.poll(10, TimeUnit.SECONDS);
            assertThat(task).as("a call that was to come").isNotNull();
            return task;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void serve(Runnable task, Ear ear) {
        waiting.remove(task);
        ear.heardInTurn = 0;
        task.run();
        if (fault != null) {
            throw fault;
        }
        if (ear.heardInTurn < MESSAGES_A_TURN && !ear.isClosed) {
            ear.model.rests(ear.subscription.dropped(), now.nanos);
        }
    }

    private void check() {
        now.rests++;
        long offered = barriers;
        for (Ear ear : ears) {
            offered += ear.model.offered();
            if (!ear.isClosed) {
                ear.model.checkDropped(ear.subscription.dropped());
            }
        }
        for (Poller poller : pollers) {
            offered += poller.model.offered();
            poller.model.checkDropped(poller.input.dropped());
            for (long millis : List.of(0L, 20L, 700L, 1_000_000L)) {
                assertThat(poller.input.latestOr(-1L, Duration.ofMillis(millis)))
                        .as("the newest of %s, if it is no older than %s ms", poller.topic, millis)
                        .isEqualTo(poller.model.latestOf(poller.topic, millis * 1_000_000L, now.nanos));
            }
        }
        BrokerStats stats = checkCounts();
        assertThat(stats.failures()).as("faults of robot code").isZero();
        assertThat(stats.offered()).as("offered, in %s", stats).isEqualTo(offered);
    }

    @Override
    public void finish() {
        ears.forEach(ear -> ear.hasThread = true);
        ears.forEach(ear -> ear.callNanos = 0);
        settle();
        advance(A_WHILE_NANOS);
        advance(A_WHILE_NANOS);
        ears.stream().filter(ear -> !ear.isClosed).forEach(ear -> ear.model.expectNewest());
        BrokerStats stats = broker.stats();
        assertThat(stats.queued()).as("what waits at the end").isZero();
        long unheard = ears.stream()
                .mapToLong(ear -> ear.model.offered() - ear.model.heard() - ear.subscription.dropped())
                .sum();
        assertThat(stats.skipped() + stats.droppedByCause().get("ended"))
                .as("left out as was asked for, or not wanted any more, in %s", stats)
                .isEqualTo(unheard);
        for (int i = 0; i < pollers.size(); i++) {
            drains(i, true);
            pollers.get(i).input.close();
        }
        ears.forEach(ear -> ear.subscription.close());
        takeSteps();
        topics.forEach(topic -> assertThat(broker.hasSubscribers(topic)).isFalse());
    }
}
