package io.github.robotstream.endurance;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.Parent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A robot with little memory that publishes fast, on a topic for all and on one for each client, as a program of its own. Prints its port, waits for a line, publishes,
 * prints how much, waits for a line, ends and prints what it counted. Tokens are the names of principals.
 */
final class SoakBroker {
    private static final int BURSTS_A_SECOND = 200;
    private static final int VALUE_BYTES = 4096;
    private static final int OWN_VALUE_BYTES = 16 * 1024;
    /** How many topics there are for a client alone: {@code own/0} and so on. */
    static final int OWN_TOPICS = 200;

    private final Map<String, Long> toldBySubject = new ConcurrentHashMap<>();
    private final Topic<Sample> flood = Topic.state("flood", "sample", Sample.class);
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
        Parent.tell("port", broker.address().getPort());
        Parent.awaitGoOn();
        publish(broker, messagesASecond, seconds);
        Parent.tell("published", published);
        Parent.awaitGoOn();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        Parent.tell("heap", runtime.totalMemory() - runtime.freeMemory());
        Parent.tell("delivered", broker.stats().delivered());
        broker.close();
        BrokerStats stats = broker.stats();
        Parent.tell("offered", stats.offered());
        Parent.tell("accounted", stats.delivered() + stats.dropped() + stats.skipped());
        Parent.tell("toldOfAll", toldBySubject.getOrDefault("all", 0L));
        Parent.tell("toldOfHealthy", toldBySubject.getOrDefault("healthy", 0L));
        Parent.tell("toldOfSlow", toldBySubject.getOrDefault("slow", 0L));
    }

    private void publish(RobotStreamBroker broker, int messagesASecond, int seconds) {
        String text = "x".repeat(VALUE_BYTES);
        Payload own = Payload.of("own", "text", "\"" + "x".repeat(OWN_VALUE_BYTES) + "\"");
        long pause = TimeUnit.SECONDS.toNanos(1) / BURSTS_A_SECOND;
        long next = System.nanoTime();
        for (int burst = 0; burst < seconds * BURSTS_A_SECOND; burst++) {
            for (int i = 0; i < messagesASecond / BURSTS_A_SECOND; i++) {
                broker.publish(flood, new Sample(published, text));
                broker.publish("own/" + published % OWN_TOPICS, own);
                published++;
            }
            next += pause;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** Losses of the broker's thread itself have no subject: all subscribers lost them. */
    private void count(LogEntry entry) {
        if (entry.event().equals("messages_dropped") && entry.topic().equals(Optional.of(flood.name()))) {
            long dropped = ((Number) entry.attributes().get("dropped")).longValue();
            toldBySubject.merge(entry.subject().orElse("all"), dropped, Long::sum);
        }
    }
}
