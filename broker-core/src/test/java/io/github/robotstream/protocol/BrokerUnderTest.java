package io.github.robotstream.protocol;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.ManualClock;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A broker that stands still: its clock goes on and its thread does something only when a test says so. {@link #settle} lets
 * all happen that is under way, on sockets too, so that a test may say "this and nothing else" without waiting.
 */
final class BrokerUnderTest implements AutoCloseable {
    private static final long PAUSE_NANOS = 200_000;
    /** The answer to what was asked in one has come by the next, and what that lets through by the third. */
    private static final int QUIET_ROUNDS = 3;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** How long is waited for other threads, by the real clock. */
    Duration patience = TestClient.SOON;

    final ManualClock clock = new ManualClock();
    private final Way way;
    private final RobotStreamBroker broker;
    private final List<ContractClient> clients = new ArrayList<>();
    private Optional<Transport> transport = Optional.empty();

    /** A broker on any free port, with the settings of a test; those that say nothing let everybody do everything. */
    BrokerUnderTest(Way way, Consumer<BrokerBuilder> settings) throws IOException {
        this.way = way;
        BrokerBuilder builder = RobotStreamBroker.builder().port(0).logSink(LogSink.none());
        TestHooks.clock(builder, clock);
        TestHooks.stepped(builder);
        // A handshake of TLS that shares two cores with others may take longer than the usual five seconds.
        TestHooks.handshakeTimeout(builder, PATIENCE);
        TestHooks.transports(builder, (changed, tls, listener) -> {
            Transport opened = way.factory().open(changed, tls, listener);
            transport = Optional.of(opened);
            return opened;
        });
        way.prepare(builder);
        settings.accept(builder);
        this.broker = builder.start();
        settle();
    }

    /** The broker, for what robot code does. */
    RobotStreamBroker broker() {
        return broker;
    }

    /** A client that is let in. */
    ContractClient connect() throws IOException {
        return connect("");
    }

    /**
     * A client that is let in, or that has got its refusal.
     *
     * @param query what follows the question mark
     */
    ContractClient connect(String query) throws IOException {
        return connect(query, Map.of());
    }

    ContractClient connect(String query, Map<String, String> headers) throws IOException {
        ContractClient client = requestUpgrade(query, headers).expectsVerdict();
        settle();
        return client;
    }

    /** A client that has sent its request and may wait for its verdict. */
    ContractClient requestUpgrade(String query, Map<String, String> headers) throws IOException {
        String target = query.isEmpty() ? "/wss" : "/wss?" + query;
        ContractClient client = new ContractClient(this, way.requestUpgrade(transport.orElseThrow(), target, headers));
        clients.add(client);
        return client;
    }

    /**
     * Lets everything happen that is under way: what clients sent is done, and what it brought about has arrived. Not those
     * who do not read, or who wait at the handshake.
     */
    void settle() {
        List<ContractClient> reading =
                clients.stream().filter(ContractClient::isReading).toList();
        // A pong says that the broker has all that its client sent before; then that the client has all that was sent
        // to it, unless the broker has asked whether it has read that.
        int asked = asked(reading);
        for (int quiet = 0; quiet < QUIET_ROUNDS; quiet++) {
            reading.forEach(ContractClient::ping);
            step();
            reading.forEach(ContractClient::awaitPong);
            step();
            int before = asked;
            asked = asked(reading);
            quiet = asked == before ? quiet : -1;
        }
    }

    private static int asked(List<ContractClient> clients) {
        return clients.stream().mapToInt(ContractClient::pings).sum();
    }

    /** {@return how many connections are open on the broker's side} */
    int connections() {
        return transport.orElseThrow().connections();
    }

    /** Lets the broker's thread do what there is to do. */
    void step() {
        boolean idle = false;
        // What a step schedules for now is done by the next one.
        while (!idle) {
            boolean first = TestHooks.step(broker);
            idle = !TestHooks.step(broker) && !first;
        }
    }

    /**
     * Waits for what threads of their own bring about; the broker does its part meanwhile.
     *
     * @throws AssertionError the last that {@code answer} threw, if it goes on throwing; of those, one that tells of the answer
     */
    <T> T await(Supplier<T> answer) {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<AssertionError> mismatch = Optional.empty();
        while (true) {
            step();
            try {
                return answer.get();
            } catch (AssertionError notYet) {
                if (!(notYet instanceof ContractClient.NotSettled)) {
                    mismatch = Optional.of(notYet);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw mismatch.orElse(notYet);
                }
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /** The same for something to be checked. */
    void awaitThat(Runnable assertion) {
        await(() -> {
            assertion.run();
            return true;
        });
    }

    /** Lets time go by. */
    void advance(Duration time) {
        settle();
        clock.advance(time);
        if (transport.orElseThrow() instanceof InMemoryTransport memory) {
            memory.advance(time.compareTo(HOUR) < 0 ? time : HOUR); // beyond it nothing new comes
        }
        settle();
    }

    @Override
    public void close() {
        clients.forEach(ContractClient::abort);
        broker.close();
    }
}
