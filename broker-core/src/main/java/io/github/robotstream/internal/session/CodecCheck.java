package io.github.robotstream.internal.session;

import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.RequestError;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Asks a codec of the application's about what one client published, on a thread where it may stand still. The session takes
 * no other request meanwhile, so that its requests stay in order and nobody else waits. Broker thread.
 */
final class CodecCheck {
    private final Executor threads;
    private final Runnable onVerdict;
    private boolean underWay;
    private volatile @Nullable Incoming verdict;

    /**
     * No check is under way.
     *
     * @param onVerdict told on any thread when there is a verdict to be taken
     */
    CodecCheck(Executor threads, Runnable onVerdict) {
        this.threads = threads;
        this.onVerdict = onVerdict;
    }

    void begin(Incoming.Unchecked unchecked) {
        underWay = true;
        try {
            threads.execute(() -> end(TypeCheck.decode(unchecked)));
        } catch (Throwable noThread) {
            end(new Incoming.Rejected(RequestError.answering(
                    unchecked.publish(), ErrorCode.OVERLOADED, "there is no thread to check the value on")));
        }
    }

    private void end(Incoming checked) {
        verdict = checked;
        onVerdict.run();
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** What became of the request, once; null while there is none or its codec is asked. */
    @Nullable
    Incoming takeVerdict() {
        Incoming checked = verdict;
        if (checked != null) {
            verdict = null;
            underWay = false;
        }
        return checked;
    }
}
