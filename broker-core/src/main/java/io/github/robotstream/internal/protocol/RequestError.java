package io.github.robotstream.internal.protocol;

import java.time.Duration;
import java.util.Optional;

/**
 * What an error frame says, with what could be read of the request. The message is for people and holds nothing secret.
 *
 * @param oldest of a topic's messages, the number of the oldest that is kept, where one was asked for that is not
 * @param holder of a topic's lease, where somebody else holds it
 */
public record RequestError(
        ErrorCode code,
        String message,
        Optional<RequestId> id,
        Optional<Action> request,
        Optional<String> topic,
        Optional<Duration> retryAfter,
        Optional<Long> oldest,
        Optional<String> holder) {

    public static RequestError answering(Request request, ErrorCode code, String message) {
        return new RequestError(
                code,
                message,
                request.id(),
                Optional.of(request.action()),
                request instanceof Request.OfTopic about ? Optional.of(about.topic()) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** An error that answers a request of which no more is known. */
    public static RequestError ofRequest(RequestId id, Action action, ErrorCode code, String message) {
        return new RequestError(
                code,
                message,
                Optional.of(id),
                Optional.of(action),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public static RequestError unasked(ErrorCode code, String message) {
        return new RequestError(
                code,
                message,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public RequestError withRetryAfter(Duration delay) {
        return new RequestError(code, message, id, request, topic, Optional.of(delay), oldest, holder);
    }

    public RequestError withOldest(Optional<Long> sequence) {
        return new RequestError(code, message, id, request, topic, retryAfter, sequence, holder);
    }

    public RequestError withHolder(String name) {
        return new RequestError(code, message, id, request, topic, retryAfter, oldest, Optional.of(name));
    }
}
