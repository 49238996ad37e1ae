package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of a {@link StressRun}: does one thing after the other on its socket, and looks at the order of all that it is sent. */
final class StressClient {
    private static final List<String> FILTERS = List.of(
            "#",
            "arm/#",
            "arm/+",
            "base/x",
            "base/+",
            "base/#",
            "battery",
            "+",
            "cmd/+",
            "cmd/base",
            "cells/#",
            "client/#");
    /** Each lets the newest value of a topic through in the end. */
    private static final List<String> OPTIONS = List.of(
            "",
            "",
            "'policy':'latest'",
            "'policy':'queue','queue':10",
            "'rate_hz':50",
            "'policy':'latest','rate_hz':200",
            "'max_age_ms':60000");

    private static final Pattern TOPIC = Pattern.compile("\"(?:topic|name)\":\"([^\"]+)\"");
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
    private static final int PATIENCE_SECONDS = 60;

    private final InetSocketAddress server;
    private final String name;
    private final Random random;
    private int connections;
    private long ownNumber;
    private int lastId;
    private int stalledActions;
    private TestClient connection;
    private final Set<String> subscribed = new HashSet<>();
    /** How often a filter was subscribed to on this connection. */
    private final Map<String, Integer> subscriptions = new HashMap<>();
    /** The newest number of each topic that came on this connection. */
    private final Map<String, Long> newest = new HashMap<>();
    /** How often a topic's last value came that was there before. */
    private final Map<String, Integer> repeats = new HashMap<>();

    /** @param name what its topics begin with: one for each of its connections, since those that follow each other have no order */
    StressClient(InetSocketAddress server, String name, long seed) throws IOException {
        this.server = server;
        this.name = name;
        this.random = new Random(seed);
        this.connection = connect();
    }

    void runUntil(AtomicBoolean end) throws IOException {
        while (!end.get()) {
            act();
            goOnReading();
            drain();
        }
    }

    private void act() throws IOException {
        int dice = random.nextInt(100);
        if (dice < 30) {
            subscribe(FILTERS.get(random.nextInt(FILTERS.size())));
        } else if (dice < 50) {
            unsubscribe(FILTERS.get(random.nextInt(FILTERS.size())));
        } else if (dice < 80) {
            publish(1 + random.nextInt(10));
        } else if (dice < 96) {
            stall();
        } else {
            leave();
            connection = connect();
        }
    }

    /** Reads nothing while it does so many other things, long enough for its queue to fill up. */
    private void stall() {
        connection.stopReading();
        stalledActions = random.nextInt(400);
    }

    private void goOnReading() {
        LockSupport.parkNanos(1); // lets the other threads have their turn
        if (stalledActions > 0) {
            stalledActions--;
            if (stalledActions == 0) {
                connection.resumeReading();
            }
        }
    }

    private TestClient connect() throws IOException {
        connections++;
        newest.clear();
        repeats.clear();
        subscribed.clear();
        subscriptions.clear();
        return SocketTestClient.to(server).receiveBuffer(16 * 1024).connect();
    }

    private void subscribe(String filter) {
        if (subscribed.add(filter)) {
            subscriptions.merge(filter, 1, Integer::sum);
        }
        String options = OPTIONS.get(random.nextInt(OPTIONS.size())).replace('\'', '"');
        connection.send("{\"action\":\"subscribe\",\"topic\":\"" + filter + "\",\"options\":{" + options + "}}");
    }

    private void unsubscribe(String filter) {
        subscribed.remove(filter);
        connection.send("{\"action\":\"unsubscribe\",\"topic\":\"" + filter + "\"}");
    }

    private void publish(int messages) {
        for (int i = 0; i < messages; i++) {
            ownNumber++;
            connection.send(Requests.publish(name + "/" + connections, "{\"n\":" + ownNumber + "}"));
        }
    }

    private void drain() {
        for (Optional<String> text = connection.poll(); text.isPresent(); text = connection.poll()) {
            look(text.get());
        }
    }

    private void look(String text) {
        assertThat(text).doesNotContain("\"error\"");
        Matcher number = NUMBER.matcher(text);
        Matcher topic = TOPIC.matcher(text);
        if (number.find() && topic.find()) {
            look(topic.group(1), Long.parseLong(number.group(1)));
        }
    }

    private void look(String topic, long number) {
        Long before = newest.put(topic, number);
        if (before != null && before == number) {
            assertThat(repeats.merge(topic, 1, Integer::sum))
                    .as("last values of %s that came again, now %s", topic, number)
                    .isLessThanOrEqualTo(subscriptionsTo(topic));
        } else {
            assertThat(number).as("the next of %s", topic).isGreaterThan(before == null ? 0 : before);
        }
    }

    private int subscriptionsTo(String topic) {
        return subscriptions.entrySet().stream()
                .filter(entry -> TopicFilter.of(entry.getKey()).matches(topic))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Reads all that waits for it. */
    void readOn() {
        connection.resumeReading();
    }

    /** Has a request answered: by then all is here that was queued before. */
    void awaitAnswer() {
        lastId++;
        String answer = "\"action\":\"ack\",\"id\":" + lastId + ",";
        connection.send("{\"action\":\"hello\",\"id\":" + lastId + "}");
        String text = connection.next(Duration.ofSeconds(PATIENCE_SECONDS));
        while (!text.contains(answer)) {
            look(text);
            text = connection.next(Duration.ofSeconds(PATIENCE_SECONDS));
        }
    }

    /** Fails unless the newest value of a topic is here, if it is subscribed to it. */
    void expectNewest(String topic, long number) {
        if (subscribed.stream().anyMatch(filter -> TopicFilter.of(filter).matches(topic))) {
            assertThat(newest).containsEntry(topic, number);
        }
    }

    /** Ends the connection, now with a close frame, now without. */
    void leave() {
        try {
            if (random.nextBoolean()) {
                connection.close(1000, "");
            }
        } catch (UncheckedIOException gone) {
            // the broker was faster
        }
        connection.abort();
    }
}
