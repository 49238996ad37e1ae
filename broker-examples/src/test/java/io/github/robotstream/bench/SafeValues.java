package io.github.robotstream.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How late a listener hears the safe value of a topic with a watchdog of 100 ms, whose client falls silent again and again: alone, beside the
 * control loop's scenario, beside hostile connections, and beside both. Prints a Markdown table, of {@code bench.rounds} (3) runs of {@code
 * bench.seconds} (5) each after {@code bench.warm} (5): the medians of p50 and p99, and the largest of all.
 */
public final class SafeValues {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("bench.warm", 5);
    /** Three times the silence that is allowed, so that a safe value which is 200 ms late is still seen. */
    private static final long PERIOD_NANOS = 3 * WatchedPeer.SILENCE.toNanos();

    private enum Load {
        NONE("nothing", false, false),
        LOOP("the control loop, and who disturbs it", true, false),
        HOSTILE("20 hostile connections", false, true),
        BOTH("both", true, true);

        final String title;
        final boolean loop;
        final boolean hostile;

        Load(String title, boolean loop, boolean hostile) {
            this.title = title;
            this.loop = loop;
            this.hostile = hostile;
        }
    }

    private SafeValues() {}

    /** Runs it; takes three minutes. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println("| beside | safe values | missed | late since the command was received: p50 | p99 | max"
                + " | since it was sent: p50 | p99 | max | a thread that rests in the same process: p50 | p99 | max |");
        System.out.println("|---|" + "---:|".repeat(11));
        for (Load load : Load.values()) {
            List<double[]> rows = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                rows.add(Benchmark.row(measure(load)));
            }
            // Of each row: how many, how many missed, then mean, p50, p99 and max three times.
            System.out.printf(
                    "| %s | %,.0f | %,.0f | %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                    load.title,
                    rows.stream().mapToDouble(row -> row[0]).sum(),
                    rows.stream().mapToDouble(row -> row[1]).sum(),
                    millis(Benchmark.median(rows, 3)),
                    millis(Benchmark.median(rows, 4)),
                    millis(largest(rows, 5)),
                    millis(Benchmark.median(rows, 7)),
                    millis(Benchmark.median(rows, 8)),
                    millis(largest(rows, 9)),
                    millis(Benchmark.median(rows, 11)),
                    millis(Benchmark.median(rows, 12)),
                    millis(largest(rows, 13)));
        }
        System.exit(0);
    }

    private static double largest(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).max().orElse(Double.NaN);
    }

    private static String millis(double micros) {
        return String.format("%.2f ms", micros / 1000);
    }

    private static String measure(Load load) throws IOException, InterruptedException {
        Path file = Files.createTempFile("bench", "acks");
        try (Benchmark.Server server = new Benchmark.Server("robotstream-watched", file);
                LoadClient client = new LoadClient(new Acks(file), false);
                Commander commander = new Commander(server.port);
                Disturbers disturbers = new Disturbers(server.port);
                Hostiles hostiles = new Hostiles(server.port)) {
            if (load.loop) {
                client.subscribe(server.port, 50, 10);
                server.ask("loop");
            }
            commander.begin();
            TimeUnit.SECONDS.sleep(WARM_SECONDS);
            if (load.loop) {
                disturbers.begin();
            }
            if (load.hostile) {
                hostiles.begin();
            }
            server.ask("lateness");
            TimeUnit.SECONDS.sleep(SECONDS);
            return server.ask("lateness");
        } finally {
            Files.delete(file);
        }
    }

    /** The client that commands each topic once in a while, and is silent in between. Who is cut off comes back. */
    private static final class Commander implements AutoCloseable {
        private final int port;
        private volatile boolean closed;
        private long due = System.nanoTime();
        private int topic;

        Commander(int port) {
            this.port = port;
        }

        void begin() {
            Thread thread = new Thread(this::run, "commander");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            while (!closed) {
                try (SocketChannel channel = LoadClient.open(port)) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    InputStream replies = channel.socket().getInputStream();
                    while (!closed) {
                        awaitTurn();
                        channel.write(ByteBuffer.wrap(command()));
                        replies.skip(replies.available());
                    }
                } catch (IOException e) {
                    System.err.println("the client that commands was cut off: " + e);
                }
            }
        }

        private void awaitTurn() {
            due += PERIOD_NANOS / WatchedPeer.TOPICS;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
        }

        private byte[] command() {
            topic = (topic + 1) % WatchedPeer.TOPICS;
            String command = Frames.text(WatchedPeer.topic(topic), Frames.value(60, System.nanoTime()));
            return Frames.masked(command.getBytes(US_ASCII), 1);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
