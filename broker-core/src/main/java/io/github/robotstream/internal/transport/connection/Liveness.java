package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;

/**
 * Whether one client is still there: what other threads note of it, judged by the thread of the sweep.
 *
 * <pre>
 *            silent for pingAfter                  the ping has left
 * QUIET ------------------------> PING WAITS ------------------------> ASKED --nothing for answerWithin--> silent
 *   ^  any byte, any progress         |                                  |
 *   +---------------------------------+----------------------------------+
 * </pre>
 *
 * <p>Beside that, a client that is to read before it is sent more, and does not for {@code writeWithin}, is stalled, whatever comes from it:
 * its socket is full, or no mark of its {@link ReadWindow} is answered. A socket that takes what it has room for shows nothing, as its
 * buffer is ours; one that takes more after it was full shows that the client reads, and so does the answer to a mark. While the socket is
 * not read, the client's silence does not count; but a ping is sent all the same from time to time, since writing to a client that has left
 * fails, as soon as its computer has answered an earlier ping with a reset.
 */
final class Liveness {
    /** What is to be done. */
    enum Verdict {
        ALIVE,
        PING,
        SILENT,
        STALLED
    }

    private enum State {
        QUIET,
        PING_WAITS,
        ASKED
    }

    private final Settings settings;
    private final OutboundFrames outbound;
    private volatile boolean heard; // since the last look
    private volatile boolean reading;

    // By the thread of the sweep.
    private State state = State.QUIET;
    private boolean looked;
    private long sinceNanos; // something came, the socket took more, or the ping had left
    private long takenNanos; // nothing waited for the client to read, or it had read more
    private long readingNanos; // the socket was read, or a ping was sent although it was not
    private long progress;

    Liveness(Settings settings, OutboundFrames outbound) {
        this.settings = settings;
        this.outbound = outbound;
    }

    /** Something has come. */
    void heard() {
        if (!heard) { // most often it is set already, and a volatile write costs more than a read
            heard = true;
        }
    }

    /** Whether the event loop is to read. */
    void reading(boolean on) {
        reading = on;
    }

    /** Judges. Thread of the sweep. */
    Verdict look(long nowNanos) {
        if (!looked) {
            looked = true;
            sinceNanos = nowNanos;
            takenNanos = nowNanos;
            readingNanos = nowNanos;
        }
        boolean came = heard;
        heard = false;
        boolean reads = reading;
        long progressNow = outbound.progress();
        boolean progressed = progressNow != progress;
        progress = progressNow;
        if (progressed || !outbound.waitsForClient()) {
            takenNanos = nowNanos;
        } else if (nowNanos - takenNanos >= settings.writeWithin.toNanos()) {
            return Verdict.STALLED;
        }
        boolean probe = !reads && nowNanos - readingNanos >= settings.pingAfter.toNanos();
        if (reads || probe) {
            readingNanos = nowNanos;
        }
        if (came || progressed || !reads) {
            state = State.QUIET;
            sinceNanos = nowNanos;
            return probe ? Verdict.PING : Verdict.ALIVE;
        }
        return switch (state) {
            case QUIET -> askIfDue(nowNanos);
            case PING_WAITS -> {
                if (outbound.isPingOut()) {
                    state = State.ASKED;
                    sinceNanos = nowNanos;
                }
                yield Verdict.ALIVE;
            }
            case ASKED -> nowNanos - sinceNanos < settings.answerWithin.toNanos() ? Verdict.ALIVE : Verdict.SILENT;
        };
    }

    private Verdict askIfDue(long nowNanos) {
        if (nowNanos - sinceNanos < settings.pingAfter.toNanos()) {
            return Verdict.ALIVE;
        }
        state = State.PING_WAITS;
        return Verdict.PING;
    }
}
