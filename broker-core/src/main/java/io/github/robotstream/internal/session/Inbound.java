package io.github.robotstream.internal.session;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.spi.LogEntry;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way from a session's connection to its requests: the thread that reads makes requests of frames and leaves them in a lane, from
 * which the broker thread takes them. A client that sends faster than that is read no further until they are done.
 *
 * <p>Code of the application's, a codec or the verifier, is asked about a request on a thread where it may stand still. The next requests
 * wait meanwhile, so that they stay in order and nobody else waits. The verifier's verdict comes within its own time limit; a codec's is
 * given up after {@value #CODEC_SECONDS} s.
 */
final class Inbound {
    private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;
    private static final int CODEC_SECONDS = 5;

    private final Connection connection;
    private final RequestContext parts;
    private final Sink sink;
    private final Pace pace;
    private final Runnable wake;
    private final RequestLane lane;
    private volatile boolean paused;
    /** The bytes of a message of which no request is in the lane yet; of the thread that reads. */
    private int messageBytes;
    // The broker thread's.
    private boolean looksAgain;
    private @Nullable PendingCheck pending;

    /** What application code is asked about. */
    final class PendingCheck {
        private Timers.@Nullable Timer limit;
        private volatile @Nullable Verdict verdict;

        /**
         * Answers it; any thread. The answer may come after it was given up, and counts unless that was taken.
         *
         * @param renewsToken whether the session's token is another from now on
         * @param then what comes of it; broker thread
         */
        void answer(boolean renewsToken, Runnable then) {
            verdict = new Verdict(renewsToken, then);
            wake.run();
        }
    }

    /** An answer. */
    record Verdict(boolean renewsToken, Runnable then) {}

    /** What requests come to. Broker thread. */
    interface Sink {
        void carryOut(Request request, long arrivedNanos);

        void refuse(RequestError error);
    }

    /**
     * A way on which nothing has come.
     *
     * @param wake asks for the session's turn; any thread
     */
    Inbound(Connection connection, RequestContext parts, Sink sink, Runnable wake) {
        this.connection = connection;
        this.parts = parts;
        this.pace = parts.authorization().pace();
        this.sink = sink;
        this.wake = wake;
        this.lane = new RequestLane(parts.settings().messageBytes, parts.shared().requestBudget);
    }

    // On the thread that reads.

    /**
     * Takes a message.
     *
     * @param arrivedNanos when it was complete on this side of the socket, by the monotonic clock
     */
    void receive(byte[] message, boolean binary, long arrivedNanos) {
        messageBytes = message.length;
        try {
            parts.dialect().read(message, binary, request -> offer(inTurn(request, arrivedNanos)));
        } catch (RequestRejectedException e) {
            offer(() -> sink.refuse(e.error()));
        }
        boolean tooFast = pace.isTooFast(message.length, arrivedNanos);
        if (tooFast || lane.wantsPause()) {
            pause();
        }
        wake.run();
    }

    /** Counts a ping or pong. */
    void receiveControl(int payloadBytes) {
        if (pace.isTooFast(payloadBytes)) {
            pause();
            wake.run();
        }
    }

    private void pause() {
        // In this order: were it the other way round, the broker thread could resume in between, and nobody after it.
        connection.pauseReading();
        paused = true;
    }

    private void offer(Runnable request) {
        lane.offer(request, messageBytes);
        messageBytes = 0;
    }

    /** What is to be done when the request's turn has come. */
    private Runnable inTurn(Request request, long arrivedNanos) {
        return request instanceof Publish publish
                ? check(publish, arrivedNanos)
                : () -> sink.carryOut(request, arrivedNanos);
    }

    /** Asks the usual codec at once; one of the application's may stand still. */
    private Runnable check(Publish publish, long arrivedNanos) {
        TopicState state = parts.router().topics().find(publish.topic());
        Topic<?> topic = state == null ? null : state.checkedTopic();
        if (state == null || topic == null) {
            return () -> sink.carryOut(publish, arrivedNanos);
        }
        if (!mayPublish(state)) {
            // It is told so in its turn, and not what would have fitted; a token that comes before it may allow it.
            return () -> checkInTurn(publish, arrivedNanos);
        }
        boolean isUsual = TypeCheck.isQuick(topic);
        RequestError wrongWord = TypeCheck.checkWord(publish, topic);
        RequestError error = wrongWord == null && isUsual ? checkValue(publish, topic) : wrongWord;
        if (error != null) {
            return () -> sink.refuse(error);
        }
        return isUsual ? () -> sink.carryOut(publish, arrivedNanos) : () -> askCodec(publish, topic, arrivedNanos);
    }

    private @Nullable RequestError checkValue(Publish publish, Topic<?> topic) {
        return TypeCheck.checkValue(publish, topic, parts.shared().routing.userFaults());
    }

    private boolean mayPublish(TopicState topic) {
        return !topic.isRobotOnly() && parts.permissions().mayPublish(topic.name());
    }

    // On the broker thread.

    private void checkInTurn(Publish publish, long arrivedNanos) {
        TopicState state = parts.router().topics().find(publish.topic());
        Topic<?> topic = state != null && mayPublish(state) ? state.checkedTopic() : null;
        RequestError error = topic == null ? null : TypeCheck.checkWord(publish, topic);
        if (error != null) {
            sink.refuse(error);
        } else if (topic == null) {
            sink.carryOut(publish, arrivedNanos);
        } else {
            askCodec(publish, topic, arrivedNanos);
        }
    }

    private void askCodec(Publish publish, Topic<?> topic, long arrivedNanos) {
        PendingCheck asked = ask();
        try {
            Future<?> work = parts.shared().codecThreads.submit(topic, () -> {
                RequestError error = checkValue(publish, topic);
                asked.answer(
                        false, error == null ? () -> sink.carryOut(publish, arrivedNanos) : () -> sink.refuse(error));
            });
            asked.limit =
                    parts.loop().schedule(TimeUnit.SECONDS.toNanos(CODEC_SECONDS), () -> giveUp(asked, work, publish));
        } catch (Throwable noThread) {
            overloaded(asked, publish, "too many values wait for the codec of " + topic.name());
        }
    }

    private void giveUp(PendingCheck late, Future<?> work, Publish publish) {
        if (late.verdict == null) {
            work.cancel(true);
            String what = "the codec of " + publish.topic() + " has taken longer than " + CODEC_SECONDS + " s";
            SessionLog log = parts.log();
            String about = what + " to check what " + log.id() + " published";
            log.tell(log.entry(LogEntry.Level.ERROR, "codec_failed", about).topic(publish.topic()));
            overloaded(late, publish, what);
        }
    }

    private void overloaded(PendingCheck asked, Publish publish, String why) {
        RequestError error = RequestError.answering(publish, ErrorCode.OVERLOADED, why);
        asked.answer(false, () -> sink.refuse(error));
    }

    /** Application code is asked about the request that was taken last. */
    PendingCheck ask() {
        PendingCheck asked = new PendingCheck();
        pending = asked;
        return asked;
    }

    /** Whether application code is being asked about a request. */
    boolean isAsking() {
        return pending != null;
    }

    /** {@return the answer, once; null if there is none yet} */
    @Nullable
    Verdict takeVerdict() {
        PendingCheck asked = pending;
        Verdict verdict = asked == null ? null : asked.verdict;
        if (asked != null && verdict != null) {
            pending = null;
            if (asked.limit != null) {
                parts.loop().cancel(asked.limit);
            }
        }
        return verdict;
    }

    /** Does the request that came first. Returns whether there was one. */
    boolean takeOne() {
        Runnable next = lane.poll();
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    /** How many requests were not taken, as there was no room, since this was asked last. */
    int takeRefused() {
        return lane.takeRefused();
    }

    /** Reads on, if that was paused and there is room again; of an open session, once its rate allows it. */
    void readOn(boolean isOpen) {
        if (!paused || lane.wantsPause()) {
            return;
        }
        long wait = pace.nanosToReading();
        if (wait <= 0) {
            paused = false;
            connection.resumeReading();
        } else if (!looksAgain && isOpen) {
            looksAgain = true;
            parts.loop().schedule(Math.min(wait, LONGEST_WAIT_NANOS), () -> {
                looksAgain = false;
                wake.run();
            });
        }
    }

    /** What waits is not to be done; returns how many requests that were. */
    int discard() {
        return lane.discard();
    }

    /** Whether no request waits, not even to be told that it found no room. */
    boolean isEmpty() {
        return lane.isEmpty();
    }
}
