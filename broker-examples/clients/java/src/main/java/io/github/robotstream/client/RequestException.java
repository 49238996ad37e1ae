package io.github.robotstream.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The broker has refused a request ({@code docs/protocol.md}, Errors), or has not answered it. */
public final class RequestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retry;
    private final long retryAfterMillis;

    RequestException(String code, String message, boolean retry, long retryAfterMillis) {
        super(code + ": " + message);
        this.code = code;
        this.retry = retry;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** {@return what is wrong, a word for programs such as {@code forbidden}; {@code no_reply} if nothing came in 10 s} */
    public String code() {
        return code;
    }

    /** {@return whether the same request can succeed later} */
    public boolean retry() {
        return retry;
    }

    /** {@return how long to wait before, if the broker knows} */
    public Optional<Duration> retryAfter() {
        return retryAfterMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retryAfterMillis));
    }
}
