package io.github.robotstream.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.robotstream.client.Frames.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: requests and their replies, and what else comes. All but the methods of {@link WebSocket.Listener} belongs to the
 * client's thread; these hand over to it what they have put together, 16 frames ahead at the most.
 */
final class Connection implements WebSocket.Listener {
    private static final int FRAMES_AHEAD = 16;
    private static final int REQUESTS = 1024;
    private static final long REPLY_MILLIS = 10_000;

    private final ScheduledExecutorService loop;
    private final int frameBytes;
    private final Consumer<Frame> onFrame;
    private final Consumer<Ended> onEnd;
    private final Map<Long, CompletableFuture<JsonObject>> waiting = new LinkedHashMap<>();
    private final Map<Long, Consumer<JsonElement>> hearing = new HashMap<>(); // what services tell before their answers
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable WebSocket socket;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    private @Nullable Ended ended;
    private long lastId;
    private Runnable afterEnd = () -> {};
    private volatile long heard = System.nanoTime();

    /**
     * A connection that is still to be opened.
     *
     * @param onFrame is called with each frame that answers no request, and with acks before those who asked are told
     * @param onEnd is called once
     */
    Connection(ScheduledExecutorService loop, int frameBytes, Consumer<Frame> onFrame, Consumer<Ended> onEnd) {
        this.loop = loop;
        this.frameBytes = frameBytes;
        this.onFrame = onFrame;
        this.onEnd = onEnd;
    }

    /** The socket is open. */
    void opened(WebSocket open) {
        socket = open;
    }

    /** How long nothing has come. */
    long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heard);
    }

    /** Sends a request, with bytes behind it or without; completed on the client's thread. */
    CompletableFuture<JsonObject> request(JsonObject body, Optional<ByteBuffer> payload) {
        return request(body, payload, REPLY_MILLIS);
    }

    /** Sends a call, whose progress is heard, on the client's thread; its id is {@link #lastId()}. */
    CompletableFuture<JsonObject> call(JsonObject body, long timeoutMillis, Consumer<JsonElement> progress) {
        CompletableFuture<JsonObject> reply = request(body, Optional.empty(), timeoutMillis + REPLY_MILLIS);
        if (!reply.isDone()) {
            long id = lastId;
            hearing.put(id, progress);
            var unused = reply.whenComplete((ack, failure) -> hearing.remove(id));
        }
        return reply;
    }

    /** As {@link #request(JsonObject, Optional)}, with so many milliseconds for the reply. */
    CompletableFuture<JsonObject> request(JsonObject body, Optional<ByteBuffer> payload, long limitMillis) {
        CompletableFuture<JsonObject> reply = new CompletableFuture<>();
        WebSocket open = socket;
        if (ended != null || open == null) {
            reply.completeExceptionally(new DisconnectedException("the connection is lost"));
            return reply;
        }
        if (waiting.size() >= REQUESTS) {
            reply.completeExceptionally(
                    new RequestException("overloaded", REQUESTS + " requests wait for their replies here", true, -1));
            return reply;
        }
        long id = ++lastId;
        body.addProperty("id", id);
        waiting.put(id, reply);
        String action = Frames.word(body, "action");
        ScheduledFuture<?> limit = loop.schedule(
                () -> answer(
                        id,
                        new RequestException(
                                "no_reply", "nothing came within " + limitMillis + " ms to " + action, true, -1)),
                limitMillis,
                TimeUnit.MILLISECONDS);
        var unused = reply.whenComplete((ack, failure) -> limit.cancel(false));
        // The JDK's socket takes one message at a time.
        sent = sent.handle((done, failure) -> open)
                .thenCompose(ready -> payload.isPresent()
                        ? ready.sendBinary(Frames.binary(body, payload.get()), true)
                        : ready.sendText(body.toString(), true))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        hand(() -> answer(id, new DisconnectedException("the request could not be sent")));
                    }
                });
        return reply;
    }

    /** The id of the newest request. */
    long lastId() {
        return lastId;
    }

    private void answer(long id, IOException failure) {
        CompletableFuture<JsonObject> reply = waiting.remove(id);
        if (reply != null) {
            reply.completeExceptionally(failure);
        }
    }

    /** Says 1000 when all requests have left; {@link #cut} ends it without the robot's answer. */
    void close() {
        WebSocket open = socket;
        if (open != null && ended == null) {
            sent = sent.handle((done, failure) -> open)
                    .thenCompose(ready -> ready.sendClose(WebSocket.NORMAL_CLOSURE, ""));
        }
    }

    /** Ends it at once. */
    void cut(Ended why) {
        if (ended != null) {
            return;
        }
        ended = why;
        if (socket != null) {
            socket.abort();
        }
        DisconnectedException lost = new DisconnectedException("the connection was lost before the reply came");
        Map<Long, CompletableFuture<JsonObject>> unanswered = new LinkedHashMap<>(waiting);
        waiting.clear();
        unanswered.values().forEach(reply -> reply.completeExceptionally(lost));
        onEnd.accept(why);
        afterEnd.run();
    }

    /** What to do when it has ended. */
    void whenEnded(Runnable then) {
        afterEnd = then;
    }

    private void received(Frame frame) {
        JsonObject head = frame.head();
        String action = Frames.word(head, "action");
        boolean isReply = action.equals("ack") || action.equals("pong") || action.equals("error");
        CompletableFuture<JsonObject> reply = isReply ? waiting.remove(Frames.number(head, "id", -1)) : null;
        if (action.equals("error")) {
            if (reply != null) {
                reply.completeExceptionally(error(head));
            }
        } else if (reply != null) {
            onFrame.accept(frame);
            reply.complete(head);
        } else if (action.equals("progress")) {
            tellProgress(head);
        } else if (!isReply) {
            onFrame.accept(frame);
        }
    }

    private void tellProgress(JsonObject head) {
        Consumer<JsonElement> progress = hearing.get(Frames.number(head, "id", -1));
        if (progress != null) {
            try {
                progress.accept(head.get("data"));
            } catch (RuntimeException theApplications) {
                System.getLogger(RobotStreamClient.class.getName())
                        .log(System.Logger.Level.WARNING, "progress failed", theApplications);
            }
        }
    }

    private static RequestException error(JsonObject head) {
        return new RequestException(
                Frames.word(head, "code"),
                Frames.word(head, "message"),
                Frames.flag(head, "retry"),
                Frames.number(head, "retry_after_ms", -1),
                Frames.word(head, "holder"));
    }

    // ---- on threads of the JDK's client, one call after the other

    @Override
    public void onOpen(WebSocket open) {
        open.request(FRAMES_AHEAD);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        heard = System.nanoTime();
        text.append(part);
        if (text.length() > frameBytes) {
            tooLarge();
        } else if (last) {
            String whole = text.toString();
            text.setLength(0);
            handOver(from, () -> Frames.text(whole));
        } else {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
        heard = System.nanoTime();
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
        if (bytes.size() > frameBytes) {
            tooLarge();
        } else if (last) {
            ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
            bytes.reset();
            handOver(from, () -> Frames.binary(whole));
        } else {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        heard = System.nanoTime(); // the JDK's socket answers it
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        hand(() -> cut(Ended.closed(code, reason)));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        hand(() -> cut(Ended.lost("the connection was lost")));
    }

    private void tooLarge() {
        hand(() -> cut(Ended.closed(1009, "a frame of more than " + frameBytes + " bytes")));
    }

    private void handOver(WebSocket from, Reading reading) {
        hand(() -> {
            try {
                received(reading.frame());
            } catch (IOException | RuntimeException noFrame) {
                cut(Ended.lost("the other side speaks another language"));
            }
            from.request(1);
        });
    }

    private void hand(Runnable work) {
        try {
            loop.execute(work);
        } catch (RejectedExecutionException closed) {
            // The client has been closed.
        }
    }

    private interface Reading {
        Frame frame() throws IOException;
    }

    static JsonObject action(String action) {
        JsonObject body = new JsonObject();
        body.addProperty("action", action);
        return body;
    }

    static JsonObject action(String action, String member, JsonElement value) {
        JsonObject body = action(action);
        body.add(member, value);
        return body;
    }
}
