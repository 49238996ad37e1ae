package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The least window is what the client reads in a moment; time is simulated. */
class LeastWindowTest {
    private final LeastWindow least = new LeastWindow();
    private long read;
    private long millis;

    @Test
    void isAsSmallAsItMayBeUntilItIsKnownHowMuchTheClientReads() {
        assertThat(least.bytes()).isEqualTo(LeastWindow.LEAST_BYTES);
    }

    @Test
    void isWhatTheClientReadsInAFifthOfASecond() {
        reads(20, 500, 1100);

        assertThat(least.bytes()).isBetween(4990L, 5010L);
    }

    @Test
    void isWhatItReadsInATenthOfASecondWhereWhatWaitsIsConflated() {
        least.conflated(true);
        reads(20, 500, 1100);

        assertThat(least.bytes()).isBetween(2490L, 2510L);
    }

    @Test
    void hasBounds() {
        reads(20, 100_000, 1100);
        assertThat(least.bytes()).isEqualTo(LeastWindow.MOST_BYTES);
        least.conflated(true);
        assertThat(least.bytes()).isEqualTo(LeastWindow.MOST_CONFLATED_BYTES);
        reads(20, 1, 5000);
        assertThat(least.bytes()).isEqualTo(LeastWindow.LEAST_BYTES);
    }

    @Test
    void isMeasuredFromBurstToBurstAsALibraryReadsAhead() {
        for (int burst = 0; burst < 4; burst++) {
            millis += 400;
            for (int pong = 0; pong < 5; pong++) {
                pong(400);
            }
        }

        assertThat(least.bytes()).as("2,000 bytes in 0.4 s").isBetween(999L, 1001L);
    }

    @Test
    void isMeasuredAsWellWherePongsComeWithoutAPause() {
        reads(2, 50, 2200);

        assertThat(least.bytes()).isBetween(4990L, 5010L);
    }

    @Test
    void remembersTheBestRateForAFewSeconds() {
        reads(20, 500, 1100);
        reads(20, 100, 1500);
        assertThat(least.bytes()).isBetween(4990L, 5010L);
        reads(20, 100, 3000);
        assertThat(least.bytes()).isBetween(990L, 1010L);
    }

    @Test
    void aGapInTheWayMakesNoClientSlow() {
        least.late(5, 7, now());
        least.late(6, 7, now());
        assertThat(least.isSlow()).isFalse();
        least.late(7, 9, now());
        assertThat(least.isSlow()).isTrue();
        reads(20, 500, 2900);
        assertThat(least.isSlow()).isTrue();
        reads(20, 500, 200);
        assertThat(least.isSlow()).isFalse();
    }

    /** A pong in each step, and that many bytes. */
    private void reads(int stepMillis, int bytes, int forMillis) {
        for (int passed = 0; passed < forMillis; passed += stepMillis) {
            millis += stepMillis;
            pong(bytes);
        }
    }

    private void pong(int bytes) {
        read += bytes;
        least.read(read, now());
    }

    private long now() {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
