package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks code of the application's about what one client sent, a codec or the verifier, on a thread where it may stand still.
 * The session takes no other request meanwhile, so that its requests stay in order and nobody else waits. The verifier's verdict
 * comes within its own time limit; a codec's is given up after {@value #CODEC_SECONDS} s. Broker thread.
 */
final class PendingCheck {
    private static final int CODEC_SECONDS = 5;
    private static final long CODEC_NANOS = TimeUnit.SECONDS.toNanos(CODEC_SECONDS);

    private final CodecThreads codecThreads;
    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final SessionLog log;
    private final Runnable onVerdict;
    private @Nullable Question question;
    private @Nullable CodecCheck codecCheck;
    private boolean looksAgain;

    /**
     * What was found out.
     *
     * @param renewsToken whether the session's token is another from now on
     * @param then what comes of it; broker thread
     */
    record Verdict(boolean renewsToken, Runnable then) {}

    /** What is asked about; it may be answered after it was given up. */
    private final class Question {
        private volatile @Nullable Verdict verdict;

        /** Any thread. */
        void answer(boolean renewsToken, Runnable then) {
            verdict = new Verdict(renewsToken, then);
            onVerdict.run();
        }
    }

    /** A question for a codec. */
    private record CodecCheck(
            Question question,
            Publish publish,
            Consumer<@Nullable RequestError> then,
            Future<?> work,
            long deadlineNanos) {}

    /**
     * Nothing is asked yet.
     *
     * @param onVerdict told on any thread when there is a verdict to be taken
     */
    PendingCheck(CodecThreads codecThreads, BrokerClock clock, BrokerLoop loop, SessionLog log, Runnable onVerdict) {
        this.codecThreads = codecThreads;
        this.clock = clock;
        this.loop = loop;
        this.log = log;
        this.onVerdict = onVerdict;
    }

    /**
     * Asks the codec of a topic about a value.
     *
     * @param then takes what is wrong with the value, or null
     */
    void askCodec(Publish publish, Topic<?> topic, Consumer<@Nullable RequestError> then) {
        Question asked = new Question();
        question = asked;
        try {
            Future<?> work = codecThreads.submit(topic, () -> {
                RequestError error = TypeCheck.checkValue(publish, topic);
                asked.answer(false, () -> then.accept(error));
            });
            codecCheck = new CodecCheck(asked, publish, then, work, clock.nanoTime() + CODEC_NANOS);
            lookAfter(CODEC_NANOS);
        } catch (Throwable noThread) {
            RequestError error = overloaded(publish, "too many values wait for the codec of " + topic.name());
            asked.answer(false, () -> then.accept(error));
        }
    }

    /** Asks the verifier about a newer token; {@code then} is told on the broker thread. */
    void askVerifier(Auth request, ClientPrincipal present, TokenJudge judge, TokenJudge.Listener then) {
        Question asked = new Question();
        question = asked;
        judge.begin(request, present, new TokenJudge.Listener() {
            @Override
            public void renewed(ClientPrincipal principal) {
                asked.answer(true, () -> then.renewed(principal));
            }

            @Override
            public void notRenewed(RequestError error, Optional<String> detail) {
                asked.answer(false, () -> then.notRenewed(error, detail));
            }
        });
    }

    /** One look waits at a time, so that checks that are quick need no timer of their own. */
    private void lookAfter(long nanos) {
        if (!looksAgain) {
            looksAgain = true;
            loop.schedule(nanos, this::look);
        }
    }

    private void look() {
        looksAgain = false;
        CodecCheck present = codecCheck;
        if (present == null) {
            return;
        }
        long left = present.deadlineNanos() - clock.nanoTime();
        if (left > 0) {
            lookAfter(left);
        } else if (present.question().verdict == null) {
            codecCheck = null;
            giveUp(present);
        }
    }

    private void giveUp(CodecCheck late) {
        late.work().cancel(true);
        String topic = late.publish().topic();
        String what = "the codec of " + topic + " has taken longer than " + CODEC_SECONDS + " s";
        log.tell(log.entry(LogEntry.Level.ERROR, "codec_failed", what + " to check what " + log.id() + " published")
                .topic(topic));
        RequestError error = overloaded(late.publish(), what);
        late.question().answer(false, () -> late.then().accept(error));
    }

    private static RequestError overloaded(Publish publish, String why) {
        return RequestError.answering(publish, ErrorCode.OVERLOADED, why);
    }

    boolean isUnderWay() {
        return question != null;
    }

    /** What became of the request, once; null while there is none or it is asked about. */
    @Nullable
    Verdict takeVerdict() {
        Verdict verdict = question == null ? null : question.verdict;
        if (verdict != null) {
            question = null;
            codecCheck = null;
        }
        return verdict;
    }
}
