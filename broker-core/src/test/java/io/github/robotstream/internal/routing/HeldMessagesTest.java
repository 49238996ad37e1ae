package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What subscriptions of a session hold back for their rates. */
class HeldMessagesTest {
    private static final long INTERVAL = 100;

    private final QueueBudget budget = new QueueBudget(10_000);
    private final HeldMessages<String> held = new HeldMessages<>(2, 1_000, budget);
    private final TopicState pose = Messages.topic("pose");
    private final TopicState map = Messages.topic("map");

    /** Whether it is held. */
    private boolean offer(String subscription, RoutedMessage message, long now) {
        boolean isHeld = !held.maySend(subscription, message.topic(), INTERVAL, now);
        if (isHeld) {
            held.hold(subscription, message);
        }
        return isHeld;
    }

    @Test
    void ofATopicTheNewestIsHeldUntilItIsDue() {
        RoutedMessage newest = Messages.ofSize(pose, 300);
        assertThat(offer("a", Messages.ofSize(pose, 100), 0)).isFalse();
        assertThat(offer("a", Messages.ofSize(pose, 200), 1)).isTrue();
        assertThat(offer("a", newest, 2)).isTrue();
        assertThat(held.bytes()).isEqualTo(300);
        assertThat(held.isDue("a", INTERVAL - 1)).isFalse();
        assertThat(held.isDue("a", INTERVAL)).isTrue();
        assertThat(held.takeNext("a", INTERVAL)).isSameAs(newest);
        assertThat(held.takeNext("a", INTERVAL)).isNull();
        assertThat(held.bytes()).isZero();
    }

    @Test
    void eachSubscriptionHasAPaceOfItsOwn() {
        offer("a", Messages.message(pose, 1), 0);
        assertThat(offer("b", Messages.message(pose, 1), 0)).isFalse();
        RoutedMessage ofB = Messages.message(pose, 2);
        assertThat(offer("b", ofB, 1)).isTrue();
        assertThat(held.of("a")).isZero();
        assertThat(held.take("b", map, 1)).isNull();
        assertThat(held.take("b", pose, 1)).isSameAs(ofB);
        assertThat(held.subscriptions()).containsExactly("a", "b");
    }

    @Test
    void moreBytesThanItMayHoldAreTooMuch() {
        offer("a", Messages.message(pose, 1), 0);
        offer("a", Messages.ofSize(pose, 1_000), 1);
        assertThat(held.isTooMuch("a")).isFalse();
        offer("a", Messages.ofSize(pose, 1_001), 2);
        assertThat(held.isTooMuch("a")).isTrue();
    }

    @Test
    void whatItHoldsIsInTheBudgetUntilItIsTaken() {
        offer("a", Messages.message(pose, 1), 0);
        offer("a", Messages.ofSize(pose, 1_000), 1);
        budget.add(5_000 - 999);
        assertThat(budget.isHalfFree()).isFalse();
        held.takeNext("a", 1);
        assertThat(budget.isHalfFree()).isTrue();
    }

    @Test
    void aSubscriptionThatEndsLeavesItsRoomToOthers() {
        offer("a", Messages.message(pose, 1), 0);
        offer("a", Messages.message(map, 1), 0);
        assertThat(offer("b", Messages.message(pose, 1), 0)).isFalse();
        assertThat(offer("b", Messages.message(pose, 2), 1))
                .as("without a pace")
                .isFalse();
        held.end("a");
        assertThat(held.subscriptions()).containsExactly("b");
        offer("b", Messages.message(pose, 3), 2);
        assertThat(offer("b", Messages.message(pose, 4), 3)).isTrue();
    }
}
