package io.github.robotstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenVerifier;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A robot with little memory that publishes fast, as a program of its own. Prints its port, waits for a line, publishes,
 * prints how much, waits for a line, ends and prints what it counted. Tokens are the names of principals.
 */
final class SoakBroker {
    private static final int BURSTS_A_SECOND = 200;
    private static final int VALUE_BYTES = 4096;

    private final Map<String, Long> toldBySubject = new ConcurrentHashMap<>();
    private final Topic<Sample> flood = Topic.of("flood", "sample", Sample.class);
    private long published;

    record Sample(long number, String text) {}

    private SoakBroker() {}

    /** Takes messages a second, and seconds. */
    public static void main(String[] args) throws Exception {
        new SoakBroker().run(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    }

    private void run(int messagesASecond, int seconds) throws Exception {
        TokenVerifier byName = request -> ClientPrincipal.of(request.token().orElseThrow(), Permissions.all());
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(byName)
                .logSink(this::count)
                .closeTimeout(Duration.ofSeconds(2))
                .start();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        tell("port", broker.address().getPort());
        in.readLine();
        publish(broker, messagesASecond, seconds);
        tell("published", published);
        in.readLine();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        tell("heap", runtime.totalMemory() - runtime.freeMemory());
        tell("delivered", broker.stats().delivered());
        broker.close();
        BrokerStats stats = broker.stats();
        tell("offered", stats.offered());
        tell("accounted", stats.delivered() + stats.dropped() + stats.skipped());
        tell("lostInRobotLane", stats.droppedByCause().get(LossCause.PUBLISH_QUEUE_FULL));
        tell("toldOfHealthy", toldBySubject.getOrDefault("healthy", 0L));
        tell("toldOfSlow", toldBySubject.getOrDefault("slow", 0L));
    }

    private static void tell(String name, long value) {
        System.out.println(name + "=" + value);
    }

    private void publish(RobotStreamBroker broker, int messagesASecond, int seconds) {
        String text = "x".repeat(VALUE_BYTES);
        long pause = TimeUnit.SECONDS.toNanos(1) / BURSTS_A_SECOND;
        long next = System.nanoTime();
        for (int burst = 0; burst < seconds * BURSTS_A_SECOND; burst++) {
            for (int i = 0; i < messagesASecond / BURSTS_A_SECOND; i++) {
                broker.publish(flood, new Sample(published++, text));
            }
            next += pause;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void count(LogEntry entry) {
        if (entry.event().equals("messages_dropped") && entry.subject().isPresent()) {
            long dropped = ((Number) entry.attributes().get("dropped")).longValue();
            toldBySubject.merge(entry.subject().get(), dropped, Long::sum);
        }
    }
}
