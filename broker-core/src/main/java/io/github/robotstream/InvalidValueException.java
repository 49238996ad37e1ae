package io.github.robotstream;

import java.util.Objects;

/**
 * Refuses a value of a client's, and tells the client why: thrown by a {@link TopicCodec} that reads it, or by the constructor of a record.
 *
 * <pre>{@code
 * record Twist(double linear, double angular) {
 *     Twist {
 *         if (Math.abs(linear) > 2) {
 *             throw new InvalidValueException("linear is beyond 2 m/s");
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>What else they throw is told to {@link BrokerListener#userCodeFailed}, and the client learns no more than the type that is due.
 */
public class InvalidValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A refusal without a stack trace, as bad values come at any rate.
     *
     * @param reason why, for whoever wrote the value; the first 200 characters are told, without control characters
     */
    public InvalidValueException(String reason) {
        super(Objects.requireNonNull(reason, "reason"), null, false, false);
    }
}
