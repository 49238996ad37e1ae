package io.github.robotstream.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * A client must not get in. Its message goes to the client and to the log, so it should not say how the verifier is set; what
 * the robot's own people need to know beside it is its detail. Neither may quote the token.
 *
 * <pre>{@code
 * throw new TokenRejectedException(Reason.TOKEN_EXPIRED, "this badge is of last year", "it was made on 2025-01-07");
 * }</pre>
 */
public final class TokenRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why a client must not get in; the close reason begins with this word. */
    public enum Reason {
        /** The client sent no token. */
        TOKEN_MISSING,
        /** The token is not one that this broker accepts. */
        TOKEN_INVALID,
        /** The token was accepted once and its time is over: the client should get a new one. */
        TOKEN_EXPIRED;
    }

    /** Why. */
    private final Reason reason;

    /** For the log sink alone, or empty. */
    private final String detail;

    /**
     * A refusal of which the client is told all there is to tell.
     *
     * @param reason why
     * @param message what is wrong and how to mend it, for people; without any part of the token
     */
    public TokenRejectedException(Reason reason, String message) {
        this(reason, message, "");
    }

    /**
     * A refusal.
     *
     * @param reason why
     * @param message what the client is told, for people; without any part of the token
     * @param detail what the token should have been, for the log sink alone: neither the client nor {@code server_logs} gets it;
     *     without any part of the token but single claims whose signature is good
     */
    public TokenRejectedException(Reason reason, String message, String detail) {
        super(Objects.requireNonNull(message, "message"));
        this.reason = Objects.requireNonNull(reason, "reason");
        this.detail = Objects.requireNonNull(detail, "detail");
    }

    /** {@return why} */
    public Reason reason() {
        return reason;
    }

    /** {@return what the token should have been, for the log sink alone; empty if the message says it all} */
    public Optional<String> detail() {
        return detail.isEmpty() ? Optional.empty() : Optional.of(detail);
    }
}
