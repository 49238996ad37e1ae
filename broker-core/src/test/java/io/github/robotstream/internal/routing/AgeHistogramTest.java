package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.AgeSummary;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeHistogramTest {
    private static final long MILLISECOND = Duration.ofMillis(1).toNanos();
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final AgeHistogram ages = new AgeHistogram();

    private AgeSummary summary(long now) {
        return AgeHistogram.summary(List.of(ages), now);
    }

    @Test
    void ofNothingItIsZero() {
        assertThat(summary(0)).isEqualTo(new AgeSummary(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, 0, 1, 65_535, 65_536, 98_304, 131_072, 1_000_000, 99_999_999, 7_654_321_000L})
    void anAgeIsRoundedUpByLessThanAHalf(long age) {
        ages.record(age, 200, 0);
        ages.record(1L << 52, 1, 0);

        assertThat(summary(0).p99().toNanos()).isBetween(age, Math.max(1 << 16, age / 2 * 3));
        assertThat(summary(0).max().toNanos()).isEqualTo(1L << 52);
    }

    /** Ages take turns, as the bucket that was counted in last is not looked up again. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 70_000, 1_000_000, 1_500_000, 250_000_000, 100_000_000_000L})
    void anAgeIsRoundedUpByLessThanAHalfWhateverWasCountedBefore(long first) {
        for (long age = 100_000; age < 100_000_000_000L; age += age / 7) {
            AgeHistogram each = new AgeHistogram();
            each.record(first, 1, 0);
            each.record(age, 5, 0);
            each.record(1L << 52, 1, 0);
            each.record(age, 5, 0);

            AgeSummary told = AgeHistogram.summary(List.of(each), 0);
            assertThat(told.p50().toNanos()).as("of %d ns", age).isBetween(age, age / 2 * 3);
        }
    }

    @Test
    void halfAreNoOlderThanTheMedianAndAllButAHundredthNoOlderThanP99() {
        for (int i = 1; i <= 1000; i++) {
            ages.record(i * MILLISECOND, 1, 0);
        }
        AgeSummary summary = summary(0);

        assertThat(summary.samples()).isEqualTo(1000);
        assertThat(summary.p50()).isBetween(Duration.ofMillis(500), Duration.ofMillis(750));
        assertThat(summary.p99()).isBetween(Duration.ofMillis(990), Duration.ofSeconds(1));
        assertThat(summary.max()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatIsOlderThanTwoMinutesIsForgotten() {
        ages.record(5 * MILLISECOND, 1, 0);
        ages.record(7 * MILLISECOND, 1, MINUTE);
        assertThat(summary(MINUTE).samples()).isEqualTo(2);
        assertThat(summary(2 * MINUTE).max()).isEqualTo(Duration.ofMillis(7));
        assertThat(summary(3 * MINUTE).samples()).isZero();

        ages.record(MILLISECOND, 1, 10 * MINUTE);
        assertThat(summary(10 * MINUTE).samples()).isEqualTo(1);
    }

    @Test
    void severalAreCountedTogether() {
        AgeHistogram other = new AgeHistogram();
        ages.record(MILLISECOND, 3, 0);
        other.record(9 * MILLISECOND, 2, 0);
        AgeSummary both = AgeHistogram.summary(List.of(ages, other), 0);

        assertThat(both.samples()).isEqualTo(5);
        assertThat(both.max()).isEqualTo(Duration.ofMillis(9));
    }

    @Test
    void agesThatComeInAnyOrderAreCounted() {
        for (long millis : new long[] {10, 1, 100, 10, 1}) {
            ages.record(millis * MILLISECOND, 1, 0);
        }
        AgeSummary told = AgeHistogram.summary(List.of(ages), 0);

        assertThat(told.samples()).isEqualTo(5);
        assertThat(told.p50()).isBetween(Duration.ofMillis(10), Duration.ofMillis(15));
        assertThat(told.p99()).isEqualTo(Duration.ofMillis(100));
    }
}
