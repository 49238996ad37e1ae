package io.github.robotstream.internal.access;

import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.spi.TokenRejectedException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a token is not taken: the message for the client, the detail for the robot's own people. 0 milliseconds: not to be tried
 * again.
 */
record AccessRefusal(Kind kind, String message, int retryAfterMillis, Optional<String> detail) {
    /** What it is called in both languages. At the handshake the reason begins with the name in lower case. */
    enum Kind {
        TOKEN_MISSING(401, CloseCode.UNAUTHORIZED, ErrorCode.UNAUTHORIZED),
        TOKEN_INVALID(401, CloseCode.UNAUTHORIZED, ErrorCode.UNAUTHORIZED),
        TOKEN_EXPIRED(401, CloseCode.UNAUTHORIZED, ErrorCode.TOKEN_EXPIRED),
        DENIED(403, CloseCode.FORBIDDEN, ErrorCode.FORBIDDEN),
        RATE_LIMITED(429, CloseCode.TOO_MANY, ErrorCode.RATE_LIMITED),
        OVERLOADED(503, CloseCode.OVERLOADED, ErrorCode.OVERLOADED);

        private final int httpStatus;
        private final int closeCode;
        private final ErrorCode errorCode;

        Kind(int httpStatus, int closeCode, ErrorCode errorCode) {
            this.httpStatus = httpStatus;
            this.closeCode = closeCode;
            this.errorCode = errorCode;
        }
    }

    static final AccessRefusal EXPIRED = plain(Kind.TOKEN_EXPIRED, "get a new token and come back");
    static final AccessRefusal DENIED = plain(Kind.DENIED, "the robot takes this token no more");
    static final AccessRefusal NO_METRICS = plain(Kind.DENIED, "metrics are for tokens that may subscribe to $stats");
    static final AccessRefusal OTHER_SUBJECT =
            plain(Kind.DENIED, "the token is of another subject than the session: connect with it anew");
    static final AccessRefusal NOT_NOW =
            new AccessRefusal(Kind.OVERLOADED, "tokens cannot be judged now", 2000, Optional.empty());
    static final AccessRefusal NO_ROOM =
            new AccessRefusal(Kind.OVERLOADED, "there are too many sessions", 4000, Optional.empty());

    private static AccessRefusal plain(Kind kind, String message) {
        return new AccessRefusal(kind, message, 0, Optional.empty());
    }

    /** The verifier does not take the token. */
    static AccessRefusal rejected(TokenRejectedException.Reason reason, String message, Optional<String> detail) {
        Kind kind = switch (reason) {
            case TOKEN_MISSING -> Kind.TOKEN_MISSING;
            case TOKEN_INVALID -> Kind.TOKEN_INVALID;
            case TOKEN_EXPIRED -> Kind.TOKEN_EXPIRED;
        };
        return new AccessRefusal(kind, message, 0, detail);
    }

    /** The verifier does not take the token, and has not taken too many from the client's address. */
    static AccessRefusal tooManyFailures(int waitMillis, Optional<String> detail) {
        return new AccessRefusal(Kind.RATE_LIMITED, "too many failed attempts from this address", waitMillis, detail);
    }

    Refusal atHandshake() {
        String wait = retryAfterMillis > 0 ? " retry_after_ms=" + retryAfterMillis : "";
        return new Refusal(
                kind.httpStatus,
                kind.closeCode,
                kind.name().toLowerCase(Locale.ROOT) + wait + ": " + message,
                retryAfterMillis);
    }

    RequestError answering(Auth request) {
        RequestError error = RequestError.answering(request, kind.errorCode, message);
        return retryAfterMillis > 0 ? error.withRetryAfter(Duration.ofMillis(retryAfterMillis)) : error;
    }
}
