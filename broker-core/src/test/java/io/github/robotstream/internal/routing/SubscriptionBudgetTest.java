package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the memory of all clients' subscriptions may take. The fixture's budget is 1 MiB. */
class SubscriptionBudgetTest {
    private static final int BUDGET = 1 << 20;

    private final RouterFixture fixture = new RouterFixture();

    private static String filter(int number) {
        return "x/".repeat(31) + "y".repeat(130) + number;
    }

    private RemoteSubscriber subscriber(RouterFixture.Client client, String filter) {
        return Queues.subscriber(filter, client.queue);
    }

    /** Subscribes until there is no more room. */
    private List<RemoteSubscriber> fill(RouterFixture.Client client) {
        List<RemoteSubscriber> all = new ArrayList<>();
        RemoteSubscriber next = subscriber(client, filter(0));
        while (fixture.router.subscribe(next)) {
            all.add(next);
            next = subscriber(client, filter(all.size()));
        }
        return all;
    }

    @Test
    void itIsBoundedAndWhatEndsMakesRoom() {
        RouterFixture.Client client = fixture.new Client(10);
        List<RemoteSubscriber> all = fill(client);
        assertThat(all).hasSizeBetween(BUDGET / 2_000, BUDGET / 1_000);
        assertThat(client.queue.subscriptions())
                .as("who was refused left nothing")
                .hasSameSizeAs(all);
        fixture.router.unsubscribe(all.get(17));
        assertThat(fixture.router.subscribe(subscriber(client, filter(17)))).isTrue();
        assertThat(fixture.router.subscribe(subscriber(client, filter(18)))).isFalse();
    }

    @Test
    void aSessionThatWantsLittleIsServedWhateverOthersHoldAndSoIsRobotCode() {
        fill(fixture.new Client(10));
        RouterFixture.Client little = fixture.new Client(10);
        for (int i = 0; i < 12; i++) {
            assertThat(fixture.router.subscribe(subscriber(little, "robot/arm/left/" + i)))
                    .isTrue();
        }
        assertThat(fill(little)).hasSizeLessThan(5);
        assertThat(fixture.router.subscribe(new RecordingSubscriber(filter(1)))).isTrue();
    }

    @Test
    void whatComesAndGoesLeavesNothingCounted() {
        RouterFixture.Client client = fixture.new Client(10);
        int most = fill(client).size();
        for (int round = 0; round < 3; round++) {
            List.copyOf(client.queue.subscriptions()).forEach(fixture.router::unsubscribe);
            assertThat(fill(client)).hasSize(most);
        }
    }
}
