package io.github.robotstream.test;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.testing.BinaryMessages;
import io.github.robotstream.testing.TestClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A client of a {@link TestBroker}, which speaks the protocol over a connection in memory: what it sends passes the same checks, limits and
 * queues as that of a client on a socket. Each call settles the broker, so what it brings about has happened when it returns.
 *
 * <pre>{@code
 * MemoryClient operator = test.connect(test.tokens().of("operator-3", Permissions.none().subscribe("pose").publish("cmd_vel")));
 * operator.subscribe(pose);
 * operator.publish(cmdVel, new Twist(0.5, 0));
 * assertEquals(List.of(new Pose(0, 0, 0)), operator.values(pose));
 * operator.loseConnection();
 * }</pre>
 *
 * <p>What the broker refuses is an error among {@link #frames}. What has no method here is sent as text ({@link #send}).
 */
public final class MemoryClient implements AutoCloseable {
    private static final int NORMAL = 1000;
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 1_000_000;

    private final TestBroker test;
    private final TestClient client;
    private final List<String> unread = new ArrayList<>();
    private final List<byte[]> unreadBinary = new ArrayList<>();
    private int calls;

    MemoryClient(TestBroker test, TestClient client) {
        this.test = test;
        this.client = client;
    }

    /** Sends a subscribe. */
    public MemoryClient subscribe(Topic<?> topic) {
        return subscribe(topic.name());
    }

    /** Sends a subscribe for a topic or filter, {@code server_logs} for instance. */
    public MemoryClient subscribe(String topic) {
        JsonObject request = new JsonObject();
        request.addProperty("action", "subscribe");
        request.addProperty("topic", topic);
        return send(request.toString());
    }

    /**
     * Sends a publish of a value, written by the topic's codec.
     *
     * @throws AssertionError if the codec does not write it
     */
    public <T> MemoryClient publish(Topic<T> topic, T value) {
        try {
            return publish(topic.name(), topic.type(), topic.codec().encode(value));
        } catch (Exception e) {
            throw new AssertionError("the codec of " + topic + " cannot write " + value, e);
        }
    }

    /** Sends a publish of any value, for what clients should not send. */
    public MemoryClient publish(String topic, String type, String json) {
        JsonObject data = new JsonObject();
        data.addProperty("name", topic);
        data.addProperty("type", type);
        data.add("data", JsonParser.parseString(json));
        JsonObject request = new JsonObject();
        request.addProperty("action", "publish");
        request.addProperty("topic", topic);
        request.add("data", data);
        return send(request.toString());
    }

    /** Sends bytes to a binary topic, as they are and not in base64. */
    public MemoryClient publishBytes(Topic<ByteBuffer> topic, byte[] bytes) {
        JsonObject data = new JsonObject();
        data.addProperty("name", topic.name());
        data.addProperty("type", topic.type());
        JsonObject head = new JsonObject();
        head.addProperty("action", "publish");
        head.addProperty("topic", topic.name());
        head.add("data", data);
        client.sendBinary(BinaryMessages.of(head.toString(), bytes));
        test.settle();
        return this;
    }

    /** Sends an acquire of a topic's lease, which ends 5 s after its last use by the {@link TestBroker}'s clock. */
    public MemoryClient acquire(Topic<?> topic) {
        return send(request("acquire", topic).toString());
    }

    /** Sends an acquire of a topic's lease, which ends so long after its last use; 100 ms to a minute. */
    public MemoryClient acquire(Topic<?> topic, Duration ttl) {
        JsonObject request = request("acquire", topic);
        request.addProperty("ttl_ms", ttl.toMillis());
        return send(request.toString());
    }

    /** Sends a release of a topic's lease and of the client's commands there. */
    public MemoryClient release(Topic<?> topic) {
        return send(request("release", topic).toString());
    }

    private static JsonObject request(String action, Topic<?> topic) {
        JsonObject request = new JsonObject();
        request.addProperty("action", action);
        request.addProperty("topic", topic.name());
        return request;
    }

    /** Sends a stop of the robot, on each stop topic that the client's token permits. */
    public MemoryClient stop() {
        return send("{\"action\":\"stop\"}");
    }

    /**
     * Calls a service and waits for its answer, since the handler has a thread of its own; other frames stay.
     *
     * @param json what the service is asked
     * @return the answer, as JSON
     * @throws AssertionError with the error's code and message if there is none, or if none comes within ten seconds of real time
     */
    public String call(String service, String json) {
        String id = "call-" + ++calls;
        JsonObject request = new JsonObject();
        request.addProperty("action", "call");
        request.addProperty("id", id);
        request.addProperty("service", service);
        request.add("data", JsonParser.parseString(json));
        send(request.toString());
        long began = System.nanoTime();
        while (System.nanoTime() - began < ANSWER.toNanos()) {
            Optional<JsonObject> answer = answer(id);
            if (answer.isPresent()) {
                return data(service, answer.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new AssertionError(service + " has not answered within " + ANSWER.toSeconds() + " s");
    }

    private Optional<JsonObject> answer(String id) {
        read();
        for (Iterator<String> frames = unread.iterator(); frames.hasNext(); ) {
            JsonObject frame = JsonParser.parseString(frames.next()).getAsJsonObject();
            boolean isAnswer = frame.has("id")
                    && frame.get("id").getAsString().equals(id)
                    && !frame.get("action").getAsString().equals("progress");
            if (isAnswer) {
                frames.remove();
                return Optional.of(frame);
            }
        }
        return Optional.empty();
    }

    private static String data(String service, JsonObject answer) {
        if (answer.get("action").getAsString().equals("error")) {
            throw new AssertionError(service + " failed: " + answer.get("code").getAsString() + ": "
                    + answer.get("message").getAsString());
        }
        return answer.get("data").toString();
    }

    /** Sends a text message: a request with options, or what is none. */
    public MemoryClient send(String text) {
        client.send(text);
        test.settle();
        return this;
    }

    /**
     * The values of a topic that have come and were not asked for yet, the oldest first; other frames stay. For messages as envelopes,
     * which clients get that do not ask for another form.
     *
     * @throws AssertionError if the topic's codec does not read one
     */
    public <T> List<T> values(Topic<T> topic) {
        read();
        List<T> values = new ArrayList<>();
        for (Iterator<String> frames = unread.iterator(); frames.hasNext(); ) {
            JsonObject frame = JsonParser.parseString(frames.next()).getAsJsonObject();
            if (isMessageOf(topic, frame)) {
                values.add(decoded(topic, frame.getAsJsonObject("data").get("data")));
                frames.remove();
            }
        }
        return values;
    }

    /**
     * The bytes of a binary topic that have come as they are and were not asked for yet, the oldest first: those of a subscription with the
     * option {@code binary}, which is sent as text. Others have base64, and {@link #values} reads that.
     */
    public List<byte[]> bytes(Topic<ByteBuffer> topic) {
        read();
        List<byte[]> bytes = new ArrayList<>();
        for (Iterator<byte[]> messages = unreadBinary.iterator(); messages.hasNext(); ) {
            byte[] message = messages.next();
            if (isMessageOf(
                    topic, JsonParser.parseString(BinaryMessages.head(message)).getAsJsonObject())) {
                bytes.add(BinaryMessages.bytes(message));
                messages.remove();
            }
        }
        return bytes;
    }

    private static boolean isMessageOf(Topic<?> topic, JsonObject frame) {
        return frame.has("topic")
                && frame.get("topic").getAsString().equals(topic.name())
                && frame.get("action").getAsString().equals("publish");
    }

    private static <T> T decoded(Topic<T> topic, JsonElement value) {
        try {
            return topic.codec().decode(value.toString());
        } catch (Exception e) {
            throw new AssertionError("the codec of " + topic + " cannot read " + value, e);
        }
    }

    /** All text frames that have come and were not asked for yet, replies and errors too. */
    public List<String> frames() {
        read();
        List<String> frames = List.copyOf(unread);
        unread.clear();
        return frames;
    }

    private void read() {
        test.settle();
        for (Optional<String> next = client.poll(); next.isPresent(); next = client.poll()) {
            unread.add(next.get());
        }
        for (Optional<byte[]> next = client.pollBinary(); next.isPresent(); next = client.pollBinary()) {
            unreadBinary.add(next.get());
        }
    }

    /** {@return whether the broker has neither closed the connection nor lost it} */
    public boolean isOpen() {
        test.settle();
        return !InMemoryTransport.isClosed(client);
    }

    /**
     * {@return the code of the broker's close frame, 4401 when its token has ended for instance; 1006 if there was none}
     *
     * @throws AssertionError if it is open
     */
    public int closeCode() {
        if (isOpen()) {
            throw new AssertionError("the connection is open");
        }
        return client.closeCode();
    }

    /** Reads no more, as a client that hangs or whose network is full. */
    public void stopReading() {
        client.stopReading();
    }

    /** Reads on. */
    public void resumeReading() {
        client.resumeReading();
        test.settle();
    }

    /** Its connection is lost: the broker sees the end without a close frame. */
    public void loseConnection() {
        client.abort();
        test.settle();
    }

    /** Leaves with close code 1000. */
    @Override
    public void close() {
        if (isOpen()) {
            client.close(NORMAL, "");
            test.settle();
        }
    }
}
