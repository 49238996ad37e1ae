package io.github.robotstream.internal.foxglove;

import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;

/** What is wrong with a client's message. */
final class Rejections {
    private Rejections() {}

    static RequestRejectedException badRequest(String message) {
        return of(ErrorCode.BAD_REQUEST, message);
    }

    static RequestRejectedException of(ErrorCode code, String message) {
        return new RequestRejectedException(RequestError.unasked(code, message));
    }
}
