package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many messages a second a topic has had lately. */
class TopicRateTest {
    private final TopicRate rate = new TopicRate();

    private static long seconds(long number) {
        return TimeUnit.SECONDS.toNanos(number);
    }

    private double at(long second, long sequence) {
        return rate.perSecond(sequence, seconds(second), 0);
    }

    @Test
    void beforeTheFirstLookItIsThatSinceTheTopicCannotHaveBeenThere() {
        assertThat(at(4, 80)).isEqualTo(20);
    }

    @Test
    void aTopicThatHasJustBegunHasNoRateOfAMillion() {
        assertThat(rate.perSecond(7, 1_000, 0)).isEqualTo(7);
    }

    @Test
    void itIsThatOfTheLastTwoLooksAtMost() {
        rate.look(1_000, seconds(10), 0);
        rate.look(2_000, seconds(20), seconds(10));
        assertThat(at(25, 2_100)).isEqualTo(1_100 / 15.0);
        rate.look(2_100, seconds(30), seconds(20));
        assertThat(at(40, 2_100)).isEqualTo(100 / 20.0);
        rate.look(2_100, seconds(40), seconds(30));
        assertThat(at(40, 2_100)).isZero();
    }

    @Test
    void rightAfterALookItDoesNotJump() {
        rate.look(200, seconds(10), 0);

        assertThat(at(10, 200)).isEqualTo(20);
    }

    @Test
    void aNumberingThatGoesOnWhereAStoreLeftItDoesNotCount() {
        rate.begin(1_000_000, seconds(3));

        assertThat(at(5, 1_000_010)).isEqualTo(5);
    }
}
