package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Priority;
import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.settings.FrameStyle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which messages of a full queue give way. */
class EvictionTest {
    private static final DeliveryOptions RELIABLE = new DeliveryOptions(
            DeliveryOptions.Policy.RELIABLE, 4, OverflowPolicy.DROP_OLDEST, 0, 0, 0, false, false, false);

    private final DeliveryQueue queue = Queues.of(FrameStyle.ENVELOPE, 10, 1_000, new Counters());
    private final RemoteSubscriber one = Queues.subscriber("one", queue);
    private final RemoteSubscriber other = Queues.subscriber("other", queue);
    private final List<RemoteSubscriber> both = List.of(one, other);

    private static Share share(RemoteSubscriber subscriber, Priority priority, int messages, int bytes) {
        Share share = subscriber.share(priority);
        share.count(messages, bytes);
        return share;
    }

    @Test
    void theSubscriptionWithMostBytesGivesWay() {
        share(one, Priority.NORMAL, 9, 90);
        Share most = share(other, Priority.NORMAL, 2, 100);
        assertThat(Eviction.first(both, Priority.NORMAL)).isSameAs(most);
    }

    @Test
    void theLowestPriorityGivesWayThoughOthersHaveMoreBytes() {
        share(one, Priority.NORMAL, 9, 900);
        Share low = share(other, Priority.LOW, 1, 10);
        assertThat(Eviction.first(both, Priority.HIGH)).isSameAs(low);
        share(other, Priority.NORMAL, 9, 900);
        assertThat(Eviction.firstOf(other, Priority.HIGH)).isSameAs(low);
    }

    @Test
    void noHigherPriorityGivesWayToALowerOne() {
        share(one, Priority.HIGH, 9, 900);
        Share normal = share(one, Priority.NORMAL, 1, 10);
        assertThat(Eviction.first(both, Priority.LOW)).isNull();
        assertThat(Eviction.firstOf(one, Priority.LOW)).isNull();
        assertThat(Eviction.first(both, Priority.NORMAL)).isSameAs(normal);
    }

    @Test
    void theOnlyMessageOfASubscriptionGivesWayLast() {
        Share only = share(one, Priority.NORMAL, 1, 900);
        Share several = share(other, Priority.NORMAL, 2, 20);
        assertThat(Eviction.first(both, Priority.NORMAL)).isSameAs(several);
        several.count(-2, -20);
        assertThat(Eviction.first(both, Priority.NORMAL)).isSameAs(only);
    }

    @Test
    void aSubscriptionThatIsToLoseNothingGivesNoWayToOthers() {
        one.options(RELIABLE, 10);
        share(one, Priority.NORMAL, 9, 900);
        assertThat(Eviction.first(both, Priority.NORMAL)).isNull();
    }
}
