package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.BrokerStats;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicSettings;
import io.github.robotstream.testing.FakeSink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One run of a broker with everything going on at once: robot threads that publish bursts, clients on sockets that subscribe, unsubscribe,
 * publish, stop reading and leave, listeners that come and go. What is done, and how large the broker's lanes are, follows from a seed; how
 * the threads interleave does not, so a seed that has failed may have to be run more than once.
 *
 * <p>Checked while it runs: each subscriber gets the messages of a topic in their order, none twice but the last value that a new
 * subscription brings. At its end: what was offered is what was delivered, dropped and skipped; the newest value of each topic reaches all
 * who are subscribed; nothing failed within the broker.
 */
final class StressRun {
    private static final List<String> TOPICS = Stream.concat(
                    Stream.of(
                            "arm/angle",
                            "arm/load",
                            "base/x",
                            "base/y",
                            "base/left/speed",
                            "battery",
                            "cmd/arm",
                            "cmd/base"),
                    IntStream.range(0, 32).mapToObj(i -> "cells/" + i))
            .toList();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROBOT_THREADS = 2;
    private static final int CLIENTS = 4;
    private static final int LISTENERS = 2;

    private final long seed;
    private final int messages;
    private final FakeSink sink = new FakeSink();
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    /** What was published last on each topic, by the one thread that publishes there. */
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();

    private final AtomicBoolean robotIsDone = new AtomicBoolean();

    /**
     * A run that has not begun.
     *
     * @param messages how many each robot thread publishes
     */
    StressRun(long seed, int messages) {
        this.seed = seed;
        this.messages = messages;
    }

    /** Runs it to its end. Throws an {@link AssertionError} for a promise that was broken. */
    void run() throws Exception {
        Random random = new Random(seed);
        try (RobotStreamBroker broker = start(random)) {
            List<StressClient> clients = new ArrayList<>();
            List<StressListener> listeners = new ArrayList<>();
            List<Thread> robot = new ArrayList<>();
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                StressClient client = new StressClient(broker.address(), "client/" + i, random.nextLong());
                clients.add(client);
                others.add(thread("client-" + i, () -> client.runUntil(robotIsDone)));
            }
            for (int i = 0; i < LISTENERS; i++) {
                StressListener listener = new StressListener(broker, random.nextLong());
                listeners.add(listener);
                others.add(thread("listener-" + i, () -> listener.runUntil(robotIsDone)));
            }
            for (int i = 0; i < ROBOT_THREADS; i++) {
                int which = i;
                Random own = new Random(random.nextLong());
                robot.add(thread("robot-" + i, () -> publish(broker, own, which)));
            }
            join(robot);
            robotIsDone.set(true);
            join(others);
            finish(broker, clients, listeners);
            clients.forEach(StressClient::leave);
        }
        assertThat(sink.events()).as("seed %s", seed).doesNotContain("internal_fault");
    }

    private RobotStreamBroker start(Random random) throws IOException {
        int lane = List.of(16, 256, 8192).get(random.nextInt(3));
        int queue = List.of(16, 200, 1024).get(random.nextInt(3));
        BrokerBuilder builder = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(sink)
                .flushInterval(Duration.ofMillis(random.nextInt(2) * 2))
                .limits(limits -> limits.socketBufferBytes(8 << 10)
                        .publishQueueMessages(lane)
                        .thinAfter(Duration.ofMillis(100))
                        .queuedMessagesPerSession(queue)
                        .requestRate(RequestRate.unlimited()));
        if (random.nextBoolean()) {
            builder.flatFrames();
        }
        for (String name : TOPICS) {
            if (name.startsWith("cmd/")) {
                builder.topic(Topic.command(name, "any", Object.class), TopicSettings::uncheckedFromClients);
            } else if (name.startsWith("base/")) {
                builder.topic(Topic.state(name, "any", Object.class), topic -> topic.maxClientRate(100));
            }
        }
        return builder.start();
    }

    private void publish(RobotStreamBroker broker, Random random, int which) {
        int left = messages;
        while (left > 0) {
            // A few topics are busy, the others' last values are old.
            int most = random.nextInt(4) == 0 ? TOPICS.size() : 8;
            String topic = TOPICS.get(which + ROBOT_THREADS * random.nextInt(most / ROBOT_THREADS));
            for (int burst = Math.min(left, 1 + random.nextInt(60)); burst > 0; burst--) {
                publishNext(broker, topic, random.nextInt(8) == 0 ? random.nextInt(4_000) : 0);
                left--;
            }
            LockSupport.parkNanos(1); // lets the other threads have their turn
        }
    }

    private void publishNext(RobotStreamBroker broker, String topic, int padding) {
        long number = numbers.merge(topic, 1L, Long::sum);
        String json = "{\"n\":" + number + ",\"text\":\"" + "x".repeat(padding) + "\"}";
        assertThat(broker.publish(topic, Payload.of(topic, "any", json))).isTrue();
    }

    private void finish(RobotStreamBroker broker, List<StressClient> clients, List<StressListener> listeners) {
        clients.forEach(StressClient::readOn);
        awaitRest(broker, clients);
        // So few at a time that no queue fills up: nothing may be lost now.
        for (int i = 0; i < TOPICS.size(); i++) {
            publishNext(broker, TOPICS.get(i), 0);
            if (i % 8 == 7) {
                awaitRest(broker, clients);
            }
        }
        for (String topic : TOPICS) {
            long newest = numbers.get(topic);
            clients.forEach(client -> client.expectNewest(topic, newest));
            listeners.forEach(listener -> listener.expectNewest(topic, newest));
        }
    }

    /** Waits until nothing moves: a client that is answered has got all that was queued for it before. */
    private void awaitRest(RobotStreamBroker broker, List<StressClient> clients) {
        Awaitility.await("nothing is queued, seed " + seed).atMost(PATIENCE).until(() -> {
            clients.forEach(StressClient::awaitAnswer);
            BrokerStats stats = broker.stats();
            return stats.queued() == 0 && stats.offered() == stats.delivered() + stats.dropped() + stats.skipped();
        });
    }

    private Thread thread(String name, Part part) {
        Thread thread = new Thread(
                () -> {
                    try {
                        part.run();
                    } catch (Throwable fault) {
                        faults.add(fault);
                    }
                },
                "test-stress-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Part {
        void run() throws Exception;
    }

    private void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive())
                    .as("%s goes on, seed %s", thread.getName(), seed)
                    .isFalse();
        }
        for (Throwable fault : faults) {
            throw new AssertionError("seed " + seed, fault);
        }
    }
}
