package io.github.robotstream.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The broker has refused a request ({@code docs/protocol.md}, Errors), or has not answered it.
 *
 * <pre>{@code
 * robot.publish(CMD_VEL, new Twist(0.5, 0)).exceptionally(failed -> {
 *     if (failed instanceof RequestException refused && refused.code().equals("lease_held")) {
 *         log.info("{} drives", refused.holder().orElse("somebody"));
 *     }
 *     return null;
 * });
 * }</pre>
 */
public final class RequestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retry;
    private final long retryAfterMillis;
    private final String holder;

    RequestException(String code, String message, boolean retry, long retryAfterMillis) {
        this(code, message, retry, retryAfterMillis, "");
    }

    RequestException(String code, String message, boolean retry, long retryAfterMillis, String holder) {
        super(code + ": " + message);
        this.code = code;
        this.retry = retry;
        this.retryAfterMillis = retryAfterMillis;
        this.holder = holder;
    }

    /** {@return what is wrong, a word for programs such as {@code forbidden}; {@code no_reply} if nothing came in 10 s, to a call 10 s after its own time} */
    public String code() {
        return code;
    }

    /** {@return whether the same request can succeed later} */
    public boolean retry() {
        return retry;
    }

    /** {@return with {@code lease_held}, who has the lease} */
    public Optional<String> holder() {
        return Optional.of(holder).filter(name -> !name.isEmpty());
    }

    /** {@return how long to wait before, if the broker knows} */
    public Optional<Duration> retryAfter() {
        return retryAfterMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retryAfterMillis));
    }
}
