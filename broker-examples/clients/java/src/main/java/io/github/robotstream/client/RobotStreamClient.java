package io.github.robotstream.client;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.Payload;
import io.github.robotstream.Service;
import io.github.robotstream.Topic;
import io.github.robotstream.client.Frames.Frame;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of a robot's broker. Topics are the broker's classes, so robot and operator can share them:
 *
 * <pre>{@code
 * try (RobotStreamClient robot = RobotStreamClient.at(URI.create("wss://robot:8765/wss")).tokens(this::token).connect()) {
 *     robot.publish(CMD_VEL, new Twist(0.5, 0), Duration.ofMillis(200)).get();
 *     for (RobotMessage<Pose> pose : robot.subscribe(POSE)) {
 *         System.out.println(pose.value() + ", " + pose.age().toMillis() + " ms old");
 *     }
 * }
 * }</pre>
 *
 * <p>It comes back after a lost connection whenever that is of use ({@code docs/protocol.md}, Close codes), at random times, later and
 * later, up to 15 s; makes its subscriptions again, which go on where they were; and brings newer tokens before the old ones end.
 *
 * <p>Thread: any. Blocking: {@link #latest} and {@link #close} alone. Results complete on the client's thread, which must not be blocked;
 * they fail with {@link RequestException}, {@link DisconnectedException} or {@link ConnectionEndedException}.
 */
public final class RobotStreamClient implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration FIRST_VALUE = Duration.ofSeconds(2);
    private static final Duration STOP_TIME = Duration.ofSeconds(1);
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final Gson GSON = new Gson();

    private final ScheduledThreadPoolExecutor loop = loop();
    private final Sessions sessions;
    private final AtomicLong names = new AtomicLong();
    private final Map<Topic<?>, Newest<?>> newest = new ConcurrentHashMap<>();
    private final Map<String, ClientSubscription<?>> subscriptions = new HashMap<>(); // of the client's thread
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    RobotStreamClient(
            Sessions.Opener opener,
            Optional<Callable<String>> token,
            boolean tokenMayChange,
            Consumer<ConnectionStatus> onStatus) {
        this.sessions = new Sessions(loop, opener, token, tokenMayChange, onStatus, new User());
    }

    /** As {@link #at(String)}. */
    public static ClientBuilder at(URI url) {
        return at(url.toString());
    }

    /**
     * A builder for a client of the broker at this address.
     *
     * @param url for instance {@code wss://robot:8765}; {@code http} and {@code https} are taken for {@code ws} and {@code wss}, the path is
     *     {@code /wss} unless it has one, and the port that of HTTP, 80 or 443
     * @throws IllegalArgumentException if it is no such address
     */
    public static ClientBuilder at(String url) {
        return new ClientBuilder(url);
    }

    private static ScheduledThreadPoolExecutor loop() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "robotstream-client");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(true); // what waits without a delay is one to it
        return executor;
    }

    void start(Duration timeout) throws IOException, InterruptedException {
        try {
            sessions.start().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException refused) {
            close();
            throw refused.getCause() instanceof ConnectionEndedException known
                    ? known
                    : new IOException(refused.getCause());
        } catch (TimeoutException late) {
            close();
            Ended last = sessions.lastEnd();
            throw new ConnectionEndedException(
                    last.code(), "no connection within " + timeout.toMillis() + " ms: " + last.reason());
        } catch (InterruptedException interrupted) {
            close();
            throw interrupted;
        }
    }

    /** {@return whether there is a connection now} */
    public boolean isConnected() {
        return sessions.isConnected();
    }

    /** {@return what the broker said of itself and this session, last ({@code docs/protocol.md}, hello), as JSON} */
    public String hello() {
        return sessions.hello().toString();
    }

    /** {@return the robot's clock that never steps, now, in microseconds; reckoned, to half a round trip} */
    public long mono() {
        return sessions.clock().mono();
    }

    /** {@return a subscription to a topic} */
    public <T> ClientSubscription<T> subscribe(Topic<T> topic) {
        return subscribe(topic, SubscribeOptions.none());
    }

    /** {@return a subscription to a topic, by these options} */
    public <T> ClientSubscription<T> subscribe(Topic<T> topic, SubscribeOptions options) {
        return subscribe(topic.name(), options, payload -> valueOf(topic, payload));
    }

    /** {@return a subscription to a topic or filter, {@code server_logs} and {@code joints/#} for instance, with values as they come} */
    public ClientSubscription<Payload> subscribe(String filter, SubscribeOptions options) {
        return subscribe(filter, options, payload -> payload);
    }

    private <T> ClientSubscription<T> subscribe(
            String filter, SubscribeOptions options, ClientSubscription.Reader<T> reader) {
        ClientSubscription<T> subscription = new ClientSubscription<>(
                filter, "j" + names.incrementAndGet(), options, reader, this::ended, this::again);
        onLoop(() -> begin(subscription), () -> subscription.fail(closed()));
        return subscription;
    }

    @SuppressWarnings("unchecked") // a topic of bytes has no other values
    private static <T> T valueOf(Topic<T> topic, Payload payload) throws Exception {
        if (topic.isBinary()) {
            return (T) payload.bytes().orElseThrow(() -> new IOException("it is no bytes"));
        }
        return topic.codec().decode(payload.json());
    }

    /** {@return the acknowledgement of a value that is published} */
    public <T> CompletableFuture<Published> publish(Topic<T> topic, T value) {
        return publish(topic, value, Optional.empty());
    }

    /** {@return the same; the robot refuses the value as {@code stale} if it arrives later than so long from now} */
    public <T> CompletableFuture<Published> publish(Topic<T> topic, T value, Duration ttl) {
        return publish(topic, value, Optional.of(ttl));
    }

    private <T> CompletableFuture<Published> publish(Topic<T> topic, T value, Optional<Duration> ttl) {
        Payload payload;
        try {
            payload = topic.isBinary()
                    ? Payload.ofBytes(topic.name(), topic.type(), (ByteBuffer) value)
                    : Payload.of(topic.name(), topic.type(), topic.codec().encode(value));
        } catch (Exception unwritable) {
            return CompletableFuture.failedFuture(
                    new IOException("the value for " + topic.name() + " cannot be written", unwritable));
        }
        return publish(topic.name(), payload, ttl);
    }

    /** {@return the acknowledgement of a value that is published as it is} */
    public CompletableFuture<Published> publish(String topic, Payload payload) {
        return publish(topic, payload, Optional.empty());
    }

    private CompletableFuture<Published> publish(String topic, Payload payload, Optional<Duration> ttl) {
        JsonObject data = new JsonObject();
        data.addProperty("name", payload.name());
        data.addProperty("type", payload.type());
        try {
            if (payload.bytes().isEmpty()) {
                data.add("data", JsonParser.parseString(payload.json()));
            }
        } catch (JsonParseException noJson) {
            return CompletableFuture.failedFuture(new IOException("the value for " + topic + " is no JSON", noJson));
        }
        JsonObject body = Connection.action("publish", "data", data);
        body.addProperty("topic", topic);
        ttl.ifPresent(life -> {
            body.addProperty("mono", mono());
            body.addProperty("ttl_ms", life.toMillis());
        });
        return request(
                body,
                payload.bytes(),
                ack -> new Published(Frames.number(ack, "seq", 0), (int) Frames.number(ack, "subscribers", 0)));
    }

    /**
     * The newest value of a topic. The first call subscribes and waits for a value for two seconds; those after it return at once, also
     * while there is no connection, so look at its age.
     *
     * @throws RequestException if the broker refuses the subscription
     * @throws ConnectionEndedException if the client has stopped
     */
    public <T> Optional<RobotMessage<T>> latest(Topic<T> topic) throws IOException, InterruptedException {
        @SuppressWarnings("unchecked") // by the topic
        Newest<T> held = (Newest<T>) newest.computeIfAbsent(
                topic,
                key -> new Newest<>(subscribe(topic, SubscribeOptions.none().latest())));
        try {
            return held.get();
        } catch (RequestException refused) {
            newest.values().remove(held);
            throw refused;
        }
    }

    /** {@return all topics that the client may subscribe to, in the order of their names} */
    public CompletableFuture<List<TopicInfo>> topics() {
        return pages("topics", Optional.empty(), RobotStreamClient::topic, new ArrayList<>(), Optional.empty());
    }

    /** {@return the topics that the client may subscribe to and that match a name or filter, in the order of their names} */
    public CompletableFuture<List<TopicInfo>> topics(String filter) {
        return pages("topics", Optional.of(filter), RobotStreamClient::topic, new ArrayList<>(), Optional.empty());
    }

    /** {@return all services that the client may call, in the order of their names} */
    public CompletableFuture<List<ServiceInfo>> services() {
        return pages("services", Optional.empty(), RobotStreamClient::service, new ArrayList<>(), Optional.empty());
    }

    private <T> CompletableFuture<List<T>> pages(
            String what,
            Optional<String> filter,
            Function<JsonObject, T> entry,
            List<T> found,
            Optional<String> after) {
        JsonObject body = Connection.action(what);
        filter.ifPresent(text -> body.addProperty("topic", text));
        after.ifPresent(name -> body.addProperty("after", name));
        return request(body, Optional.empty(), Function.identity()).thenCompose(page -> {
            List<JsonElement> entries = page.getAsJsonArray(what).asList();
            entries.forEach(each -> found.add(entry.apply(each.getAsJsonObject())));
            if (Frames.flag(page, "complete") || entries.isEmpty()) {
                return CompletableFuture.completedFuture(List.copyOf(found));
            }
            JsonObject last = entries.get(entries.size() - 1).getAsJsonObject();
            return pages(what, filter, entry, found, Optional.of(Frames.word(last, "name")));
        });
    }

    private static TopicInfo topic(JsonObject json) {
        return new TopicInfo(
                Frames.word(json, "name"),
                Optional.of(Frames.word(json, "type")).filter(type -> !type.isEmpty()),
                Frames.word(json, "kind").equals("command"),
                json.getAsJsonArray("rights").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList(),
                Optional.ofNullable(json.get("oldest")).map(JsonElement::getAsLong),
                json.get("rate").getAsDouble(),
                text(json, "stats"),
                text(json, "schema"),
                Optional.ofNullable(json.getAsJsonObject("stop")).flatMap(stop -> text(stop, "value")));
    }

    private static ServiceInfo service(JsonObject json) {
        return new ServiceInfo(Frames.word(json, "name"), text(json, "request"), text(json, "reply"));
    }

    private static Optional<String> text(JsonObject json, String member) {
        return Optional.ofNullable(json.get(member)).map(JsonElement::toString);
    }

    /** As {@link #call(String, Object, Class)}, by the name and the types of a service that robot and client share. */
    public <Q, A> CompletableFuture<A> call(Service<Q, A> service, Q data) {
        return call(service.name(), data, service.answerType());
    }

    /** As {@link #call(String, Object, Class, Duration, Consumer)}, with 10 s for the answer and nobody to hear of progress. */
    public <T> CompletableFuture<T> call(String service, Object data, Class<T> answer) {
        return call(service, data, answer, CALL_TIME, progress -> {});
    }

    /**
     * Calls a service of the robot. It is never made a second time: where the connection is lost meanwhile it fails with
     * {@link DisconnectedException}, and what the robot has done of it is not known. To cancel the result gives the call up, and the robot
     * is told so.
     *
     * @param data what the service is asked, written as Gson does it, a record for instance
     * @param answer the class of what it answers, {@link JsonElement} for any
     * @param timeout how long the robot has for its answer; at most an hour
     * @param progress hears on the client's thread what the service tells before its answer
     * @return the answer; fails with {@link RequestException} of {@code unknown_service}, {@code type_mismatch}, {@code timeout},
     *     {@code call_failed}, {@code forbidden} or {@code overloaded}, and with {@link IOException} if the data or the answer is not of its class
     */
    public <T> CompletableFuture<T> call(
            String service, Object data, Class<T> answer, Duration timeout, Consumer<JsonElement> progress) {
        JsonElement asked;
        try {
            asked = GSON.toJsonTree(data);
        } catch (RuntimeException unwritable) {
            return CompletableFuture.failedFuture(
                    new IOException("what " + service + " is asked cannot be written", unwritable));
        }
        JsonObject body = Connection.action("call", "data", asked);
        body.addProperty("service", service);
        body.addProperty("timeout_ms", timeout.toMillis());
        CompletableFuture<T> result = new CompletableFuture<>();
        request(
                result,
                open -> {
                    CompletableFuture<JsonObject> reply = open.call(body, timeout.toMillis(), progress);
                    long id = open.lastId();
                    var unused = result.whenComplete((value, failure) -> {
                        if (result.isCancelled()) {
                            onLoop(() -> cancel(open, id), () -> {});
                        }
                    });
                    return reply;
                },
                ack -> answerOf(service, ack, answer));
        return result;
    }

    private static void cancel(Connection on, long call) {
        var unused = on.request(Connection.action("cancel", "call", new JsonPrimitive(call)), Optional.empty());
    }

    private static <T> T answerOf(String service, JsonObject ack, Class<T> answer) {
        try {
            return GSON.fromJson(ack.get("data"), answer);
        } catch (JsonParseException other) {
            throw new CompletionException(
                    new IOException("what " + service + " answers is no " + answer.getName(), other));
        }
    }

    /**
     * Takes the lease of a topic for this connection, or keeps it: nobody else publishes there meanwhile.
     *
     * @param ttl how long it lasts after the last publish or {@code acquire}; from 100 ms to a minute
     * @return fails with {@link RequestException}: {@code lease_held}, with its holder; {@code forbidden} for a topic that has no lease
     */
    public CompletableFuture<Void> acquire(Topic<?> topic, Duration ttl) {
        JsonObject body = Connection.action("acquire", "topic", new JsonPrimitive(topic.name()));
        body.addProperty("ttl_ms", ttl.toMillis());
        return request(body, Optional.empty(), ack -> null);
    }

    /** {@return when the lease of a topic is given back; fails with {@code lease_required} if this connection does not have it} */
    public CompletableFuture<Void> release(Topic<?> topic) {
        return request(
                Connection.action("release", "topic", new JsonPrimitive(topic.name())), Optional.empty(), ack -> null);
    }

    /** As {@link #stop(Duration)}, with a second for the acknowledgement. */
    public CompletableFuture<List<String>> stop() {
        return stop(STOP_TIME);
    }

    /**
     * Stops the robot: the broker publishes the declared value on each stop topic that the token permits. Treat the robot as not stopped if the
     * result fails.
     *
     * @param timeout how long the broker has for the acknowledgement
     * @return the names of those topics; fails with {@link RequestException} of {@code forbidden}, if the token permits no stop topic or the robot
     *     has none, or of {@code no_reply}, and at once with {@link DisconnectedException} if there is no connection
     */
    public CompletableFuture<List<String>> stop(Duration timeout) {
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        request(
                result,
                open -> open.request(Connection.action("stop"), Optional.empty(), timeout.toMillis()),
                ack -> ack.getAsJsonArray("topics").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList());
        return result;
    }

    /** As {@link #history(String, Position, int)}, from the oldest message that is kept. */
    public CompletableFuture<List<RobotMessage<Payload>>> history(String topic, int limit) {
        return history(topic, Optional.empty(), limit);
    }

    /**
     * A page of what the robot has kept of a topic, the oldest first.
     *
     * @param since begins behind it
     * @param limit at most 1,000
     * @return empty when nothing newer is there; else the next page begins at the position of the last message
     */
    public CompletableFuture<List<RobotMessage<Payload>>> history(String topic, Position since, int limit) {
        return history(topic, Optional.of(since), limit);
    }

    private CompletableFuture<List<RobotMessage<Payload>>> history(String topic, Optional<Position> since, int limit) {
        JsonObject body = Connection.action("history");
        body.addProperty("topic", topic);
        body.addProperty("limit", limit);
        since.ifPresent(position -> {
            JsonObject json = new JsonObject();
            json.addProperty("epoch", position.epoch());
            json.addProperty("seq", position.seq());
            body.add("since", json);
        });
        RobotClock clock = sessions.clock();
        return request(body, Optional.empty(), page -> {
            List<RobotMessage<Payload>> messages = new ArrayList<>();
            for (JsonElement entry : page.getAsJsonArray("messages")) {
                JsonObject message = entry.getAsJsonObject();
                if (message.get("data") instanceof JsonObject data) {
                    Payload payload = Frames.payload(topic, data, Frames.base64(message, data));
                    messages.add(Frames.message(topic, payload, message, Frames.word(page, "epoch"), clock::mono));
                }
            }
            return List.copyOf(messages);
        });
    }

    /** Ends the client: loops end, the robot is told 1000. Waits for its answer for two seconds. */
    @Override
    public void close() {
        onLoop(this::goodbye, () -> {});
        try {
            gone.get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // It is cut below.
        }
        onLoop(
                () -> {
                    Connection last = sessions.connection();
                    if (last != null) {
                        last.cut(Ended.closed(1000, ""));
                    }
                    loop.getQueue().removeIf(task -> ((Delayed) task).getDelay(TimeUnit.NANOSECONDS) > 0);
                    loop.shutdown();
                },
                () -> {});
    }

    private void goodbye() {
        Connection open = sessions.connection();
        sessions.stop(closed());
        if (open == null) {
            gone.complete(null);
        } else {
            open.whenEnded(() -> gone.complete(null));
            open.close();
        }
    }

    private static ConnectionEndedException closed() {
        return new ConnectionEndedException(1000, "the client was closed");
    }

    private <T> CompletableFuture<T> request(
            JsonObject body, Optional<ByteBuffer> payload, Function<JsonObject, T> read) {
        CompletableFuture<T> result = new CompletableFuture<>();
        request(result, open -> open.request(body, payload), read);
        return result;
    }

    private <T> void request(
            CompletableFuture<T> result,
            Function<Connection, CompletableFuture<JsonObject>> send,
            Function<JsonObject, T> read) {
        onLoop(
                () -> {
                    if (result.isDone()) {
                        return; // cancelled before it was sent
                    }
                    Connection open = sessions.connection();
                    IOException end = sessions.end();
                    if (end != null || open == null) {
                        result.completeExceptionally(
                                end != null ? end : new DisconnectedException("there is no connection at the moment"));
                        return;
                    }
                    var unused = send.apply(open).thenApply(read).whenComplete((value, failure) -> {
                        if (failure == null) {
                            result.complete(value);
                        } else {
                            result.completeExceptionally(cause(failure));
                        }
                    });
                },
                () -> result.completeExceptionally(closed()));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void onLoop(Runnable work, Runnable afterTheEnd) {
        try {
            loop.execute(work);
        } catch (RejectedExecutionException closed) {
            afterTheEnd.run();
        }
    }

    // ---- subscriptions, on the client's thread

    private void begin(ClientSubscription<?> subscription) {
        IOException end = sessions.end();
        if (end != null) {
            subscription.fail(end);
            return;
        }
        subscriptions.put(subscription.name, subscription);
        subscribe(subscription, sessions.connection());
    }

    private void subscribe(ClientSubscription<?> subscription, @Nullable Connection on) {
        if (on == null || on != sessions.connection() || !subscriptions.containsKey(subscription.name)) {
            return; // the next connection asks again, or nobody
        }
        var unused = on.request(subscription.request(), Optional.empty()).whenComplete((ack, failure) -> {
            if (failure instanceof RequestException refusal && refusal.retry()) {
                long wait = refusal.retryAfter().map(Duration::toMillis).orElse(1000L);
                var unusedTimer = loop.schedule(() -> subscribe(subscription, on), wait, TimeUnit.MILLISECONDS);
            } else if (failure instanceof RequestException refusal) {
                fail(subscription, refusal);
            }
        });
    }

    private void fail(ClientSubscription<?> subscription, IOException why) {
        subscriptions.remove(subscription.name);
        subscription.fail(why);
    }

    private void ended(ClientSubscription<?> subscription) {
        onLoop(
                () -> {
                    if (subscriptions.remove(subscription.name) != null) {
                        unsubscribe(subscription);
                    }
                },
                () -> {});
    }

    private void again(ClientSubscription<?> subscription) {
        onLoop(() -> subscribe(subscription, sessions.connection()), () -> {});
    }

    private void unsubscribe(ClientSubscription<?> subscription) {
        Connection open = sessions.connection();
        if (open != null) {
            JsonObject body = Connection.action("unsubscribe");
            body.addProperty("topic", subscription.filter());
            body.addProperty("sub", subscription.name);
            var unused = open.request(body, Optional.empty());
        }
    }

    private final class User implements Sessions.User {
        @Override
        public void opened(Connection connection) {
            List.copyOf(subscriptions.values()).forEach(subscription -> subscribe(subscription, connection));
        }

        @Override
        public void stopped(IOException why) {
            List.copyOf(subscriptions.values()).forEach(subscription -> subscription.fail(why));
            subscriptions.clear();
        }

        @Override
        public void received(Frame frame, RobotClock clock) {
            JsonObject head = frame.head();
            ClientSubscription<?> subscription = subscriptions.get(Frames.word(head, "sub"));
            if (subscription == null) {
                return;
            }
            switch (Frames.word(head, "action")) {
                case "publish" -> {
                    if (!subscription.offer(Frames.message(frame, clock::mono))) {
                        unsubscribe(subscription);
                    }
                }
                case "ack" -> {
                    if (head.has("known")) {
                        subscription.accepted(head);
                    }
                }
                case "unsubscribed" ->
                    fail(
                            subscription,
                            new RequestException(
                                    Frames.word(head, "code"), "the newer token does not allow it", false, -1));
                default -> {
                    // A newer broker's.
                }
            }
        }
    }

    /** The newest message of one topic. */
    private static final class Newest<T> {
        private final ClientSubscription<T> subscription;
        private Optional<RobotMessage<T>> message = Optional.empty();
        private boolean asked;

        Newest(ClientSubscription<T> subscription) {
            this.subscription = subscription;
        }

        synchronized Optional<RobotMessage<T>> get() throws IOException, InterruptedException {
            Optional<RobotMessage<T>> newer = asked ? subscription.poll() : subscription.next(FIRST_VALUE);
            asked = true;
            message = newer.isPresent() ? newer : message;
            return message;
        }
    }
}
