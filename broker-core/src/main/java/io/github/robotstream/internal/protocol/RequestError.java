package io.github.robotstream.internal.protocol;

import java.time.Duration;
import java.util.Optional;

/**
 * What an error frame says. Immutable.
 *
 * @param message for people: what, and what to do about it; nothing secret, at most a short excerpt of what the client
 *     sent
 * @param id the id of the request, where it could be read
 * @param request the action of the request, where it is a known one
 * @param topic the topic or filter of the request, where it is a valid one
 * @param retryAfter how long to wait before the same request can succeed, where that is known
 */
public record RequestError(
        ErrorCode code,
        String message,
        Optional<RequestId> id,
        Optional<Action> request,
        Optional<String> topic,
        Optional<Duration> retryAfter) {

    /** An error that answers a request that was read. */
    public static RequestError answering(Request request, ErrorCode code, String message) {
        return new RequestError(
                code,
                message,
                request.id(),
                Optional.of(request.action()),
                request instanceof Request.OfTopic about ? Optional.of(about.topic()) : Optional.empty(),
                Optional.empty());
    }

    /** An error that answers no request. */
    public static RequestError unasked(ErrorCode code, String message) {
        return new RequestError(code, message, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same with the time to wait. */
    public RequestError withRetryAfter(Duration delay) {
        return new RequestError(code, message, id, request, topic, Optional.of(delay));
    }
}
