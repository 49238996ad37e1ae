package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteProbesTest {
    private final RouteProbes probes = new RouteProbes();
    private long mark;
    private long seconds;

    private boolean isProbedAfter(long more) {
        seconds += more;
        probes.late(mark, TimeUnit.SECONDS.toNanos(seconds));
        return probes.areOut();
    }

    private void answer(boolean longer) {
        assertThat(probes.measures(mark++)).isFalse();
        assertThat(probes.measures(mark++)).isTrue();
        assertThat(probes.areOut()).isFalse();
        probes.measured(longer);
    }

    @Test
    void aClientThatFallsBehindIsProbedAtOnceAndThenHalfAsOftenEachTimeItWasForNothing() {
        assertThat(isProbedAfter(0)).isTrue();
        answer(false);
        assertThat(isProbedAfter(9)).isFalse();
        assertThat(isProbedAfter(1)).isTrue();
        answer(false);
        assertThat(isProbedAfter(19)).isFalse();
        assertThat(isProbedAfter(1)).isTrue();
        for (int i = 0; i < 5; i++) {
            answer(false);
            assertThat(isProbedAfter(80)).isTrue();
        }
    }

    @Test
    void oneWhoseWayHasBecomeLongerIsProbedAgainAfterTenSeconds() {
        assertThat(isProbedAfter(0)).isTrue();
        answer(false);
        assertThat(isProbedAfter(20)).isTrue();
        answer(true);
        assertThat(isProbedAfter(20)).isTrue(); // as said when that began
        answer(false);
        assertThat(isProbedAfter(10)).isTrue();
    }

    @Test
    void marksFromBeforeMeasureNothing() {
        mark = 5;
        assertThat(isProbedAfter(0)).isTrue();

        assertThat(probes.measures(3)).isFalse();
        assertThat(probes.measures(4)).isFalse();
        answer(false);
        assertThat(probes.measures(7)).isFalse();
    }

    @Test
    void oneThatFallsBehindAgainIsProbedAtOnce() {
        assertThat(isProbedAfter(0)).isTrue();
        answer(false);
        probes.keepsUp();

        assertThat(isProbedAfter(1)).isTrue();
    }
}
