package io.github.robotstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What frames of a camera cost: 100 KiB at 30 Hz to ten subscribers, as bytes and as JSON text of that length, beside the bare loop that is
 * handed the same. All servers warm up at once, for {@code bench.warm} (90) seconds, and are then measured in turn, each {@code bench.rounds}
 * (13) times for {@code bench.seconds} (2). Prints a Markdown table of the medians, and what half of the rounds lie between; the latencies are of
 * all rounds.
 */
public final class CameraFrames {
    static final int BYTES = 100 * 1024;
    static final int RATE = 30;

    private static final int SUBSCRIBERS = 10;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 13);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 2);
    private static final int WARM_SECONDS = Integer.getInteger("bench.warm", 90);

    private enum Way {
        BARE_BYTES("bare-loop", true),
        BYTES("robotstream", true),
        BARE_TEXT("bare-loop", false),
        TEXT("robotstream", false);

        final String peer;
        final boolean images;

        Way(String peer, boolean images) {
            this.peer = peer;
            this.images = images;
        }

        Way yardstick() {
            return images ? BARE_BYTES : BARE_TEXT;
        }
    }

    private CameraFrames() {}

    /** Runs it; takes four minutes. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<Way, Running> all = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            all.put(way, new Running(way));
            all.get(way).begin();
        }
        TimeUnit.SECONDS.sleep(WARM_SECONDS);
        for (Running running : all.values()) {
            running.end();
            running.client.restart();
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Running running : all.values()) {
                running.measure();
            }
        }
        print(all);
        System.exit(0);
    }

    private static void print(Map<Way, Running> all) throws InterruptedException {
        System.out.println(
                "| server | as | deliveries/s | CPU ms/MB: a quarter, half, three quarters of the rounds at most"
                        + " | of bare loop | latency us: mean | p50 | p99 | p99.9 | max |");
        System.out.println("|---|---|" + "---:|".repeat(8));
        for (Running running : all.values()) {
            Way way = running.way;
            double[] cpu =
                    running.rows.stream().mapToDouble(row -> row[1]).sorted().toArray();
            double bare = Benchmark.median(all.get(way.yardstick()).rows, 1);
            System.out.printf(
                    "| %s | %s | %.0f | %.2f, %.2f, %.2f | %.2f | %s |%n",
                    way.peer,
                    way.images ? "bytes" : "text",
                    Benchmark.median(running.rows, 0),
                    cpu[cpu.length / 4],
                    cpu[cpu.length / 2],
                    cpu[cpu.length * 3 / 4],
                    cpu[cpu.length / 2] / bare,
                    running.client.latencies().replace(" ", " | "));
        }
    }

    /** A server with its subscribers; both end with this process. */
    private static final class Running {
        final List<double[]> rows = new ArrayList<>();
        final LoadClient client;
        private final Benchmark.Server server;
        private final Way way;

        Running(Way way) throws IOException {
            this.way = way;
            Path file = Files.createTempFile("bench", "acks");
            file.toFile().deleteOnExit();
            server = new Benchmark.Server(way.peer, file);
            client = new LoadClient(new Acks(file), false);
            byte[] request = way.images ? Frames.subscribeToImages() : Frames.subscribe("t0");
            client.connect(server.port, SUBSCRIBERS, List.of(request));
        }

        void begin() throws IOException {
            server.ask(way.images ? "images" : "texts");
        }

        void end() throws IOException {
            server.ask("stop");
        }

        void measure() throws IOException, InterruptedException {
            begin();
            TimeUnit.MILLISECONDS.sleep(500);
            long cpu = server.threadNanos();
            long frames = client.received();
            TimeUnit.SECONDS.sleep(SECONDS);
            double delivered = client.received() - frames;
            double millis = (server.threadNanos() - cpu) / 1e6;
            end();
            rows.add(new double[] {delivered / SECONDS, millis / (delivered * BYTES / 1e6)});
        }
    }
}
