package io.github.robotstream.internal.session;

import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.spi.LogEntry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells a client what is wrong with its requests: ten errors a second, then one that sums up what was held back. A hundred errors in ten
 * seconds that are the client's {@linkplain ErrorCode#isFault() fault} end the session. What a client's dialect has no way to tell,
 * {@code server_logs} tells. Broker thread.
 */
final class ErrorReplies {
    private static final int FRAMES_A_SECOND = 10;
    private static final int MOST_IN_WINDOW = 100;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long WINDOW = 10 * SECOND;
    private static final long[] NONE = {};

    private final RequestContext parts;
    private final Consumer<String> onTooMany;
    /** When the last ones came, in turn; most sessions never need it. */
    private long[] times = NONE;

    private long count;
    private long secondBegan;
    private int inSecond;
    private int heldBack;

    /**
     * No error yet.
     *
     * @param onTooMany told why the session is to be ended
     */
    ErrorReplies(RequestContext parts, Consumer<String> onTooMany) {
        this.parts = parts;
        this.onTooMany = onTooMany;
    }

    void send(RequestError error) {
        if (error.code().isFault() && isOneTooMany()) {
            String why =
                    MOST_IN_WINDOW + " errors in 10 s, the last " + error.code().word();
            tell("too_many_errors", why + ": " + error.message());
            onTooMany.accept("bad_request: " + why);
        } else if (hasRoomInSecond()) {
            deliver(error);
        } else {
            heldBack++;
            if (heldBack == 1) {
                parts.loop()
                        .schedule(
                                Math.max(0, secondBegan + SECOND - parts.clock().nanoTime()), this::sumUp);
            }
        }
    }

    private boolean isOneTooMany() {
        if (times == NONE) {
            times = new long[MOST_IN_WINDOW];
        }
        long now = parts.clock().nanoTime();
        times[(int) (count % MOST_IN_WINDOW)] = now;
        count++;
        return count >= MOST_IN_WINDOW && now - times[(int) (count % MOST_IN_WINDOW)] < WINDOW;
    }

    private boolean hasRoomInSecond() {
        long now = parts.clock().nanoTime();
        if (inSecond == 0 || now - secondBegan >= SECOND) {
            secondBegan = now;
            inSecond = 0;
        }
        if (inSecond == FRAMES_A_SECOND) {
            return false;
        }
        inSecond++;
        return true;
    }

    private void deliver(RequestError error) {
        Optional<OutboundMessage> reply = parts.dialect().error(error);
        if (reply.isPresent()) {
            parts.outbound().reply(reply.get());
        } else {
            tell("request_refused", error.code().word() + ": " + error.message());
        }
    }

    private void tell(String event, String what) {
        parts.log().tell(parts.log().entry(LogEntry.Level.WARN, event, what));
    }

    private void sumUp() {
        int errors = heldBack;
        heldBack = 0;
        if (parts.outbound().isOpen()) {
            deliver(RequestError.unasked(
                    ErrorCode.RATE_LIMITED,
                    errors + " more errors were held back: at most " + FRAMES_A_SECOND + " a second are told"));
        }
    }
}
