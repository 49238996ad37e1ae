package io.github.robotstream.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.client.ConnectionStatus.State;
import io.github.robotstream.client.Frames.Frame;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Connects, comes back, brings newer tokens, and ends. All of it on the client's thread. */
final class Sessions {
    /** What the JDK says of an answer that is no TLS. */
    private static final Pattern NO_TLS = Pattern.compile("(?i)unrecognized SSL message");

    private static final int FRAME_BYTES = 16 << 20;
    private static final long PING_MILLIS = 5_000;
    private static final long SILENT_MILLIS = 15_000;
    private static final long RENEW_BEFORE_MILLIS = 60_000;
    private static final long RENEW_AGAIN_MILLIS = 2_000;

    /** Who uses the sessions; called on the client's thread. */
    interface User {
        /** A session has begun. */
        void opened(Connection connection);

        /** A frame has come that is no error. */
        void received(Frame frame, RobotClock clock);

        /** No session will come any more. */
        void stopped(IOException why);
    }

    /** Opens a socket, with a token or without. */
    interface Opener {
        CompletableFuture<WebSocket> open(Optional<String> token, WebSocket.Listener listener);
    }

    private final ScheduledExecutorService loop;
    private final Opener opener;
    private final Optional<Callable<String>> supplier;
    private final boolean tokenMayChange;
    private final Consumer<ConnectionStatus> onStatus;
    private final User user;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private Optional<String> token = Optional.empty();
    private Ended lastEnd = Ended.unreached("no answer");
    private long connectedAt;
    private @Nullable Connection connection;
    private @Nullable ScheduledFuture<?> pinging;
    private @Nullable ScheduledFuture<?> renewing;
    private @Nullable ScheduledFuture<?> retrying;
    private @Nullable IOException end;
    private volatile RobotClock clock = new RobotClock(System::nanoTime);
    private volatile JsonObject hello = new JsonObject();
    private volatile boolean connected;

    /** @param tokenMayChange whether asking the supplier again can bring another token */
    Sessions(
            ScheduledExecutorService loop,
            Opener opener,
            Optional<Callable<String>> supplier,
            boolean tokenMayChange,
            Consumer<ConnectionStatus> onStatus,
            User user) {
        this.loop = loop;
        this.opener = opener;
        this.supplier = supplier;
        this.tokenMayChange = tokenMayChange;
        this.onStatus = onStatus;
        this.user = user;
    }

    /** Begins; the result is complete when the first session has begun, or none will. */
    CompletableFuture<Void> start() {
        loop.execute(this::attempt);
        return first;
    }

    /** The present connection, or null. */
    @Nullable
    Connection connection() {
        return connected ? connection : null;
    }

    /** Why there will be none, or null. */
    @Nullable
    IOException end() {
        return end;
    }

    /** How the last attempt ended; any thread may ask, when the client is being closed. */
    Ended lastEnd() {
        return lastEnd;
    }

    RobotClock clock() {
        return clock;
    }

    JsonObject hello() {
        return hello;
    }

    boolean isConnected() {
        return connected;
    }

    private void attempt() {
        if (end == null) {
            askForToken((given, failure) -> {
                if (end != null) {
                    return;
                }
                if (failure != null) {
                    ended(Ended.unreached(failure));
                } else if (lastEnd.tokenRefused() && token.isPresent() && token.equals(given)) {
                    ended(lastEnd); // refused before, it would be refused again
                } else {
                    token = given;
                    open();
                }
            });
        }
    }

    /** Asks on a thread of its own, since it may take its time. What it throws is told by its class: the text may hold a secret. */
    private void askForToken(BiConsumer<Optional<String>, @Nullable String> then) {
        if (supplier.isEmpty()) {
            then.accept(Optional.empty(), null);
            return;
        }
        Runnable ask = () -> {
            Optional<String> given = Optional.empty();
            String failure = null;
            try {
                given = Optional.of(supplier.get().call().strip()).filter(text -> !text.isEmpty());
                failure = given.isPresent() ? null : "the token supplier returned no token";
            } catch (Throwable thrown) {
                failure = "the token supplier failed: " + thrown.getClass().getSimpleName();
            }
            Optional<String> result = given;
            String told = failure;
            loop.execute(() -> then.accept(result, told));
        };
        Thread thread = new Thread(ask, "robotstream-client-token");
        thread.setDaemon(true);
        thread.start();
    }

    private void open() {
        RobotClock fresh = new RobotClock(System::nanoTime);
        Connection next = new Connection(
                loop, FRAME_BYTES, frame -> user.received(frame, fresh), how -> loop.execute(() -> ended(how)));
        var unused = opener.open(token, next)
                .whenCompleteAsync(
                        (socket, failure) -> {
                            if (failure != null) {
                                ended(unopened(failure));
                            } else if (end != null) {
                                socket.abort();
                            } else {
                                connection = next;
                                next.opened(socket);
                                begin(next, fresh);
                            }
                        },
                        loop);
    }

    private static Ended unopened(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
            String wait =
                    refused.getResponse().headers().firstValue("Retry-After").orElse("");
            return Ended.refused(refused.getResponse().statusCode(), wait);
        }
        if (cause instanceof IllegalArgumentException) { // its text has the token
            return Ended.unreached("a token that cannot stand in a header").forGood();
        }
        String text = cause.getMessage();
        if (text == null || text.isBlank()) {
            text = cause instanceof ConnectException
                    ? "connection refused"
                    : cause.getClass().getSimpleName();
        }
        if (NO_TLS.matcher(text).find()) {
            return Ended.unreached("the robot does not speak TLS at this port: use ws://")
                    .forGood();
        }
        Ended unreached = Ended.unreached(text);
        return cause instanceof SSLHandshakeException ? unreached.forGood() : unreached;
    }

    private void begin(Connection next, RobotClock fresh) {
        JsonObject greeting = Connection.action("hello");
        greeting.addProperty("max_frame_bytes", FRAME_BYTES);
        CompletableFuture<JsonObject> answer = next.request(greeting, Optional.empty());
        var unused = ping(next, fresh).thenCombine(answer, (pong, ack) -> ack).whenComplete((ack, failure) -> {
            if (failure != null) {
                next.cut(Ended.lost("the robot did not answer"));
                return;
            }
            hello = ack;
            clock = fresh;
            connected = true;
            connectedAt = System.nanoTime();
            user.opened(next);
            tell(ConnectionStatus.of(State.CONNECTED));
            first.complete(null);
            pinging = loop.scheduleWithFixedDelay(
                    () -> keep(next, fresh), PING_MILLIS, PING_MILLIS, TimeUnit.MILLISECONDS);
            renewLater(next, Frames.number(ack, "expires_in_ms", -1));
        });
    }

    private CompletableFuture<JsonObject> ping(Connection on, RobotClock fresh) {
        long asked = fresh.nanos();
        return on.request(Connection.action("ping"), Optional.empty()).whenComplete((pong, failure) -> {
            if (pong != null) {
                fresh.sample(asked, Frames.number(pong, "mono", 0));
            }
        });
    }

    private void keep(Connection on, RobotClock fresh) {
        if (on.silentMillis() > SILENT_MILLIS) {
            on.cut(Ended.lost("nothing came for " + SILENT_MILLIS / 1000 + " s"));
        } else {
            var unused = ping(on, fresh);
        }
    }

    private void renewLater(Connection on, long lifeMillis) {
        if (lifeMillis >= 0 && tokenMayChange) {
            long before = Math.min(RENEW_BEFORE_MILLIS, lifeMillis / 4);
            long over = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lifeMillis);
            renewing = loop.schedule(() -> renew(on, over), lifeMillis - before, TimeUnit.MILLISECONDS);
        }
    }

    private void renew(Connection on, long over) {
        askForToken((given, failure) -> {
            if (connection != on || end != null) {
                return;
            }
            if (failure != null || given.equals(token)) {
                notRenewed(on, over, failure == null ? "the token supplier returned the same token" : failure);
                return;
            }
            token = given;
            JsonElement newer = new JsonPrimitive(given.orElseThrow());
            var unused = on.request(Connection.action("auth", "token", newer), Optional.empty())
                    .whenComplete((ack, refusal) -> {
                        if (ack != null) {
                            tell(ConnectionStatus.of(State.RENEWED));
                            renewLater(on, Frames.number(ack, "expires_in_ms", -1));
                        } else {
                            notRenewed(on, over, String.valueOf(refusal.getMessage()));
                        }
                    });
        });
    }

    private void notRenewed(Connection on, long over, String why) {
        if (connection == on) {
            tell(new ConnectionStatus(State.RENEWAL_FAILED, 0, why, Duration.ZERO));
            long left = TimeUnit.NANOSECONDS.toMillis(over - System.nanoTime());
            renewing =
                    loop.schedule(() -> renew(on, over), Math.max(RENEW_AGAIN_MILLIS, left / 4), TimeUnit.MILLISECONDS);
        }
    }

    private void ended(Ended how) {
        boolean lasted = connected;
        connected = false;
        connection = null;
        cancelTimers();
        lastEnd = how;
        if (end != null) {
            return;
        }
        if (isLast(how)) {
            stop(new ConnectionEndedException(how.code(), how.reason()));
            tell(new ConnectionStatus(State.ENDED, how.code(), how.reason(), Duration.ZERO));
            return;
        }
        backoff.lasted(lasted ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connectedAt) : 0);
        long delay = backoff.delayMillis(how.afterMillis());
        tell(new ConnectionStatus(State.WAITING, how.code(), how.reason(), Duration.ofMillis(delay)));
        retrying = loop.schedule(this::attempt, delay, TimeUnit.MILLISECONDS);
    }

    /** A certificate that is not trusted ends the first attempt only: later it may be another network that is in between. */
    private boolean isLast(Ended how) {
        boolean useless = !how.again() && (how.code() != 0 || !first.isDone());
        return useless || (how.tokenRefused() && !tokenMayChange);
    }

    private void cancelTimers() {
        if (pinging != null) {
            pinging.cancel(false);
        }
        if (renewing != null) {
            renewing.cancel(false);
        }
    }

    /** Ends all: no further attempt. */
    void stop(IOException why) {
        if (end == null) {
            end = why;
            if (retrying != null) {
                retrying.cancel(false);
            }
            first.completeExceptionally(why);
            user.stopped(why);
        }
    }

    private void tell(ConnectionStatus status) {
        try {
            onStatus.accept(status);
        } catch (RuntimeException theApplications) {
            System.getLogger(RobotStreamClient.class.getName())
                    .log(System.Logger.Level.WARNING, "onStatus failed", theApplications);
        }
    }
}
