package io.github.robotstream;

import java.time.Duration;
import java.util.Objects;

/**
 * How old messages were at one point of their way, over the last minute or two: {@code session.readAges().p99()}. Half of them were no older
 * than {@code p50}, all but a hundredth no older than {@code p99}; both are rounded up, by less than a half. Zero where there were none.
 *
 * <pre>{@code
 * AgeSummary ages = broker.stats().readAges();
 * if (ages.p99().compareTo(Duration.ofMillis(500)) > 0) {
 *     log.warn("one message in a hundred was {} ms old when its client had read it", ages.p99().toMillis());
 * }
 * }</pre>
 *
 * @param samples how many it is known of
 */
public record AgeSummary(long samples, Duration p50, Duration p99, Duration max) {
    /** Refuses null. */
    public AgeSummary {
        Objects.requireNonNull(p50, "p50");
        Objects.requireNonNull(p99, "p99");
        Objects.requireNonNull(max, "max");
    }
}
