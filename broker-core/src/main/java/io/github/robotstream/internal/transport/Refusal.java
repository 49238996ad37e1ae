package io.github.robotstream.internal.transport;

/**
 * Why a client is refused, both as the status of an HTTP answer and as the close code of a WebSocket that is closed at once.
 * {@code RefusalStyle} decides which is used.
 *
 * @param httpStatus the status of the HTTP answer, 400 to 599
 * @param closeCode the close code, one that may be sent (RFC 6455 section 7.4)
 * @param reason goes to the client, so it holds no secret; begins with a code word; more than 123 bytes of UTF-8 are cut at the border of
 *     a character in a close frame (RFC 6455 section 5.5)
 * @param retryAfterMillis when to come back, for the statuses 429 and 503; sent in whole seconds, at least one
 */
public record Refusal(int httpStatus, int closeCode, String reason, int retryAfterMillis) {

    /** One address has as many connections as it may. */
    public static final Refusal TOO_MANY_OF_ONE = new Refusal(
            429, CloseCode.TOO_MANY, "rate_limited retry_after_ms=4000: too many connections from this address", 4000);

    /** One address opens connections faster than it may. */
    public static Refusal tooFastOfOne(int retryAfterMillis) {
        return new Refusal(
                429,
                CloseCode.TOO_MANY,
                "rate_limited retry_after_ms=" + retryAfterMillis + ": too many new connections from this address",
                retryAfterMillis);
    }

    public Refusal {
        if (httpStatus < 400 || httpStatus > 599) {
            throw new IllegalArgumentException("httpStatus is " + httpStatus + ": a refusal has one of 400 to 599");
        }
        CloseCode.requireSendable(closeCode);
    }

    /** {@return the code word that the reason begins with} */
    public String word() {
        return reason.split("[ :]", 2)[0];
    }

    /** A refusal without a time to come back. */
    public Refusal(int httpStatus, int closeCode, String reason) {
        this(httpStatus, closeCode, reason, 0);
    }

    /** The broker is overloaded or full: the client comes back later. */
    public static Refusal overloaded(int retryAfterMillis) {
        return new Refusal(
                503, CloseCode.OVERLOADED, "overloaded retry_after_ms=" + retryAfterMillis, retryAfterMillis);
    }
}
