package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;

/**
 * Whether one client is still there, judged from what the sweep sees of its connection.
 *
 * <pre>
 *            silent for pingAfter                  the ping has left
 * QUIET ------------------------> PING WAITS ------------------------> ASKED --nothing for answerWithin--> silent
 *   ^  any byte, any progress         |                                  |
 *   +---------------------------------+----------------------------------+
 * </pre>
 *
 * <p>Beside that, a socket that is full and takes nothing for {@code writeWithin} is stalled, whatever comes from the client: a ping cannot
 * leave then. That a socket takes what it has room for is no sign of life, as its buffer is ours; that it takes more after it was full is.
 * While we do not read ourselves, the client's silence is ours and does not count; but it is sent a ping all the same from time to time,
 * since writing to one that has left fails, as soon as its computer has answered an earlier ping with a reset. By the thread of the sweep only.
 */
final class Liveness {
    /** What the sweep is to do. */
    enum Verdict {
        ALIVE,
        PING,
        SILENT,
        STALLED
    }

    /** What is seen of a connection. */
    interface Signs {
        /** Whether anything has come since this was asked for the last time. */
        boolean heard();

        /** Whether what comes is read. */
        boolean isReading();

        /** Whether the socket was full at the last write. */
        boolean isFull();

        /** Changes whenever the socket takes more after it was full. */
        long progress();

        /** Whether no ping waits to be written. */
        boolean isPingOut();
    }

    private enum State {
        QUIET,
        PING_WAITS,
        ASKED
    }

    private final long pingAfterNanos;
    private final long answerWithinNanos;
    private final long writeWithinNanos;
    private State state = State.QUIET;
    private long sinceNanos; // the last sign of life, or when the ping had left
    private long takenNanos; // the socket was not full, or took more
    private long readingNanos; // we read, or asked although we do not
    private long progress;

    Liveness(Settings settings, long nowNanos) {
        this.pingAfterNanos = settings.pingAfter.toNanos();
        this.answerWithinNanos = settings.answerWithin.toNanos();
        this.writeWithinNanos = settings.writeWithin.toNanos();
        this.sinceNanos = nowNanos;
        this.takenNanos = nowNanos;
        this.readingNanos = nowNanos;
    }

    Verdict look(long nowNanos, Signs signs) {
        boolean heard = signs.heard();
        long progressNow = signs.progress();
        boolean progressed = progressNow != progress;
        progress = progressNow;
        if (progressed || !signs.isFull()) {
            takenNanos = nowNanos;
        } else if (nowNanos - takenNanos >= writeWithinNanos) {
            return Verdict.STALLED;
        }
        boolean probe = !signs.isReading() && nowNanos - readingNanos >= pingAfterNanos;
        if (signs.isReading() || probe) {
            readingNanos = nowNanos;
        }
        if (heard || progressed || !signs.isReading()) {
            state = State.QUIET;
            sinceNanos = nowNanos;
            return probe ? Verdict.PING : Verdict.ALIVE;
        }
        return switch (state) {
            case QUIET -> askIfDue(nowNanos);
            case PING_WAITS -> {
                if (signs.isPingOut()) {
                    state = State.ASKED;
                    sinceNanos = nowNanos;
                }
                yield Verdict.ALIVE;
            }
            case ASKED -> nowNanos - sinceNanos < answerWithinNanos ? Verdict.ALIVE : Verdict.SILENT;
        };
    }

    private Verdict askIfDue(long nowNanos) {
        if (nowNanos - sinceNanos < pingAfterNanos) {
            return Verdict.ALIVE;
        }
        state = State.PING_WAITS;
        return Verdict.PING;
    }
}
