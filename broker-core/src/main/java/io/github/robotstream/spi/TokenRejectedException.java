package io.github.robotstream.spi;

/**
 * A client must not get in. Its message goes to the client and to the log, so it must not quote the token.
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

    /**
     * A refusal.
     *
     * @param reason why
     * @param message what is wrong and how to mend it, for people; without any part of the token
     */
    public TokenRejectedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
