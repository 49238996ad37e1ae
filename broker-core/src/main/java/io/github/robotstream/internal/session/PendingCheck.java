package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.routing.BrokerLoop;
import io.github.robotstream.internal.time.BrokerClock;
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
    static final int CODEC_SECONDS = 5;
    private static final long CODEC_NANOS = TimeUnit.SECONDS.toNanos(CODEC_SECONDS);

    private final CodecThreads codecThreads;
    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Runnable onVerdict;
    private final Consumer<Incoming.Unchecked> onGivenUp;
    private @Nullable Question question;
    private @Nullable Check check;
    private boolean looksAgain;

    /** What is asked about; it may be answered after it was given up. */
    private final class Question implements Consumer<Incoming> {
        private volatile @Nullable Incoming verdict;

        /** Any thread. */
        @Override
        public void accept(Incoming answer) {
            verdict = answer;
            onVerdict.run();
        }
    }

    /** A question for a codec. */
    private record Check(Question question, Incoming.Unchecked unchecked, Future<?> work, long deadlineNanos) {}

    /**
     * Nothing is asked yet.
     *
     * @param onVerdict told on any thread when there is a verdict to be taken
     * @param onGivenUp told what a codec did not check in time
     */
    PendingCheck(
            CodecThreads codecThreads,
            BrokerClock clock,
            BrokerLoop loop,
            Runnable onVerdict,
            Consumer<Incoming.Unchecked> onGivenUp) {
        this.codecThreads = codecThreads;
        this.clock = clock;
        this.loop = loop;
        this.onVerdict = onVerdict;
        this.onGivenUp = onGivenUp;
    }

    /** Asks the codec of a topic. */
    void begin(Incoming.Unchecked unchecked) {
        Question asked = new Question();
        question = asked;
        try {
            Future<?> work = codecThreads.submit(unchecked.topic(), () -> asked.accept(TypeCheck.decode(unchecked)));
            check = new Check(asked, unchecked, work, clock.nanoTime() + CODEC_NANOS);
            lookAfter(CODEC_NANOS);
        } catch (Throwable noThread) {
            asked.accept(refused(
                    unchecked,
                    "too many values wait for the codec of " + unchecked.topic().name()));
        }
    }

    /** Asks the verifier. */
    void begin(Auth request, ClientPrincipal present, TokenJudge judge) {
        Question asked = new Question();
        question = asked;
        judge.begin(request, present, new TokenJudge.Listener() {
            @Override
            public void renewed(ClientPrincipal principal) {
                asked.accept(new Incoming.Renewed(request.id(), principal));
            }

            @Override
            public void notRenewed(RequestError error, Optional<String> detail) {
                asked.accept(new Incoming.NotRenewed(error, detail));
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
        Check present = check;
        if (present == null) {
            return;
        }
        long left = present.deadlineNanos() - clock.nanoTime();
        if (left > 0) {
            lookAfter(left);
        } else if (present.question().verdict == null) {
            check = null;
            present.work().cancel(true);
            onGivenUp.accept(present.unchecked());
            present.question()
                    .accept(refused(
                            present.unchecked(),
                            "the codec of " + present.unchecked().topic().name() + " has taken longer than "
                                    + CODEC_SECONDS + " s"));
        }
    }

    private static Incoming refused(Incoming.Unchecked unchecked, String why) {
        return new Incoming.Rejected(RequestError.answering(unchecked.publish(), ErrorCode.OVERLOADED, why));
    }

    boolean isUnderWay() {
        return question != null;
    }

    /** What became of the request, once; null while there is none or it is asked about. */
    @Nullable
    Incoming takeVerdict() {
        Incoming answer = question == null ? null : question.verdict;
        if (answer != null) {
            question = null;
            check = null;
        }
        return answer;
    }
}
