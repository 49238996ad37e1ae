package io.github.robotstream.simulation;

import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.SubscriptionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What a subscription of robot code asks for; 0 for what is not said, but for the queue. */
record ListenerOptions(
        boolean retained,
        int queueLimit,
        boolean dropsNewest,
        boolean latest,
        boolean keepsAll,
        int rateHz,
        int maxAgeMillis) {
    /** How long values that newer ones have followed may wait, unless options say otherwise. */
    static final long THIN_AFTER_NANOS = 2_000_000_000L;

    static ListenerOptions random(Random random) {
        int kind = random.nextInt(4);
        return new ListenerOptions(
                random.nextBoolean(),
                List.of(1, 4, 20, 1_024).get(random.nextInt(4)),
                random.nextInt(4) == 0,
                kind == 0,
                kind == 1,
                random.nextInt(4) == 0 ? List.of(1, 4, 20).get(random.nextInt(3)) : 0,
                random.nextInt(4) == 0 ? List.of(20, 300, 3_000).get(random.nextInt(3)) : 0);
    }

    /** Those of a loop that polls. */
    ListenerOptions ofInput() {
        return new ListenerOptions(retained, queueLimit, dropsNewest, false, true, 0, 0);
    }

    void putInto(SubscriptionSettings settings) {
        settings.queueLimit(queueLimit).overflow(dropsNewest ? OverflowPolicy.DROP_NEWEST : OverflowPolicy.DROP_OLDEST);
        if (retained) {
            settings.retained();
        }
        if (latest) {
            settings.latest();
        } else if (keepsAll) {
            settings.keepAll();
        }
        if (rateHz > 0) {
            settings.rateHz(rateHz);
        }
        if (maxAgeMillis > 0) {
            settings.maxAge(Duration.ofMillis(maxAgeMillis));
        }
    }

    /** Whether each message is either heard or counted as dropped. */
    boolean leavesNothingOut() {
        return !latest && rateHz == 0;
    }

    /** Whether something that has waited for so long may still be heard. */
    boolean isTooOld(long ageNanos, boolean isFollowed) {
        if (maxAgeMillis > 0) {
            return ageNanos > maxAgeMillis * 1_000_000L;
        }
        return isFollowed && !keepsAll && ageNanos > THIN_AFTER_NANOS;
    }
}
