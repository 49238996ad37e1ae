package io.github.robotstream.endurance;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.BrokerStats;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.SessionSnapshot;
import io.github.robotstream.TlsSettings;
import io.github.robotstream.Topic;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Parent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A robot with little memory among many hostile clients, as a program of its own. Prints its port, waits for a line, tells what it is like and lets its loops run; waits for a line,
 * tells what the clients did, ends its loops when none but the healthy ones is left, and tells how it has gone; waits for a line, ends and prints what it counted.
 */
final class HostileCrowdBroker {
    /** The healthy clients. */
    static final int HEALTHY = 2;

    static final byte[] SECRET = new byte[32];
    static final Topic<Long> POSE = Topic.state("pose", "int", Long.class);
    static final Topic<Long> COMMAND = Topic.command("cmd_vel", "int", Long.class);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WatchedTopic watched = new WatchedTopic();
    private final RobotStreamBroker broker;
    private final AtomicLong commands = new AtomicLong();
    private final AtomicLong disorder = new AtomicLong();
    private final AtomicLong lostToAll = new AtomicLong();
    private final AtomicLong overloaded = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong died = new AtomicLong();
    private Set<Thread> threads = Set.of();

    /** Takes a certificate's file and its key's for TLS, or nothing. */
    public static void main(String[] args) throws Exception {
        new HostileCrowdBroker(List.of(args)).run();
    }

    private HostileCrowdBroker(List<String> files) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> died.incrementAndGet());
        BrokerBuilder builder = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(SECRET).build())
                .subscribe(COMMAND, this::take)
                .logSink(this::count)
                .closeTimeout(Duration.ofSeconds(2));
        if (!files.isEmpty()) {
            builder.tls(TlsSettings.pem(Path.of(files.get(0)), Path.of(files.get(1))));
        }
        watched.on(builder);
        broker = builder.start();
    }

    private void take(long number) {
        if (commands.incrementAndGet() != number) {
            disorder.incrementAndGet();
        }
    }

    private void count(LogEntry entry) {
        if (entry.event().equals("client_disconnected")
                && Integer.valueOf(1013).equals(entry.attributes().get("code"))) {
            overloaded.incrementAndGet();
        }
        // One without a client is of the broker's thread itself: it had no time for what robot code published.
        if (entry.event().equals("messages_dropped")
                && entry.topic().equals(Optional.of(POSE.name()))
                && entry.subject().isEmpty()) {
            lostToAll.addAndGet(((Number) entry.attributes().get("dropped")).longValue());
        }
        if (entry.event().equals("messages_dropped") && entry.subject().equals(Optional.of("healthy"))) {
            System.out.println(entry);
        }
        if (entry.event().equals("internal_fault") || entry.event().equals("transport_fault")) {
            faults.incrementAndGet();
            System.out.println(entry);
        }
    }

    private void run() throws Exception {
        Parent.tell("port", broker.address().getPort());
        Parent.awaitGoOn();
        Parent.tell("heapBefore", heap());
        threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        long descriptors = Leftovers.descriptors();
        HostileCrowdLoops loops = new HostileCrowdLoops(broker, watched);
        loops.start();
        Parent.tell("goes", 1);
        Parent.awaitGoOn();
        Parent.tell("peakSessions", loops.peakSessions());
        Parent.tell("queuesShed", broker.stats().droppedByCause().get("all_queues_full"));
        Parent.tell("overloaded", overloaded.get());
        awaitHealthyAlone();
        loops.end();
        Parent.tell("lostByHealthy", lostByHealthy());
        Parent.tell("published", loops.published());
        Parent.tell("refused", broker.stats().refused());
        Parent.tell("waits", loops.waits());
        Parent.tell("slowestMicros", loops.slowestMicros());
        Parent.tell("episodes", watched.episodes());
        Parent.tell("safeValues", watched.ended());
        Parent.tell("safeValueMillis", watched.slowestMillis());
        Parent.tell("descriptors", Math.max(0, Leftovers.descriptors() - descriptors));
        Parent.tell("heapAfter", heap());
        Parent.awaitGoOn();
        end();
    }

    /** Also the sockets of those who are gone are closed by then. */
    private void awaitHealthyAlone() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (broker.sessions().size() > HEALTHY && System.nanoTime() < deadline) {
            LockSupport.parkNanos(this, 1_000_000);
        }
        Parent.tell("sessions", broker.sessions().size());
    }

    private long lostByHealthy() {
        return broker.sessions().stream().mapToLong(SessionSnapshot::dropped).sum();
    }

    private void end() {
        Parent.tell("commands", commands.get());
        Parent.tell("disorder", disorder.get());
        // Those of pools may have ended for want of work.
        Parent.tell(
                "dead",
                died.get()
                        + threads.stream()
                                .filter(thread ->
                                        !thread.isAlive() && !thread.getName().matches(".*-\\d+"))
                                .count());
        broker.close();
        // Only now: until the broker ends, the log holds back repeated entries for up to five seconds.
        Parent.tell("lostToAll", lostToAll.get());
        Parent.tell("faults", faults.get());
        BrokerStats stats = broker.stats();
        Parent.tell("offered", stats.offered());
        Parent.tell("accounted", stats.delivered() + stats.dropped() + stats.skipped());
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
