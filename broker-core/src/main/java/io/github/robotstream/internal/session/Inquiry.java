package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.access.TokenJudge;
import io.github.robotstream.internal.protocol.Auth;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.RequestError;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Asks code of the application's about what one client sent, a codec or the verifier, on a thread where it may stand still.
 * The session takes no other request meanwhile, so that its requests stay in order and nobody else waits. Broker thread.
 */
final class Inquiry {
    private final Executor codecThreads;
    private final Runnable onVerdict;
    private boolean underWay;
    private volatile @Nullable Incoming verdict;

    /**
     * Nothing is asked yet.
     *
     * @param onVerdict told on any thread when there is a verdict to be taken
     */
    Inquiry(Executor codecThreads, Runnable onVerdict) {
        this.codecThreads = codecThreads;
        this.onVerdict = onVerdict;
    }

    /** Asks the codec of a topic. */
    void begin(Incoming.Unchecked unchecked) {
        underWay = true;
        try {
            codecThreads.execute(() -> end(TypeCheck.decode(unchecked)));
        } catch (Throwable noThread) {
            end(new Incoming.Rejected(RequestError.answering(
                    unchecked.publish(), ErrorCode.OVERLOADED, "there is no thread to check the value on")));
        }
    }

    /** Asks the verifier. */
    void begin(Auth request, Session session) {
        underWay = true;
        session.tokenJudge().begin(request, session.principal(), new TokenJudge.Listener() {
            @Override
            public void renewed(ClientPrincipal principal) {
                end(new Incoming.Renewed(request.id(), principal));
            }

            @Override
            public void notRenewed(RequestError error, Optional<String> detail) {
                end(new Incoming.NotRenewed(error, detail));
            }
        });
    }

    private void end(Incoming answer) {
        verdict = answer;
        onVerdict.run();
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** What became of the request, once; null while there is none or it is asked about. */
    @Nullable
    Incoming takeVerdict() {
        Incoming answer = verdict;
        if (answer != null) {
            verdict = null;
            underWay = false;
        }
        return answer;
    }
}
