package io.github.robotstream.endurance;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A topic at 100 Hz, and one client that asks for what costs the broker thread most, as fast as it may. As a program it prints the
 * largest gaps in that topic with and without the client.
 */
final class WorstRequests {
    private static final Topic<Integer> TICK = Topic.state("tick", "int", Integer.class);
    private static final int TOPICS = 10_000;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SUBSCRIPTIONS = 250;

    private final Duration time;
    private volatile boolean over;

    WorstRequests(Duration time) {
        this.time = time;
    }

    /** Prints the gaps in milliseconds. */
    public static void main(String[] args) throws Exception {
        WorstRequests requests =
                new WorstRequests(Duration.ofSeconds(args.length == 0 ? 10 : Integer.parseInt(args[0])));
        System.out.printf("nobody else: %.1f ms%n", requests.largestGapMillis(false));
        System.out.printf("one client that does its worst: %.1f ms%n", requests.largestGapMillis(true));
    }

    /** The longest time between two messages of the topic at a client that does nothing but listen. */
    double largestGapMillis(boolean withHostile) throws Exception {
        over = false;
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none())
                .start()) {
            for (int i = 0; i < TOPICS; i++) {
                broker.publish("deep/" + i + "/a".repeat(28), Payload.of("n", "t", "1"));
            }
            try (SocketTestClient honest = SocketTestClient.connect(broker.address())) {
                honest.send(Requests.subscribe("tick", 1));
                honest.next();
                List<Thread> threads = new ArrayList<>();
                threads.add(new Thread(() -> tick(broker), "test-ticks"));
                if (withHostile) {
                    threads.add(new Thread(() -> ask(broker), "test-hostile"));
                }
                threads.forEach(Thread::start);
                double largest = largestGapMillis(honest);
                over = true;
                for (Thread thread : threads) {
                    thread.join();
                }
                return largest;
            }
        }
    }

    private double largestGapMillis(SocketTestClient honest) {
        long end = System.nanoTime() + time.toNanos();
        honest.next();
        long last = System.nanoTime();
        long largest = 0;
        while (last < end) {
            honest.next(Duration.ofSeconds(30));
            long now = System.nanoTime();
            largest = Math.max(largest, now - last);
            last = now;
        }
        return largest / 1e6;
    }

    private void tick(RobotStreamBroker broker) {
        for (long next = System.nanoTime(); !over; next += TICK_NANOS) {
            broker.publish(TICK, 1);
            LockSupport.parkNanos(this, next + TICK_NANOS - System.nanoTime());
        }
    }

    /** Filters that have to be compared with every topic, all last values, and ends of subscriptions that share what waits. */
    private void ask(RobotStreamBroker broker) {
        try (SocketTestClient client = SocketTestClient.connect(broker.address())) {
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                client.send("{\"action\":\"subscribe\",\"topic\":\"deep/+/" + "+/".repeat(i % 25)
                        + "#\",\"options\":{\"retained\":false}}");
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(5));
            }
            String none = "deep/+" + "/+".repeat(28) + "/b";
            String all = "deep/#";
            for (int i = 0; !over; i++) {
                client.send("{\"action\":\"subscribe\",\"id\":" + i + ",\"topic\":\"" + none
                        + "\",\"options\":{\"retained\":true}}");
                client.send("{\"action\":\"unsubscribe\",\"topic\":\"" + none + "\"}");
                client.send("{\"action\":\"subscribe\",\"topic\":\"" + all + "\",\"options\":{\"retained\":true}}");
                client.send("{\"action\":\"unsubscribe\",\"topic\":\"" + all + "\"}");
                client.send("{\"action\":\"topics\",\"id\":" + i + ",\"topic\":\"" + all + "\"}");
                client.send("{\"action\":\"topics\",\"id\":" + i + ",\"topic\":\"" + none + "\"}");
                while (client.poll().isPresent()) {} // it reads, so that its requests are done
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(5));
            }
        } catch (IOException | UncheckedIOException gone) {
            if (!over) {
                throw new AssertionError(gone);
            }
        }
    }
}
