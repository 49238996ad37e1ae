package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A client of a {@link BrokerUnderTest} that speaks Foxglove's subprotocol, and sorts what it is sent. */
final class FoxgloveClient {
    static final String SUBPROTOCOL = "foxglove.websocket.v1";

    /** What is greeted at once may be lost to clients that begin to listen once they are let in. */
    private static final Duration GREETING = Duration.ofMillis(50);

    private static final int MESSAGE_DATA = 1;
    private static final int TIME = 2;
    private static final int RESPONSE = 3;

    final ContractClient raw;
    private final List<JsonObject> told = new ArrayList<>();
    private final Map<String, JsonObject> channels = new LinkedHashMap<>();
    private final List<Data> data = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final Map<String, JsonObject> services = new LinkedHashMap<>();
    private final List<String> answers = new ArrayList<>();

    /** Message data. */
    record Data(int subscription, long nanos, byte[] payload) {
        String json() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private FoxgloveClient(ContractClient raw) {
        this.raw = raw;
    }

    static FoxgloveClient connect(BrokerUnderTest test) throws IOException {
        return connect(test, "", SUBPROTOCOL);
    }

    static FoxgloveClient connect(BrokerUnderTest test, String query, String subprotocols) throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of("Sec-WebSocket-Protocol", subprotocols));
        ContractClient raw = test.connect(query, headers);
        raw.hearsNothing();
        test.advance(GREETING);
        return new FoxgloveClient(raw).look();
    }

    /** Reads what has come. */
    private FoxgloveClient look() {
        for (String frame : raw.frames()) {
            read(JsonParser.parseString(frame).getAsJsonObject());
        }
        for (byte[] message : raw.binaries()) {
            ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
            switch (bytes.get()) {
                case MESSAGE_DATA ->
                    data.add(
                            new Data(bytes.getInt(), bytes.getLong(), Arrays.copyOfRange(message, 13, message.length)));
                case TIME -> times.add(bytes.getLong());
                case RESPONSE -> answers.add(answer(bytes));
                default -> throw new AssertionError("opcode " + message[0]);
            }
        }
        return this;
    }

    /** Service, call, encoding and payload. */
    private static String answer(ByteBuffer bytes) {
        String numbers = Integer.toUnsignedString(bytes.getInt()) + " " + Integer.toUnsignedString(bytes.getInt());
        byte[] encoding = new byte[bytes.getInt()];
        bytes.get(encoding);
        String payload = StandardCharsets.UTF_8.decode(bytes).toString();
        return numbers + " " + new String(encoding, StandardCharsets.UTF_8) + " " + payload;
    }

    private void read(JsonObject message) {
        switch (message.get("op").getAsString()) {
            case "advertiseServices" -> {
                for (JsonElement service : message.getAsJsonArray("services")) {
                    String name = service.getAsJsonObject().get("name").getAsString();
                    assertThat(services.put(name, service.getAsJsonObject()))
                            .as("a service %s that is there already", name)
                            .isNull();
                }
            }
            case "serviceCallFailure" ->
                answers.add(Integer.toUnsignedString(message.get("serviceId").getAsInt()) + " "
                        + Integer.toUnsignedString(message.get("callId").getAsInt()) + " failed "
                        + message.get("message").getAsString());
            case "advertise" -> {
                for (JsonElement channel : message.getAsJsonArray("channels")) {
                    String topic = channel.getAsJsonObject().get("topic").getAsString();
                    assertThat(channels.put(topic, channel.getAsJsonObject()))
                            .as("a channel of %s that is there already", topic)
                            .isNull();
                }
            }
            case "unadvertise" -> {
                for (JsonElement id : message.getAsJsonArray("channelIds")) {
                    assertThat(channels.values()
                                    .removeIf(channel -> channel.get("id").equals(id)))
                            .as("channel %s was there", id)
                            .isTrue();
                }
            }
            default -> told.add(message);
        }
    }

    /** The topics of the channels that there are. */
    Set<String> topics() {
        return look().channels.keySet();
    }

    JsonObject channel(String topic) {
        JsonObject channel = look().channels.get(topic);
        assertThat(channel).as("the channel of %s", topic).isNotNull();
        return channel;
    }

    /** The services that it was told of, by their names. */
    Map<String, JsonObject> services() {
        return look().services;
    }

    /** What came of calls since this was asked last: "SERVICE CALL json REPLY" or "SERVICE CALL failed MESSAGE". */
    List<String> answers() {
        look();
        List<String> all = List.copyOf(answers);
        answers.clear();
        return all;
    }

    FoxgloveClient call(String service, int call, String json) {
        assertThat(services()).containsKey(service);
        return call(services.get(service).get("id").getAsInt(), call, "json", json);
    }

    FoxgloveClient call(int service, int call, String encoding, String json) {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] word = encoding.getBytes(StandardCharsets.UTF_8);
        raw.sendBinary(ByteBuffer.allocate(13 + word.length + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 2)
                .putInt(service)
                .putInt(call)
                .putInt(word.length)
                .put(word)
                .put(text)
                .array());
        return this;
    }

    /** What was told since this was asked last, but for channels, services and failures of calls. */
    List<JsonObject> told() {
        look();
        List<JsonObject> all = List.copyOf(told);
        told.clear();
        return all;
    }

    /** The messages of the statuses since this was asked last. */
    List<String> statuses() {
        return told().stream()
                .filter(message -> message.get("op").getAsString().equals("status"))
                .map(message -> message.get("message").getAsString())
                .toList();
    }

    /** The message data since this was asked last. */
    List<Data> data() {
        look();
        List<Data> all = List.copyOf(data);
        data.clear();
        return all;
    }

    /** The same as texts. */
    List<String> values() {
        return data().stream().map(Data::json).toList();
    }

    /** The times that it was told since this was asked last, in nanoseconds since 1970. */
    List<Long> times() {
        look();
        List<Long> all = List.copyOf(times);
        times.clear();
        return all;
    }

    FoxgloveClient send(String text) {
        raw.send(text.replace('\'', '"'));
        return this;
    }

    FoxgloveClient subscribe(int number, String topic) {
        return subscribe(number, channel(topic).get("id").getAsInt());
    }

    FoxgloveClient subscribe(int number, int channel) {
        return send("{'op':'subscribe','subscriptions':[{'id':" + number + ",'channelId':" + channel + "}]}");
    }

    FoxgloveClient unsubscribe(int number) {
        return send("{'op':'unsubscribe','subscriptionIds':[" + number + "]}");
    }

    FoxgloveClient advertise(int number, String topic, String schemaName) {
        JsonObject channel = new JsonObject();
        channel.addProperty("id", number);
        channel.addProperty("topic", topic);
        channel.addProperty("encoding", "json");
        channel.addProperty("schemaName", schemaName);
        JsonArray all = new JsonArray();
        all.add(channel);
        return send("{'op':'advertise','channels':" + all + "}");
    }

    FoxgloveClient publish(int number, String json) {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        raw.sendBinary(ByteBuffer.allocate(5 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putInt(number)
                .put(text)
                .array());
        return this;
    }
}
