package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.protocol.ErrorCode;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A call of a service on its way between the session of its client, on the broker thread, and robot code on any thread. */
public final class PendingCall {
    private final Sender caller;
    private final String service;
    private final String data;
    private final Runnable onNews;
    private final AtomicReference<@Nullable String> progress = new AtomicReference<>();
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    private volatile boolean over;

    /**
     * How it ended for robot code.
     *
     * @param error what is wrong; empty if it was answered
     * @param text the reply as JSON, or a sentence for the client
     */
    public record Outcome(Optional<ErrorCode> error, String text) {}

    /**
     * A call that nobody has begun.
     *
     * @param data what the service is given, as JSON
     * @param onNews told when there is something to be sent; any thread
     */
    public PendingCall(Sender caller, String service, String data, Runnable onNews) {
        this.caller = caller;
        this.service = service;
        this.data = data;
        this.onNews = onNews;
    }

    public Sender caller() {
        return caller;
    }

    public String service() {
        return service;
    }

    public String data() {
        return data;
    }

    /** Whether nobody waits for the outcome any more. */
    public boolean isOver() {
        return over;
    }

    /** Nobody waits for the outcome any more. */
    public void giveUp() {
        over = true;
    }

    /** How far it has come, as JSON, in the place of what was not sent yet. */
    public void progress(String json) {
        if (!over && outcome.get() == null) {
            progress.set(json);
            onNews.run();
        }
    }

    /** Ends it; only the first outcome counts. */
    public void end(Outcome how) {
        if (outcome.compareAndSet(null, how) && !over) {
            onNews.run();
        }
    }

    /** {@return what is to be told of how far it has come, once; null if that is nothing} */
    public @Nullable String takeProgress() {
        return progress.getAndSet(null);
    }

    /** {@return how it ended; null while it has not} */
    public @Nullable Outcome outcome() {
        return outcome.get();
    }
}
