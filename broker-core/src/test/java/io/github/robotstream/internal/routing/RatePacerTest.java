package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many topics' paces are kept, however many subscriptions a client makes. */
class RatePacerTest {
    private static final long LONG = 100_000_000_000L;

    private final RatePacer.Room room = new RatePacer.Room(3);
    private final RatePacer one = new RatePacer(room);
    private final RatePacer other = new RatePacer(room);

    @Test
    void thoseWhoShareARoomKeepNoMoreThanItHas() {
        TopicState[] topics = new TopicState[8];
        for (int i = 0; i < topics.length; i++) {
            topics[i] = Messages.topic("t" + i);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(one.maySend(topics[i], LONG, 0)).isTrue();
            assertThat(one.maySend(topics[i], LONG, 0)).isFalse();
            one.hold(Messages.message(topics[i], i));
        }
        for (int i = 3; i < topics.length; i++) {
            assertThat(other.maySend(topics[i], LONG, 0)).isTrue();
            assertThat(other.maySend(topics[i], LONG, 0))
                    .as("its pace is not kept")
                    .isTrue();
        }
        while (one.takeNext(0) != null) {}
        one.end();
        assertThat(other.maySend(topics[3], LONG, 0)).isTrue();
        assertThat(other.maySend(topics[3], LONG, 0)).as("there is room again").isFalse();
    }

    @Test
    void whatIsSentEarlyForWantOfRoomPutsTheNextOffByOneInterval() {
        TopicState topic = Messages.topic("t");
        assertThat(one.maySend(topic, LONG, 0)).isTrue();
        for (int i = 1; i <= 5; i++) {
            assertThat(one.maySend(topic, LONG, i)).isFalse();
            one.hold(Messages.message(topic, i));
            assertThat(one.takeNext(i)).isNotNull();
        }
        assertThat(one.maySend(topic, LONG, LONG + 5)).isTrue();
    }
}
