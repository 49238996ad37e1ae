package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The member {@code options} of a subscribe; in an ack, what is in effect. What was not said is empty.
 *
 * @param minLevel one of {@link #LEVELS}
 * @param queue how many messages of the subscription may wait, from 1
 * @param rateHz messages of each topic a second, from {@link #LEAST_RATE} to {@link #MOST_RATE}
 * @param maxAgeMs from 1
 */
public record SubscribeOptions(
        Optional<Boolean> retained,
        Optional<String> minLevel,
        Optional<Policy> policy,
        Optional<Long> queue,
        Optional<OverflowPolicy> overflow,
        Optional<Double> rateHz,
        Optional<Long> maxAgeMs,
        Optional<Boolean> meta,
        Optional<Boolean> binary) {
    public static final SubscribeOptions NONE = new SubscribeOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The levels of {@code server_logs}, the least grave first. */
    public static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

    public static final double LEAST_RATE = 0.01;
    public static final double MOST_RATE = 10_000;

    /** What becomes of messages that a client does not take at once. */
    public enum Policy {
        /** They wait in order, as many as have room. */
        QUEUE,
        /** Of each topic the newest one waits. */
        LATEST,
        /** They wait in order, and one that has no room ends the session. */
        RELIABLE
    }

    /** Whether nothing is said of when and in which form messages are sent. */
    public boolean leavesDeliveryUsual() {
        return policy.isEmpty()
                && queue.isEmpty()
                && overflow.isEmpty()
                && rateHz.isEmpty()
                && maxAgeMs.isEmpty()
                && meta.isEmpty()
                && binary.isEmpty();
    }

    static SubscribeOptions read(RequestDecoder fields) throws RequestRejectedException {
        int options = fields.object("options");
        if (options == JsonScan.ABSENT) {
            return NONE;
        }
        SubscribeOptions read = new SubscribeOptions(
                fields.flag(options, "retained"),
                fields.text(options, "min_level"),
                fields.choice(options, "policy", Policy.class),
                fields.integer(options, "queue", 1, Integer.MAX_VALUE),
                fields.choice(options, "overflow", OverflowPolicy.class),
                fields.number(options, "rate_hz", LEAST_RATE, MOST_RATE),
                fields.integer(options, "max_age_ms", 1, Integer.MAX_VALUE),
                fields.flag(options, "meta"),
                fields.flag(options, "binary"));
        read.check(fields);
        return read;
    }

    private void check(RequestDecoder fields) throws RequestRejectedException {
        if (minLevel.isPresent() && !LEVELS.contains(minLevel.get())) {
            throw fields.badRequest("\"min_level\" is \"" + JsonErrors.excerpt(minLevel.get())
                    + "\"; it has to be one of " + String.join(", ", LEVELS));
        }
        Policy chosen = policy.orElse(Policy.QUEUE);
        if (chosen != Policy.QUEUE && (queue.isPresent() || overflow.isPresent())) {
            throw fields.badRequest(
                    "\"queue\" and \"overflow\" say how the policy \"queue\" works, and the policy is \"" + word(chosen)
                            + "\": leave them out, or take that policy");
        }
        if (chosen == Policy.RELIABLE && (rateHz.isPresent() || maxAgeMs.isPresent())) {
            throw fields.badRequest(
                    "\"rate_hz\" and \"max_age_ms\" leave messages out, and the policy \"reliable\" leaves"
                            + " none out: take another policy");
        }
    }

    static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /** Writes them as an object; what is not said is absent. */
    void writeTo(JsonWriter out) {
        out.beginObject();
        retained.ifPresent(wanted -> out.key("retained").bool(wanted));
        minLevel.ifPresent(level -> out.key("min_level").string(level));
        policy.ifPresent(choice -> out.key("policy").string(word(choice)));
        queue.ifPresent(length -> out.key("queue").number(length));
        overflow.ifPresent(choice -> out.key("overflow").string(word(choice)));
        rateHz.ifPresent(rate -> out.key("rate_hz").number(rate));
        maxAgeMs.ifPresent(age -> out.key("max_age_ms").number(age));
        meta.ifPresent(wanted -> out.key("meta").bool(wanted));
        binary.ifPresent(wanted -> out.key("binary").bool(wanted));
        out.endObject();
    }
}
