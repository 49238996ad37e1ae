package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What topics know of those who are subscribed to them. */
class MatchCacheTest {
    private static final int MOST = 100;

    private final RouterFixture fixture = new RouterFixture(1_000, 1 << 20);
    private final SubscriptionTable subscriptions = new SubscriptionTable();
    private final MatchCache matches = new MatchCache(subscriptions, MOST);

    private RecordingSubscriber add(String filter) {
        RecordingSubscriber subscriber = new RecordingSubscriber(filter);
        subscriptions.add(subscriber);
        return subscriber;
    }

    private int kept() {
        return fixture.topics.all().stream()
                .mapToInt(topic -> topic.match.length)
                .sum();
    }

    @Test
    void theyAreLookedUpOnceUntilASubscriptionChanges() {
        add("#");
        TopicState topic = fixture.topic("pose");
        Subscriber[] first = matches.of(topic);

        assertThat(matches.of(topic)).isSameAs(first);
        RecordingSubscriber second = add("pose");
        assertThat(matches.of(topic)).hasSize(2).contains(second);
        subscriptions.remove(second);
        assertThat(matches.of(topic)).hasSize(1).doesNotContain(second);
    }

    @Test
    void whatTopicsKeepIsBoundedHoweverManyTheyAre() {
        for (int i = 0; i < 30; i++) {
            add("#");
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(matches.of(fixture.topic("t" + i))).hasSize(30);
            assertThat(kept()).isLessThanOrEqualTo(MOST);
        }
    }

    @Test
    void moreThanTheBoundForOneTopicIsKeptForThatOneAlone() {
        for (int i = 0; i < 2 * MOST; i++) {
            add("#");
        }
        Subscriber[] all = matches.of(fixture.topic("a"));
        assertThat(all).hasSize(2 * MOST);
        assertThat(matches.of(fixture.topic("a"))).isSameAs(all);

        matches.of(fixture.topic("b"));
        assertThat(kept()).isEqualTo(2 * MOST);
    }

    @Test
    void whatIsLookedUpAgainTakesThePlaceOfWhatWasKept() {
        for (int i = 0; i < 30; i++) {
            add("#");
        }
        for (int i = 0; i < 20; i++) {
            subscriptions.remove(add("another"));
            Subscriber[] a = matches.of(fixture.topic("a"));
            matches.of(fixture.topic("b"));
            assertThat(matches.of(fixture.topic("a"))).isSameAs(a);
            if (i % 5 == 4) {
                fixture.topics.all().forEach(matches::forgetFormer);
            }
        }
    }

    @Test
    void formerSubscribersAreForgottenThoughTheirTopicIsNeverUsedAgain() {
        RecordingSubscriber former = add("#");
        TopicState declared = fixture.state("declared");
        matches.of(declared);
        subscriptions.remove(former);

        fixture.topics.all().forEach(matches::forgetFormer);

        assertThat(declared.match).isEmpty();
    }

    @Test
    void theRoutersChoresForgetThem() {
        RecordingSubscriber former = fixture.subscribe("#");
        fixture.publish(fixture.state("declared"), 1);
        fixture.router.unsubscribe(former);

        fixture.sweep(Duration.ofDays(1));

        assertThat(fixture.state("declared").match).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverChangesTheyAreThoseOfTheTable(long seed) {
        Random random = new Random(seed);
        List<RecordingSubscriber> present = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String topic = "t" + random.nextInt(40);
            switch (random.nextInt(10)) {
                case 0 -> present.add(add(random.nextBoolean() ? "#" : topic));
                case 1, 2 -> {
                    if (!present.isEmpty()) {
                        subscriptions.remove(present.remove(random.nextInt(present.size())));
                    }
                }
                case 3 -> fixture.topics.all().forEach(matches::forgetFormer);
                default ->
                    assertThat(matches.of(fixture.topic(topic)))
                            .as("seed " + seed)
                            .containsExactly(subscriptions.matching(topic));
            }
            assertThat(kept()).isLessThanOrEqualTo(Math.max(MOST, present.size()));
        }
    }
}
