package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.Auth;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A newer token of a session's client. It gets one verdict, from whoever comes to one first; what comes later does nothing. Any
 * thread.
 */
final class NewerToken {
    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private final Auth request;
    private final AccessRequest access;
    private final ClientPrincipal present;
    private final Consumer<Incoming> onVerdict;
    private final AtomicBoolean judged = new AtomicBoolean();

    NewerToken(Auth request, AccessRequest access, ClientPrincipal present, Consumer<Incoming> onVerdict) {
        this.request = request;
        this.access = access;
        this.present = present;
        this.onVerdict = onVerdict;
    }

    /** What the verifier is asked. */
    AccessRequest access() {
        return access;
    }

    /** The verifier takes the token. It has to be of the same subject: frames and logs name the session by it. */
    void accept(ClientPrincipal principal, SessionContext context) {
        if (!principal.name().equals(present.name())) {
            refuse(ErrorCode.FORBIDDEN, "the token is of another subject than the session: connect with it anew");
        } else if (principal
                .expiresAt()
                .filter(end -> !context.clock().now().isBefore(end))
                .isPresent()) {
            refuse(ErrorCode.TOKEN_EXPIRED, "get a new token");
        } else if (context.denied().covers(principal)) {
            refuse(ErrorCode.FORBIDDEN, DenyList.REASON);
        } else if (judge()) {
            onVerdict.accept(new Incoming.Renewed(request.id(), principal));
        }
    }

    /** The verifier does not. */
    void refuse(TokenRejectedException.Reason reason, String message, Optional<String> detail) {
        boolean expired = reason == TokenRejectedException.Reason.TOKEN_EXPIRED;
        ErrorCode code = expired ? ErrorCode.TOKEN_EXPIRED : ErrorCode.UNAUTHORIZED;
        refuse(RequestError.answering(request, code, message), detail);
    }

    /** The verifier does not, once too often for where the client is. */
    void refuseForNow(String message, int waitMillis) {
        refuse(RequestError.answering(request, ErrorCode.RATE_LIMITED, message)
                .withRetryAfter(Duration.ofMillis(waitMillis)));
    }

    private void refuse(ErrorCode code, String message) {
        refuse(RequestError.answering(request, code, message));
    }

    /** False if it had its verdict already. */
    private boolean refuse(RequestError error) {
        return refuse(error, Optional.empty());
    }

    private boolean refuse(RequestError error, Optional<String> detail) {
        boolean first = judge();
        if (first) {
            onVerdict.accept(new Incoming.NotRenewed(error, detail));
        }
        return first;
    }

    /**
     * The token cannot be judged now.
     *
     * @return false if it had its verdict already
     */
    boolean putOff() {
        return refuse(RequestError.answering(request, ErrorCode.OVERLOADED, "tokens cannot be judged now: try again")
                .withRetryAfter(COME_BACK));
    }

    private boolean judge() {
        return judged.compareAndSet(false, true);
    }
}
