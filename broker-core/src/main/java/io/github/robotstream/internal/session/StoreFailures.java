package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a client is told where the topic store does not answer its request. */
final class StoreFailures {
    private StoreFailures() {}

    /** Throws if the store has failed, or has not answered. */
    static void check(Request request, @Nullable Throwable failure) throws RequestRejectedException {
        if (failure instanceof RejectedExecutionException || failure instanceof TimeoutException) {
            throw overloaded(request);
        }
        if (failure != null) {
            throw refused(
                    request,
                    ErrorCode.INTERNAL,
                    "the robot's store of messages cannot be read; the broker has logged why");
        }
    }

    static RequestRejectedException overloaded(Request request) {
        return refused(
                request, ErrorCode.OVERLOADED, "the robot's store of messages is too slow, or has too much to do");
    }
}
