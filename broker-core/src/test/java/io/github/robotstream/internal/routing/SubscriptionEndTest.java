package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.protocol.OverflowPolicy;
import org.junit.jupiter.api.Test;

/** What becomes of the messages of a subscription that ends, and of those that come meanwhile. */
class SubscriptionEndTest {
    private static final DeliveryOptions LATEST = new DeliveryOptions(
            DeliveryOptions.Policy.LATEST, 64, OverflowPolicy.DROP_OLDEST, 0, 0, 0, false, false, false);

    private final RouterFixture fixture = new RouterFixture();
    private final RouterFixture.Client client = fixture.new Client(64);

    @Test
    void whatComesWhileItEndsTakesNoPlaceBeforeItsMessages() {
        RemoteSubscriber former = client.subscribe("a/#");
        fixture.publish("a/x", 1);
        client.receive();
        fixture.router.options(client.subscribe("a/+"), LATEST);
        fixture.router.replay(client.queue.subscriptions().get(1));
        fixture.publish("a/x", 2);
        SubscriptionEnd end = fixture.router.end(former);

        fixture.publish("a/x", 3);

        assertThat(end.goOn(client.queue.work())).isTrue();
        fixture.publish("a/x", 4);
        assertThat(client.receive()).containsExactly("a/x 1", "a/x 2", "a/x 3", "a/x 4");
    }
}
