package io.github.robotstream.client;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a subscription asks for ({@code docs/protocol.md}, Options). Each method gives new options:
 *
 * <pre>{@code
 * robot.subscribe(POSE, SubscribeOptions.none().latest().rateHz(10));
 * }</pre>
 */
public final class SubscribeOptions {
    /** What becomes of messages that wait. */
    enum Policy {
        QUEUE,
        LATEST,
        RELIABLE
    }

    private static final SubscribeOptions NONE = new SubscribeOptions(
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());

    private final Optional<Policy> policy;
    private final Optional<Integer> queue;
    private final boolean keepOldest;
    private final Optional<Double> rateHz;
    private final Optional<Duration> maxAge;
    private final Optional<Boolean> retained;
    private final Optional<Boolean> resume;
    private final Map<String, Position> since;

    private SubscribeOptions(
            Optional<Policy> policy,
            Optional<Integer> queue,
            boolean keepOldest,
            Optional<Double> rateHz,
            Optional<Duration> maxAge,
            Optional<Boolean> retained,
            Optional<Boolean> resume,
            Map<String, Position> since) {
        this.policy = policy;
        this.queue = queue;
        this.keepOldest = keepOldest;
        this.rateHz = rateHz;
        this.maxAge = maxAge;
        this.retained = retained;
        this.resume = resume;
        this.since = since;
    }

    /** {@return in order; of values older than two seconds those that were followed are lost, of bytes the newest alone waits} */
    public static SubscribeOptions none() {
        return NONE;
    }

    /** {@return of each topic the newest message} */
    public SubscribeOptions latest() {
        return new SubscribeOptions(
                Optional.of(Policy.LATEST), Optional.empty(), false, rateHz, maxAge, retained, resume, since);
    }

    /** {@return in order, nothing lost that the robot keeps; while the buffer here is full the subscription pauses} */
    public SubscribeOptions reliable() {
        return new SubscribeOptions(
                Optional.of(Policy.RELIABLE), Optional.empty(), false, rateHz, maxAge, retained, resume, since);
    }

    /** {@return in order, whatever the age, at most so many on either side; beyond that the oldest is lost} */
    public SubscribeOptions queue(int messages) {
        return queue(messages, false);
    }

    /** {@return the same; beyond that the new message is lost} */
    public SubscribeOptions queueOfOldest(int messages) {
        return queue(messages, true);
    }

    private SubscribeOptions queue(int messages, boolean oldest) {
        if (messages < 1) {
            throw new IllegalArgumentException("queue of " + messages + " messages: it has to be 1 or more");
        }
        return new SubscribeOptions(
                Optional.of(Policy.QUEUE), Optional.of(messages), oldest, rateHz, maxAge, retained, resume, since);
    }

    /** {@return so many messages of each topic a second at the most} */
    public SubscribeOptions rateHz(double value) {
        return new SubscribeOptions(policy, queue, keepOldest, Optional.of(value), maxAge, retained, resume, since);
    }

    /** {@return nothing that is older, but for what was published before the subscription} */
    public SubscribeOptions maxAge(Duration value) {
        return new SubscribeOptions(policy, queue, keepOldest, rateHz, Optional.of(value), retained, resume, since);
    }

    /** {@return whether last values are wanted first} */
    public SubscribeOptions retained(boolean value) {
        return new SubscribeOptions(policy, queue, keepOldest, rateHz, maxAge, Optional.of(value), resume, since);
    }

    /**
     * {@return whether it goes on after an absence where it was, with what the robot has kept} Unless said: yes, but not with
     * {@code latest}, {@code rateHz} or {@code maxAge}, which are about what is new.
     */
    public SubscribeOptions resume(boolean value) {
        return new SubscribeOptions(policy, queue, keepOldest, rateHz, maxAge, retained, Optional.of(value), since);
    }

    /** {@return what came after these positions first, each by the name of its topic} */
    public SubscribeOptions since(Map<String, Position> positions) {
        return new SubscribeOptions(
                policy, queue, keepOldest, rateHz, maxAge, retained, Optional.of(true), Map.copyOf(positions));
    }

    Optional<Policy> policy() {
        return policy;
    }

    boolean is(Policy wanted) {
        return policy.filter(wanted::equals).isPresent();
    }

    Optional<Integer> queue() {
        return queue;
    }

    boolean keepsOldest() {
        return keepOldest;
    }

    Optional<Duration> maxAge() {
        return maxAge;
    }

    Map<String, Position> since() {
        return since;
    }

    boolean resumes() {
        return resume.orElse(!is(Policy.LATEST) && rateHz.isEmpty() && maxAge.isEmpty());
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("meta", true);
        json.addProperty("binary", true);
        policy.ifPresent(value -> json.addProperty("policy", value.name().toLowerCase(Locale.ROOT)));
        queue.ifPresent(value -> json.addProperty("queue", value));
        if (keepOldest) {
            json.addProperty("overflow", "drop_newest");
        }
        rateHz.ifPresent(value -> json.addProperty("rate_hz", value));
        maxAge.ifPresent(value -> json.addProperty("max_age_ms", Math.max(1, value.toMillis())));
        retained.ifPresent(value -> json.addProperty("retained", value));
        return json;
    }
}
