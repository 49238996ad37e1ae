import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.robotstream.Payload;
import io.github.robotstream.client.ClientSubscription;
import io.github.robotstream.client.ConnectionStatus;
import io.github.robotstream.client.DisconnectedException;
import io.github.robotstream.client.RobotMessage;
import io.github.robotstream.client.RequestException;
import io.github.robotstream.client.RobotStreamClient;
import io.github.robotstream.client.SubscribeOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The Java client for the conformance script; see README.md beside it for what is read and written. */
public final class Java {
    private final BlockingQueue<JsonObject> tokens = new ArrayBlockingQueue<>(100);
    private final Map<String, Semaphore> flowing = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<?>> calls = new ConcurrentHashMap<>();
    private final CompletableFuture<RobotStreamClient> robot = new CompletableFuture<>();

    public static void main(String[] arguments) throws IOException {
        Java driver = new Java();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            driver.command(JsonParser.parseString(line).getAsJsonObject());
        }
        System.exit(0);
    }

    private void command(JsonObject command) {
        String as = command.has("as") ? command.get("as").getAsString() : "";
        switch (command.get("do").getAsString()) {
            case "connect" -> start(() -> connect(command.get("url").getAsString()));
            case "token" -> tokens.add(command);
            case "subscribe" -> start(() -> loop(as, command));
            case "pause" -> flowing.get(as).acquireUninterruptibly();
            case "resume" -> flowing.get(as).release();
            case "publish" -> publish(as, command);
            case "call" -> call(as, command);
            case "cancel" -> calls.get(as).cancel(true);
            case "close" -> robot.join().close();
            default -> throw new IllegalArgumentException(command.toString());
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private void connect(String url) {
        try {
            robot.complete(RobotStreamClient.at(url)
                    .tokens(this::token)
                    .timeout(Duration.ofMinutes(5))
                    .onStatus(Java::status)
                    .connect());
        } catch (IOException | InterruptedException told) {
            robot.completeExceptionally(told); // and as a status
        }
    }

    private String token() throws InterruptedException {
        tell("token", new JsonObject());
        return tokens.take().get("token").getAsString();
    }

    private static void status(ConnectionStatus status) {
        JsonObject event = new JsonObject();
        event.addProperty("state", status.state().name().toLowerCase(java.util.Locale.ROOT));
        event.addProperty("code", status.code());
        event.addProperty("reason", status.reason());
        tell("status", event);
    }

    private void loop(String as, JsonObject command) {
        Semaphore flow = new Semaphore(1);
        flowing.put(as, flow);
        JsonElement wanted = command.get("options");
        SubscribeOptions options = SubscribeOptions.none();
        if (wanted != null && wanted.getAsJsonObject().has("queue")) {
            options = options.queue(wanted.getAsJsonObject().get("queue").getAsInt());
        }
        try (ClientSubscription<Payload> messages =
                robot.join().subscribe(command.get("topic").getAsString(), options)) {
            for (RobotMessage<Payload> message : messages) {
                JsonObject event = new JsonObject();
                event.addProperty("as", as);
                event.addProperty("topic", message.topic());
                event.add("value", JsonParser.parseString(message.value().json()));
                event.addProperty("seq", message.position().seq());
                event.addProperty("dropped", message.dropped());
                event.addProperty("skipped", message.skipped());
                event.addProperty("gap", message.gap());
                event.addProperty("age", message.age().toNanos() / 1e9);
                boolean flows = flow.tryAcquire(); // a pause that answers this message is for the next
                tell("message", event);
                if (!flows) {
                    flow.acquireUninterruptibly();
                }
                flow.release();
            }
        } catch (RuntimeException ended) {
            // told as a status
        }
        JsonObject event = new JsonObject();
        event.addProperty("as", as);
        tell("over", event);
    }

    private void publish(String as, JsonObject command) {
        String topic = command.get("topic").getAsString();
        Payload payload = Payload.of(topic, "any", command.get("value").toString());
        robot.join().publish(topic, payload).whenComplete((done, failure) -> {
            if (failure == null) {
                tell("published", as, "seq", new JsonPrimitive(done.seq()));
            } else {
                tell("failed", as, "code", new JsonPrimitive(code(failure)));
            }
        });
    }

    private void call(String as, JsonObject command) {
        String service = command.get("service").getAsString();
        Duration timeout = Duration.ofMillis(command.get("timeout_ms").getAsLong());
        CompletableFuture<JsonElement> call = robot.join()
                .call(service, command.get("data"), JsonElement.class, timeout, told -> tell("progress", as, "data", told));
        calls.put(as, call);
        call.whenComplete((answer, failure) -> {
            if (failure == null) {
                tell("answered", as, "data", answer);
            } else {
                tell("failed", as, "code", new JsonPrimitive(code(failure)));
            }
        });
    }

    private static void tell(String what, String as, String member, JsonElement value) {
        JsonObject event = new JsonObject();
        event.addProperty("as", as);
        event.add(member, value);
        tell(what, event);
    }

    private static String code(Throwable failure) {
        if (failure instanceof DisconnectedException) {
            return "disconnected";
        }
        if (failure instanceof CancellationException) {
            return "cancelled";
        }
        return failure instanceof RequestException refused ? refused.code() : failure.getClass().getSimpleName();
    }

    private static synchronized void tell(String event, JsonObject members) {
        members.addProperty("event", event);
        System.out.println(members);
        System.out.flush();
    }
}
