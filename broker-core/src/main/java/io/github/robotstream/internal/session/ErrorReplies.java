package io.github.robotstream.internal.session;

import io.github.robotstream.FrameStyle;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.spi.LogEntry;

/**
 * Tells a session's client what is wrong with its requests, within {@link ErrorLimit}. A client of FLAT frames knows no
 * error frame: it gets one only for a request that carried an id, and {@code server_logs} tells the rest. Broker thread.
 */
final class ErrorReplies {
    private final Session session;
    private final FrameStyle style;
    private final SessionContext context;
    private final ErrorLimit limit = new ErrorLimit();
    private boolean summaryScheduled;

    ErrorReplies(Session session, FrameStyle style, SessionContext context) {
        this.session = session;
        this.style = style;
        this.context = context;
    }

    void send(RequestError error) {
        switch (limit.count(
                error.code() == ErrorCode.RATE_LIMITED, context.clock().nanoTime())) {
            case SEND -> deliver(error);
            case HOLD_BACK -> scheduleSummary();
            case END_SESSION -> endSession(error);
        }
    }

    void sendOverloaded(int requests) {
        send(RequestError.unasked(
                ErrorCode.OVERLOADED, requests + " requests came faster than they could be taken and were not done"));
    }

    private void deliver(RequestError error) {
        if (style == FrameStyle.FLAT && error.id().isEmpty()) {
            String what = error.code().word() + ": " + error.message();
            session.log(session.entry(LogEntry.Level.WARN, "request_refused", what));
        } else {
            session.reply(FrameEncoder.error(error));
        }
    }

    private void endSession(RequestError last) {
        String why = ErrorLimit.MOST_IN_WINDOW + " errors in 10 s, the last "
                + last.code().word();
        session.log(session.entry(LogEntry.Level.WARN, "too_many_errors", why + ": " + last.message()));
        session.close(CloseCode.POLICY_VIOLATION, "bad_request: " + why);
    }

    private void scheduleSummary() {
        if (!summaryScheduled) {
            summaryScheduled = true;
            context.loop().schedule(limit.nanosToSummary(context.clock().nanoTime()), this::sumUp);
        }
    }

    private void sumUp() {
        summaryScheduled = false;
        int heldBack = limit.takeHeldBack();
        if (session.isOpen()) {
            deliver(RequestError.unasked(
                    ErrorCode.RATE_LIMITED,
                    heldBack + " more errors were held back: at most " + ErrorLimit.FRAMES_A_SECOND
                            + " a second are told"));
        }
    }
}
