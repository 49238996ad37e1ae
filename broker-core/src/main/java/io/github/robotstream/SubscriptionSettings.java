package io.github.robotstream;

import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.routing.DeliveryOptions;
import io.github.robotstream.internal.routing.DeliveryOptions.Policy;
import java.time.Duration;

/**
 * Sets how a subscription of robot code is served. Not safe for use by several threads.
 *
 * <p>What waits for a listener waits in order. A value of a state topic that has waited for longer than {@link Limits#thinAfter}, 2 seconds
 * unless set, and was followed by a newer one is dropped, so that a slow listener hears nothing much older than that; the newest value of
 * a topic is always heard. {@link #keepAll}, {@link #latest} and {@link #maxAge} say otherwise. What is dropped is counted
 * ({@link Subscription#dropped()}, {@link BrokerStats}) and told on {@code server_logs}.
 *
 * <pre>{@code
 * broker.subscribe(BATTERY, volts -> display.show(volts + " V"), listener -> listener.latest().rateHz(5).retained());
 * }</pre>
 */
public final class SubscriptionSettings {
    private static final Duration SHORTEST_AGE = Duration.ofMillis(1);
    private static final Duration LONGEST_AGE = Duration.ofDays(1);

    boolean retained;
    private int queueLimit = 1024;
    private OverflowPolicy overflow = OverflowPolicy.DROP_OLDEST;
    private boolean latest;
    private boolean keepAll;
    private double rateHz; // 0 for no limit
    private Duration maxAge = Duration.ZERO; // for no limit

    SubscriptionSettings() {}

    /**
     * Begins with the last value of each state topic, if there is one. Without this, only what is published from now on
     * is heard. Command topics have no last value.
     */
    public SubscriptionSettings retained() {
        retained = true;
        return this;
    }

    /**
     * How many messages may wait for the listener or poller, 1 to 1,000,000; 1,024 unless set. Their bytes are bounded too, by
     * {@link Limits#queuedBytesPerSession}.
     */
    public SubscriptionSettings queueLimit(int messages) {
        queueLimit = (int) Range.check("queueLimit", messages, 1, 1_000_000);
        return this;
    }

    /** The full queue loses the new message, so that what waits is an unbroken beginning. Unless set it loses the oldest, and stays fresh. */
    public SubscriptionSettings dropNewest() {
        overflow = OverflowPolicy.DROP_NEWEST;
        return this;
    }

    /**
     * Of each topic only the newest message waits for the listener, in the place of the one that waited before. What was replaced counts as
     * skipped, or, once the place has waited for longer than {@link Limits#thinAfter}, as lost. In place of {@link #keepAll}.
     */
    public SubscriptionSettings latest() {
        latest = true;
        keepAll = false;
        return this;
    }

    /** What waits for the listener is heard however old it is, as far as the queue has room: for a recorder, say. In place of {@link #latest}. */
    public SubscriptionSettings keepAll() {
        keepAll = true;
        latest = false;
        return this;
    }

    /**
     * The listener hears so many messages of each topic a second at the most, 0.01 to 10,000: its calls with messages of a topic begin 1/rate
     * seconds apart, or up to a tenth less after a call that came late. Of each topic the newest message waits for that, in the place of the one that
     * waited before, so the last value is always heard; a listener that stood still hears that alone of all that came. This also holds with
     * {@link #keepAll}. What was replaced counts as skipped, or, once the listener could have been called with it for longer than
     * {@link Limits#thinAfter}, as lost. At most as many are held back as may wait, and beyond that some are heard earlier.
     */
    public SubscriptionSettings rateHz(double messages) {
        rateHz = Range.checkRate("rateHz", messages);
        return this;
    }

    /**
     * What is older when the listener could be called is dropped, 1 millisecond to a day, also of command topics; the age is that of
     * {@link Input#latestOr}. Last values that {@link #retained} asks for are heard however old they are.
     */
    public SubscriptionSettings maxAge(Duration age) {
        maxAge = Range.check("maxAge", age, SHORTEST_AGE, LONGEST_AGE);
        return this;
    }

    /** What they mean for a listener. */
    DeliveryOptions ofListener(Duration thinAfter) {
        return new DeliveryOptions(
                latest ? Policy.LATEST : Policy.QUEUE,
                queueLimit,
                overflow,
                rateHz > 0 ? (long) (1e9 / rateHz) : 0,
                maxAge.toNanos(),
                keepAll ? 0 : thinAfter.toNanos(),
                false,
                false,
                false);
    }

    /** What they mean for a loop that polls. */
    DeliveryOptions ofInput() {
        refuse(latest, "latest()", "latestOr(...) gives the newest value");
        refuse(rateHz > 0, "rateHz(...)", "the loop has a rate of its own");
        refuse(!maxAge.isZero(), "maxAge(...)", "latestOr(...) takes an age");
        return new DeliveryOptions(Policy.QUEUE, queueLimit, overflow, 0, 0, 0, false, false, false);
    }

    private static void refuse(boolean isSet, String setting, String instead) {
        if (isSet) {
            throw new IllegalArgumentException(setting + " is for listeners, and this is an input: " + instead);
        }
    }
}
