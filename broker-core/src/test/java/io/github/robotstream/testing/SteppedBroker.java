package io.github.robotstream.testing;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** A broker without network whose steps are taken by the test, on a clock that the test sets. */
public final class SteppedBroker implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    public final ManualClock clock = new ManualClock();
    public final FakeSink sink = new FakeSink();
    public final RobotStreamBroker broker;

    public SteppedBroker() throws IOException {
        this(builder -> {});
    }

    public SteppedBroker(Consumer<BrokerBuilder> settings) throws IOException {
        BrokerBuilder builder =
                RobotStreamBroker.builder().withoutNetwork().logSink(sink).closeTimeout(Duration.ofMillis(500));
        TestHooks.clock(builder, clock);
        TestHooks.stepped(builder);
        settings.accept(builder);
        broker = builder.start();
    }

    /** Takes steps until there is nothing left to do. */
    public SteppedBroker settle() {
        while (TestHooks.step(broker)) {}
        return this;
    }

    /** Waits for what other threads do, taking steps meanwhile. */
    public void await(String what, Condition condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    settle();
                    return condition.holds();
                });
    }

    public interface Condition {
        boolean holds() throws Exception;
    }

    /** The entries of an event that the sink has been given, once everything before is told. */
    public List<LogEntry> logged(String event) {
        String mark = "mark " + System.nanoTime();
        broker.log(LogEntry.of(LogEntry.Level.INFO, mark, "everything before is told"));
        await("the sink", () -> sink.events().contains(mark));
        return sink.entries().stream().filter(e -> e.event().equals(event)).toList();
    }

    @Override
    public void close() {
        broker.close();
    }
}
