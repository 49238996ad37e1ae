package io.github.robotstream.endurance;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.BrokerListener;
import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.Parent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A robot whose heap is filled to the last byte and emptied, again and again, while it publishes and logs, as a program of its own. After each
 * time all parts have to go on. Prints its port, if it has one, and waits for a line before it begins; prints of each round whether all went on, and what
 * did not; waits for a line, closes and prints what is left.
 */
final class FilledHeapRobot {
    static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final long FULL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int LARGEST = 256 << 10;
    private static final int SMALLEST = 4;

    private final Kept store = new Kept();
    private final Written sink = new Written();
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final boolean network;
    private final RobotStreamBroker broker;
    private volatile boolean over;

    /** What the store was told, in numbers: it needs no memory. */
    private static final class Kept implements TopicStore {
        private final AtomicLong appended = new AtomicLong();
        private final AtomicLong closed = new AtomicLong();

        @Override
        public List<StoredTopic> open() {
            return List.of();
        }

        @Override
        public void append(List<Message> batch) {
            appended.addAndGet(batch.size());
        }

        @Override
        public List<Message> read(String topic, long afterSequence, int limit) {
            return List.of();
        }

        @Override
        public void forget(String topic) {}

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private static final class Written implements LogSink {
        private final AtomicLong written = new AtomicLong();
        private final AtomicLong closed = new AtomicLong();

        @Override
        public void write(LogEntry entry) {
            written.incrementAndGet();
            if (entry.level() == LogEntry.Level.ERROR || entry.event().endsWith("_fault")) {
                System.out.println(entry.event() + ": " + entry.message() + " "
                        + entry.detail().orElse(""));
            }
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    /** Takes the number of rounds, and {@code network} for a port. */
    public static void main(String[] args) throws Exception {
        new FilledHeapRobot(args.length > 1).run(Integer.parseInt(args[0]));
    }

    private FilledHeapRobot(boolean network) throws Exception {
        this.network = network;
        BrokerBuilder builder = RobotStreamBroker.builder()
                .store(store)
                .logSink(sink)
                .listener(new BrokerListener() {
                    @Override
                    public void brokerFailed(Throwable cause) {
                        failures.incrementAndGet();
                    }
                })
                .subscribe(COUNT, value -> heard.incrementAndGet());
        if (network) {
            builder.port(0).anonymousAccess(Permissions.all());
        } else {
            builder.withoutNetwork();
        }
        broker = builder.start();
    }

    private void run(int rounds) throws Exception {
        if (network) {
            Parent.tell("port", broker.address().getPort());
            Parent.awaitGoOn();
        }
        Thread robot = new Thread(this::live, "robot");
        robot.start();
        // Once before: a class of the JDK that has no memory to initialize itself is of no use for ever.
        boolean goesOn = allGoOn();
        for (int round = 1; goesOn && round <= rounds; round++) {
            fill();
            goesOn = allGoOn();
            Parent.tell("round" + round, goesOn ? 1 : 0);
        }
        Parent.tell("failures", failures.get());
        Parent.awaitGoOn();
        over = true;
        robot.join();
        awaitNoSession();
        broker.close();
        Parent.tell("storeClosed", store.closed.get());
        Parent.tell("sinkClosed", sink.closed.get());
        Parent.tell(
                "threads",
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("robotstream"))
                        .peek(System.out::println)
                        .count());
    }

    private void awaitNoSession() {
        long deadline = System.nanoTime() + PATIENCE;
        while (!broker.sessions().isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(this, 1_000_000);
        }
        Parent.tell("sessions", broker.sessions().size());
    }

    /** Publishes and logs, whatever comes of it. */
    private void live() {
        long number = 0;
        while (!over) {
            try {
                broker.publish(COUNT, ++number);
                broker.publish("topic" + number % 64, Payload.of("n", "int", "1"));
                if (number % 16 == 0) {
                    broker.log(LogEntry.of(LogEntry.Level.INFO, "round" + number, "a robot that lives"));
                }
            } catch (Throwable wantOfMemory) {
                // the robot's own
            }
            LockSupport.parkNanos(this, 200_000);
        }
    }

    /** Takes all memory there is, down to the last few bytes, keeps it for a moment, and lets it go. */
    private static void fill() {
        Object[] all = null;
        for (int size = LARGEST; size >= SMALLEST; ) {
            try {
                Object[] more = new Object[size];
                more[0] = all;
                all = more;
            } catch (OutOfMemoryError full) {
                size /= 4;
            }
        }
        long until = System.nanoTime() + FULL_NANOS;
        while (all != null && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private boolean allGoOn() {
        return goesOn("heard", heard::get)
                && goesOn("appended", store.appended::get)
                && goesOn("written", sink.written::get);
    }

    private boolean goesOn(String what, LongSupplier count) {
        long before = count.getAsLong();
        long deadline = System.nanoTime() + PATIENCE;
        while (count.getAsLong() == before) {
            if (System.nanoTime() > deadline) {
                System.out.println(what + " does not go on");
                return false;
            }
            LockSupport.parkNanos(this, 1_000_000);
        }
        return true;
    }
}
