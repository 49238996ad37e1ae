package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.AgeSummary;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopicTallyTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long AGE = Duration.ofMillis(3).toNanos();

    private final AgePlaces places = new AgePlaces();
    private final TopicTally tally = new TopicTally(places);

    private void takeAllPlacesBut(int left) {
        for (int i = left; i < AgePlaces.MOST; i++) {
            assertThat(places.take()).isTrue();
        }
    }

    private static long samples(TopicTally tally, long now) {
        return tally.ages(now).samples();
    }

    @Test
    void agesAreThoseOfMessagesThatWereSent() {
        tally.sent(1, AGE, 0);
        tally.sent(2, AGE, 1);

        Duration age = Duration.ofNanos(AGE);
        assertThat(tally.ages(2)).isEqualTo(new AgeSummary(3, age, age, age));
    }

    @Test
    void moreTopicsThanThereArePlacesHaveNoAges() {
        takeAllPlacesBut(1);
        TopicTally late = new TopicTally(places);
        tally.sent(1, AGE, 0);
        late.sent(1, AGE, 0);

        assertThat(samples(tally, 1)).isEqualTo(1);
        assertThat(samples(late, 1)).isZero();
    }

    @Test
    void aTopicThatHasBeenSilentGivesItsPlaceToAnother() {
        takeAllPlacesBut(1);
        tally.sent(1, AGE, 0);
        tally.lookAtAges(MINUTE);
        TopicTally late = new TopicTally(places);
        late.sent(1, AGE, MINUTE);
        assertThat(samples(late, MINUTE)).as("it is known of the first one yet").isZero();

        tally.lookAtAges(2 * MINUTE);
        late.sent(1, AGE, 2 * MINUTE);
        assertThat(samples(late, 2 * MINUTE)).isEqualTo(1);
    }

    @Test
    void aTopicThatIsForgottenTakesNoPlaceAnyMore() {
        takeAllPlacesBut(1);
        tally.sent(1, AGE, 0);
        tally.end();
        tally.sent(1, AGE, 1);

        assertThat(samples(tally, 1)).isZero();
        assertThat(places.take()).isTrue();
        assertThat(places.take()).as("it was given once").isFalse();
    }
}
