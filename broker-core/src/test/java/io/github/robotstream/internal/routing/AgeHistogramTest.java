package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.AgeSummary;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeHistogramTest {
    private static final long LONGEST = Duration.ofDays(30).toNanos();

    private final AgeHistogram ages = new AgeHistogram();

    /** Ages take turns, as the bucket that was counted in last is not looked up again. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 70_000, 1_000_000, 1_500_000, 250_000_000, 100_000_000_000L})
    void anAgeIsToldToWithinAHalfWhateverWasCountedBefore(long first) {
        for (long age = 100_000; age < 100_000_000_000L; age += age / 7) {
            AgeHistogram each = new AgeHistogram();
            each.record(first, 1, 0);
            each.record(age, 5, 0);
            each.record(LONGEST, 1, 0);
            each.record(age, 5, 0);

            assertThat(median(each)).as("of %d ns", age).isBetween(age, age + age / 2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-5_000_000, 0, 65_535})
    void whatIsTooYoungToMeasureIsToldAsTheLeast(long age) {
        ages.record(age, 10, 0);
        ages.record(LONGEST, 1, 0);

        assertThat(median(ages)).isEqualTo(65_536);
    }

    private static long median(AgeHistogram histogram) {
        AgeSummary summary = AgeHistogram.summary(List.of(histogram), 0);
        return summary.p50().toNanos();
    }
}
