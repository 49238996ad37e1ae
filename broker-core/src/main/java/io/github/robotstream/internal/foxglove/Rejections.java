package io.github.robotstream.internal.foxglove;

import io.github.robotstream.internal.protocol.Action;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;

/** What is wrong with a client's message. */
final class Rejections {
    private Rejections() {}

    static RequestRejectedException badRequest(String message) {
        return of(ErrorCode.BAD_REQUEST, message);
    }

    /** Of a call, whose client is told of its failure. */
    static RequestRejectedException ofCall(CallNumbers call, ErrorCode code, String message) {
        return new RequestRejectedException(RequestError.ofRequest(call.toId(), Action.CALL, code, message));
    }

    static RequestRejectedException of(ErrorCode code, String message) {
        return new RequestRejectedException(RequestError.unasked(code, message));
    }
}
