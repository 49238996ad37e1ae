package io.github.robotstream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The benchmark: each server in a JVM of its own, in turn, round after round; prints a Markdown table with the medians.
 * System properties: {@code bench.rounds} (3), {@code bench.seconds} (5) and {@code bench.warm} (5) a measurement.
 */
public final class Benchmark {
    private static final List<String> PEERS = List.of("bare-loop", "robotstream", "jws-send", "jws-broadcast");
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("bench.warm", 5);

    /** What is measured: who publishes how, for how many clients that are subscribed to how many topics. */
    private enum Scenario {
        FAN_OUT("Fan-out: 50 subscribers, saturated", "window", 50, 1),
        PACED("Latency: 10 subscribers, 1 kHz", "paced", 10, 1),
        CONTROL_LOOP("Control loop: 10 topics at 1 kHz, 50 subscribers, others stall, flood and leave", "loop", 50, 10);

        final String title;
        final String word;
        final int clients;
        final int topics;

        Scenario(String title, String word, int clients, int topics) {
            this.title = title;
            this.word = word;
            this.clients = clients;
            this.topics = topics;
        }
    }

    private Benchmark() {}

    /** Runs it all; takes about 10 minutes. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (Scenario scenario : Scenario.values()) {
            Map<String, List<double[]>> rows = new LinkedHashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < PEERS.size(); i++) {
                    String peer = PEERS.get((i + round) % PEERS.size());
                    double[] row = measure(peer, scenario);
                    System.err.println(scenario + " round " + (round + 1) + " " + peer + " " + Arrays.toString(row));
                    rows.computeIfAbsent(peer, p -> new ArrayList<>()).add(row);
                }
            }
            print(scenario, rows);
        }
        System.exit(0);
    }

    private static double[] measure(String peer, Scenario scenario) throws IOException, InterruptedException {
        Path file = Files.createTempFile("bench", "acks");
        Acks acks = new Acks(file);
        try (Server server = new Server(peer, file);
                LoadClient client = new LoadClient(acks, scenario == Scenario.FAN_OUT)) {
            client.subscribe(server.port, scenario.clients, scenario.topics);
            server.ask(scenario.word);
            Thread.sleep(1000L * WARM_SECONDS);
            try (Disturbers disturbers = new Disturbers(server.port)) {
                if (scenario == Scenario.CONTROL_LOOP) {
                    disturbers.begin();
                }
                server.ask("stop");
                server.ask(scenario.word);
                long cpu = Long.parseLong(server.ask("cpu"));
                long frames = client.received();
                client.restart();
                Thread.sleep(1000L * SECONDS);
                double delivered = client.received() - frames;
                double cpuMicros = (Long.parseLong(server.ask("cpu")) - cpu) / 1000.0 / delivered;
                String costs = server.ask("stop");
                double peak = Double.parseDouble(server.ask("memory")) / (1 << 20);
                String all =
                        delivered / SECONDS + " " + cpuMicros + " " + client.latencies() + " " + costs + " " + peak;
                return row(all);
            }
        } finally {
            Files.delete(file);
        }
    }

    /** Numbers with a space between; a dash is none. */
    static double[] row(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Benchmark::number).toArray();
    }

    private static double number(String text) {
        return text.equals("-") ? Double.NaN : Double.parseDouble(text);
    }

    private static void print(Scenario scenario, Map<String, List<double[]>> rows) {
        System.out.println("\n### " + scenario.title + "\n");
        System.out.println(
                "| server | deliveries/s | CPU us/delivery | of bare loop | latency us: mean | p50 | p99 | p99.9 | max"
                        + " | publish() us: mean | p50 | p99 | p99.9 | max | late ticks | peak MB |");
        System.out.println("|---|" + "---:|".repeat(15));
        double bare = median(rows.getOrDefault("bare-loop", List.of()), 1);
        rows.forEach((peer, rounds) -> {
            StringBuilder line = new StringBuilder("| " + peer);
            for (int column = 0; column < rounds.get(0).length; column++) {
                double value = median(rounds, column);
                line.append(String.format(column == 1 ? " | %.2f" : value < 100 ? " | %.1f" : " | %,.0f", value));
                line.append(column == 1 ? String.format(" | %.2f", value / bare) : "");
            }
            System.out.println(line + " |");
        });
    }

    static double median(List<double[]> rounds, int column) {
        double[] values =
                rounds.stream().mapToDouble(row -> row[column]).sorted().toArray();
        return values[values.length / 2];
    }

    /** A {@link ServerProcess}. */
    static final class Server implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final Writer words;
        final int port;

        Server(String peer, Path acks) throws IOException {
            process = ServerProcess.start(peer, acks);
            answers = process.inputReader(StandardCharsets.UTF_8);
            words = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            port = Integer.parseInt(answer());
        }

        String ask(String word) throws IOException {
            words.write(word + "\n");
            words.flush();
            return answer();
        }

        /** What its threads took so far, by the kernel's book on them: more exact than {@code cpu}, of those that live, and on Linux alone. */
        long threadNanos() throws IOException {
            long nanos = 0;
            Path threads = Path.of("/proc", String.valueOf(process.pid()), "task");
            try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
                for (Path thread : each) {
                    nanos += nanosOf(thread);
                }
            }
            return nanos;
        }

        private static long nanosOf(Path thread) throws IOException {
            try {
                return Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
            } catch (NoSuchFileException ended) {
                return 0;
            }
        }

        private String answer() throws IOException {
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("the server under test has ended");
            }
            return line;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
