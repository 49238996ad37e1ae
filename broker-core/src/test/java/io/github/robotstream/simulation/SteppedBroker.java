package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.BrokerStats;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What all simulations stand on: a broker whose steps are taken here, on one thread and a clock that is set, with a network in memory. */
abstract class SteppedBroker implements Schedule.Run {
    static final int MOST_STEPS = 10_000;

    final ManualClock clock = new ManualClock();
    final Moment now = new Moment();
    RobotStreamBroker broker;
    SimulatedNetwork network;
    private final List<String> transcript = new ArrayList<>();

    /** A verifier of clients whose tokens are their names. */
    static TokenVerifier namesAsTokens(Function<String, Permissions> rightsOfName) {
        return new NamesAsTokens(rightsOfName);
    }

    /** A builder for {@link #start}. */
    BrokerBuilder builder(TokenVerifier verifier) {
        BrokerBuilder builder = RobotStreamBroker.builder()
                .logSink(LogSink.none())
                .closeTimeout(Duration.ofSeconds(2))
                .tokenVerifier(verifier);
        TestHooks.clock(builder, clock);
        TestHooks.stepped(builder);
        return TestHooks.transports(builder, (changed, tls, listener) -> {
            network = new SimulatedNetwork(listener);
            return network;
        });
    }

    void start(BrokerBuilder builder) throws IOException {
        broker = builder.start();
    }

    private record NamesAsTokens(Function<String, Permissions> rightsOfName) implements TokenVerifier {
        @Override
        public ClientPrincipal verify(AccessRequest request) {
            String name = request.token().orElseThrow();
            return ClientPrincipal.of(name, rightsOfName.apply(name));
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    }

    void goOn(long nanos) {
        clock.advance(Duration.ofNanos(nanos));
        now.nanos += nanos;
    }

    /** Somebody sets the robot's wall clock. */
    void jumpWallClock(int seconds) {
        clock.setWall(clock.now().plusSeconds(seconds));
    }

    /** All that the broker has to do now. */
    void takeSteps() {
        for (int steps = 0; TestHooks.step(broker); steps++) {
            assertThat(steps).as("steps without a rest").isLessThan(MOST_STEPS);
        }
    }

    /** Each message that was offered was delivered, lost or left out, or waits. */
    BrokerStats checkCounts() {
        BrokerStats stats = broker.stats();
        assertThat(stats.offered())
                .as("offered, in %s", stats)
                .isEqualTo(stats.delivered() + stats.dropped() + stats.skipped() + stats.queued());
        return stats;
    }

    @Override
    public void note(String line) {
        transcript.add(line);
    }

    @Override
    public List<String> transcript() {
        return transcript;
    }

    @Override
    public void close() {
        network.close(Duration.ZERO);
        broker.close();
    }
}
