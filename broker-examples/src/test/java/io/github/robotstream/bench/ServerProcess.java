package io.github.robotstream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The main of a server under test. Says its port, then does what it is told on its input, a word a line: {@code window},
 * {@code paced}, {@code loop}, {@code images} or {@code texts} begins to publish; {@code stop} ends that and tells the cost of publishing; {@code cpu} and
 * {@code memory} are answered with nanoseconds and bytes, {@code lateness} as {@link Peer#lateness} does.
 */
public final class ServerProcess {
    private static final int WINDOW = 128;
    private static final int TICK_NANOS = 1_000_000;
    private static final List<String> LOOP_TOPICS =
            IntStream.range(0, 10).mapToObj(i -> "t" + i).toList();
    private static final int VALUE_CHARACTERS = 200;
    private static final int FRAME_NANOS = 1_000_000_000 / CameraFrames.RATE;
    private static final int GIVE_UP_NANOS = 100_000_000;

    private final Peer peer;
    private final Acks acks;
    private final Samples costs = new Samples(2_000_000);
    private volatile boolean stopped;
    private int lateTicks;
    private Thread publisher = new Thread();

    private ServerProcess(Peer peer, Acks acks) {
        this.peer = peer;
        this.acks = acks;
    }

    /** Starts this main in a JVM of its own; what it says and hears are the process's streams. */
    static Process start(String peer, Path acks) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerProcess.class.getName(),
                        peer,
                        acks.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Arguments: the peer's name, the file of the acknowledgements. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Peer peer = Peer.named(args[0]);
        System.out.println(peer.start());
        ServerProcess process = new ServerProcess(peer, new Acks(Path.of(args[1])));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String word = in.readLine(); word != null; word = in.readLine()) {
            System.out.println(process.answer(word));
        }
        Runtime.getRuntime().halt(0);
    }

    private String answer(String word) throws IOException, InterruptedException {
        return switch (word) {
            case "window" -> begin(this::keepAWindow);
            case "paced" -> begin(() -> tick(TICK_NANOS, due -> publish("t0", due)));
            case "loop" -> begin(() -> tick(TICK_NANOS, this::publishAll));
            case "images" ->
                begin(() -> tick(FRAME_NANOS, due -> peer.publishImage(Frames.image(CameraFrames.BYTES, due))));
            case "texts" ->
                begin(() -> tick(FRAME_NANOS, due -> peer.publish("t0", Frames.value(CameraFrames.BYTES, due))));
            case "stop" -> stop();
            case "cpu" ->
                ""
                        + ProcessHandle.current()
                                .info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos();
            case "lateness" -> peer.lateness();
            case "memory" -> "" + statusBytes("VmHWM");
            case "rss" -> "" + statusBytes("VmRSS");
            case "heap" -> "" + heapBytes();
            case "direct" -> "" + directBytes();
            default -> throw new IllegalArgumentException("no such word: " + word);
        };
    }

    private String begin(Runnable body) {
        stopped = false;
        lateTicks = 0;
        costs.clear();
        publisher = new Thread(body, "publisher");
        publisher.start();
        return "begun";
    }

    private String stop() throws InterruptedException {
        stopped = true;
        publisher.join();
        return costs.micros(50, 99, 99.9) + " " + lateTicks;
    }

    /** As fast as the slowest reader, who is at most a window behind; losses do not stop it for ever. */
    private void keepAWindow() {
        long sent = acks.received();
        long moved = System.nanoTime();
        long seen = sent;
        while (!stopped) {
            long received = acks.received();
            if (received != seen) {
                seen = received;
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > GIVE_UP_NANOS) {
                sent = received;
            }
            if (sent - received >= WINDOW) {
                LockSupport.parkNanos(50_000);
            }
            for (; sent - received < WINDOW; sent++) {
                publish("t0", System.nanoTime());
            }
        }
    }

    /** A loop that ticks by the clock, and not by what the tick before took. */
    private void tick(int nanos, LongConsumer publish) {
        long due = System.nanoTime();
        while (!stopped) {
            due += nanos;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            lateTicks += System.nanoTime() - due > nanos ? 1 : 0;
            publish.accept(due);
        }
    }

    private void publishAll(long due) {
        for (String topic : LOOP_TOPICS) {
            publish(topic, due);
        }
    }

    private void publish(String topic, long nanos) {
        String value = Frames.value(VALUE_CHARACTERS, nanos);
        long before = System.nanoTime();
        peer.publish(topic, value);
        costs.add(System.nanoTime() - before);
    }

    /** What is in use after a collection. */
    private static long heapBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** From the kernel's book on this process; -1 where it keeps none. */
    private static long statusBytes(String entry) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(entry))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(-1);
    }
}
