package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.routing.DeliveryOptions.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is offered is what was delivered, lost, skipped or waits, whatever happens. */
class CountersTest {
    private final RouterFixture fixture = new RouterFixture();
    private final Counters counters = fixture.counters;
    private final List<Throwable> faults = new ArrayList<>();
    private final RobotLane lane = new RobotLane(16, 1 << 20, Messages.run(), fixture.router::route);
    private final BrokerLoop loop = new BrokerLoop(fixture.clock, lane, 0, faults::add);
    private final QueueBudget budget = new QueueBudget(33_000);
    private final List<RouterFixture.Client> clients = new ArrayList<>();
    private final TopicState pose = fixture.topic("pose");
    private final TopicState logs = fixture.topics.builtIn("server_logs", 200);

    private static final List<DeliveryOptions> OPTIONS = List.of(
            options(Policy.QUEUE, 64, 0, 0),
            options(Policy.LATEST, 64, 0, 0),
            options(Policy.QUEUE, 64, 3, 0),
            options(Policy.LATEST, 64, 3, 5),
            options(Policy.QUEUE, 64, 0, 5),
            options(Policy.QUEUE, 16, 0, 0));

    private static DeliveryOptions options(Policy policy, int queue, int intervalMillis, int maxAgeMillis) {
        return new DeliveryOptions(
                policy,
                queue,
                OverflowPolicy.DROP_OLDEST,
                TimeUnit.MILLISECONDS.toNanos(intervalMillis),
                TimeUnit.MILLISECONDS.toNanos(maxAgeMillis),
                0,
                false,
                false,
                false);
    }

    private RouterFixture.Client connect() {
        RouterFixture.Client client = fixture.new Client(64, 8_000, budget);
        client.subscribe("pose");
        client.subscribe("server_logs").minSeverity(9);
        fixture.router.options(client.queue.subscriptions().get(0), OPTIONS.get(clients.size() % OPTIONS.size()));
        clients.add(client);
        return client;
    }

    private static int held(RouterFixture.Client client) {
        return client.queue.subscriptions().stream()
                .mapToInt(client.queue.held::of)
                .sum();
    }

    private void leave(RouterFixture.Client client) {
        clients.remove(client);
        List.copyOf(client.queue.subscriptions()).forEach(fixture.router::unsubscribe);
        client.queue.end();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyMessageOfEverySubscriberIsAccountedFor(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            connect();
        }
        long published = 0;
        long offered = 0;
        for (int i = 0; i < 2_000; i++) {
            int burst = random.nextInt(30);
            for (int j = 0; j < burst; j++) {
                int size = random.nextInt(100) == 0 ? 9_000 : 100 + random.nextInt(300);
                lane.offer(Messages.ofSize(pose, size, fixture.clock.nanoTime()));
            }
            published += burst;
            offered += (long) burst * clients.size();
            if (random.nextInt(5) == 0) {
                lane.offer(Messages.message(logs, i).withSeverity(1 + random.nextInt(17)));
                published++;
                offered += clients.size();
            }
            while (loop.step()) {}
            fixture.clock.advance(Duration.ofMillis(random.nextInt(4)));
            for (RouterFixture.Client client : clients) {
                client.queue.stalled(random.nextBoolean(), false);
                client.queue.beginFlush();
                for (int n = random.nextInt(12); n > 0 && client.queue.peek() != null; n--) {
                    client.receiveOne();
                }
            }
            if (random.nextInt(20) == 0) {
                leave(clients.get(random.nextInt(clients.size())));
                connect();
            }
            assertThat(counters.get(Counters.Count.PUBLISHED)).isEqualTo(published);
            assertThat(counters.get(Counters.Count.OFFERED)).isEqualTo(offered);
            assertThat(counters.queued())
                    .isEqualTo(clients.stream()
                            .mapToLong(c -> c.queue.messages() + held(c))
                            .sum());
        }
        List.copyOf(clients).forEach(this::leave);
        assertThat(counters.queued()).isZero();
        assertThat(counters.losses()).as("every cause of loss came").hasSize(LossCause.values().length);
        assertThat(counters.losses().values()).allMatch(count -> count > 0);
        assertThat(counters.get(Counters.Count.SKIPPED)).isPositive();
        assertThat(faults).isEmpty();
    }

    @Test
    void thePictureOfTheLossesIsTheReadersToKeepAndNotToChange() {
        Map<LossCause, Long> losses = counters.losses();
        counters.lost(LossCause.ENDED, 2);
        assertThat(losses).containsEntry(LossCause.ENDED, 0L).hasSize(LossCause.values().length);
        assertThatThrownBy(() -> losses.put(LossCause.ENDED, 1L)).isInstanceOf(UnsupportedOperationException.class);
    }
}
