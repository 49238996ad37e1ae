package io.github.robotstream.internal.robot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.Sender;
import io.github.robotstream.ServiceCall;
import io.github.robotstream.ServiceHandler;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.codec.ValueCheck;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.PendingCall;
import io.github.robotstream.internal.routing.PendingCall.Outcome;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.Services;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service of robot code: a bounded queue of calls that one callback thread at a time answers. Any thread. */
public final class RobotService<Q, A> implements Services.Service, Callbacks.Served {
    static final int MOST_WAITING = 16;
    private static final String NULL = "{\"type\":\"null\"}";

    private final String name;
    private final GsonCodec<Q> requests;
    private final @Nullable GsonCodec<A> replies;
    private final Optional<String> requestSchema;
    private final Optional<String> replySchema;
    private final ServiceHandler<Q, A> handler;
    private final RoutingContext context;
    private final Callbacks callbacks;
    private final Callbacks.Service thread;
    private final ArrayDeque<PendingCall> waiting = new ArrayDeque<>(0);

    /** A service that no call has come for; throws IllegalArgumentException if a type has no JSON form. */
    public RobotService(
            String name,
            Class<Q> requestType,
            Class<A> replyType,
            ServiceHandler<Q, A> handler,
            Callbacks callbacks,
            RoutingContext context) {
        this.name = name;
        this.requests = GsonCodec.strict(requestType);
        this.replies = replyType == Void.class ? null : GsonCodec.lenient(replyType);
        this.requestSchema = requests.schema();
        this.replySchema = replies == null ? Optional.of(NULL) : replies.schema();
        this.handler = handler;
        this.context = context;
        this.callbacks = callbacks;
        this.thread = callbacks.service(this);
    }

    @Override
    public Optional<String> requestSchema() {
        return requestSchema;
    }

    @Override
    public Optional<String> replySchema() {
        return replySchema;
    }

    @Override
    public boolean offer(PendingCall call) {
        boolean begins;
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING) {
                waiting.removeIf(PendingCall::isOver);
            }
            if (waiting.size() >= MOST_WAITING) {
                return false;
            }
            waiting.add(call);
            begins = thread.beginsToWait();
        }
        if (begins) {
            thread.begin();
        }
        return true;
    }

    /** Answers the next call; true if there may be more. */
    @Override
    public boolean serve() {
        PendingCall call = next();
        if (call == null) {
            return false;
        }
        if (!call.isOver()) {
            call.end(answer(call));
        }
        return true;
    }

    private synchronized @Nullable PendingCall next() {
        PendingCall call = callbacks.hasEnded() ? null : waiting.poll();
        if (call == null) {
            thread.rests();
        }
        return call;
    }

    private Outcome answer(PendingCall call) {
        Q request;
        try {
            request = requests.decode(call.data());
        } catch (Throwable t) {
            String why = ValueCheck.reason(t).map(reason -> ": " + reason).orElse("");
            return error(ErrorCode.TYPE_MISMATCH, "\"data\" is not what " + name + " takes" + why);
        }
        try {
            A reply = handler.handle(request, new Live(call));
            return new Outcome(Optional.empty(), reply == null || replies == null ? "null" : bounded(replies, reply));
        } catch (Throwable t) {
            tellFailure(call, t);
            return error(ErrorCode.CALL_FAILED, name + " has failed; the robot's log says why");
        } finally {
            Thread.interrupted(); // what the handler leaves is not for the next call
        }
    }

    private static Outcome error(ErrorCode code, String message) {
        return new Outcome(Optional.of(code), message);
    }

    private static <T> String bounded(GsonCodec<T> codec, T value) throws IOException {
        String json = codec.encode(value);
        int bytes = json.getBytes(UTF_8).length;
        if (bytes > Request.Call.MAX_DATA_BYTES) {
            throw new IOException("it has " + bytes + " bytes of JSON, and " + Request.Call.MAX_DATA_BYTES
                    + " are the most that a service sends: publish large values on a topic");
        }
        return json;
    }

    private void tellFailure(PendingCall call, Throwable fault) {
        context.router().counters().add(Counters.Count.FAILED, 1);
        Sender caller = call.caller();
        LogEntry.Builder entry = LogEntry.of(LogEntry.Level.ERROR, "call_failed", "the handler of " + name + " threw");
        caller.session().ifPresent(session -> entry.client(session, caller.name()));
        context.log().accept(entry.attribute("service", name).detail(FailureText.of(fault)));
    }

    /** A call as its handler sees it. */
    private final class Live implements ServiceCall {
        private final PendingCall call;

        Live(PendingCall call) {
            this.call = call;
        }

        @Override
        public Sender caller() {
            return call.caller();
        }

        @Override
        public void progress(Object value) {
            call.progress(written(value));
        }

        @SuppressWarnings("unchecked") // a value is of its own class
        private String written(Object value) {
            try {
                return bounded(GsonCodec.lenient((Class<Object>) value.getClass()), value);
            } catch (IOException e) {
                throw new IllegalArgumentException("progress of " + name + ": " + e.getMessage(), e);
            }
        }

        @Override
        public boolean isCancelled() {
            return call.isOver() || context.router().services().isClosed();
        }
    }

    // For the one who serves it.

    @Override
    public Callbacks callbacks() {
        return callbacks;
    }

    @Override
    public boolean hearsLog() {
        return false;
    }
}
