package io.github.robotstream.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.robotstream.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Frames of the wire protocol, read and written. */
final class Frames {
    /**
     * What has come.
     *
     * @param bytes of a binary message
     */
    record Frame(JsonObject head, Optional<ByteBuffer> bytes) {}

    private Frames() {}

    static Frame text(String text) throws IOException {
        try {
            return new Frame(JsonParser.parseString(text).getAsJsonObject(), Optional.empty());
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException("the other side sent what is no frame: is it a RobotStream broker?", e);
        }
    }

    static Frame binary(ByteBuffer message) throws IOException {
        int length = message.remaining() < 4 ? -1 : message.getInt();
        if (length < 0 || length > message.remaining()) {
            throw new IOException("the other side sent a binary message that is none of a RobotStream broker's");
        }
        byte[] head = new byte[length];
        message.get(head);
        return new Frame(text(new String(head, StandardCharsets.UTF_8)).head(), Optional.of(message));
    }

    static ByteBuffer binary(JsonObject head, ByteBuffer bytes) {
        byte[] json = head.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + json.length + bytes.remaining())
                .putInt(json.length)
                .put(json)
                .put(bytes.duplicate())
                .flip();
    }

    static RobotMessage<Payload> message(Frame frame, RobotMessage.AgeClock clock) {
        JsonObject head = frame.head();
        JsonObject data = head.getAsJsonObject("data");
        String topic = word(head, "topic");
        Payload payload = payload(topic, data, frame.bytes());
        return message(topic, payload, head, word(head, "epoch"), clock);
    }

    static RobotMessage<Payload> message(
            String topic, Payload payload, JsonObject meta, String epoch, RobotMessage.AgeClock clock) {
        return new RobotMessage<>(
                topic,
                payload,
                payload.type(),
                new Position(epoch, number(meta, "seq", 0)),
                number(meta, "ts", 0),
                number(meta, "mono", 0),
                number(meta, "dropped", 0),
                number(meta, "skipped", 0),
                false,
                flag(meta, "retained"),
                word(meta, "from"),
                word(meta, "kind").equals("command"),
                clock);
    }

    static Payload payload(String topic, JsonObject data, Optional<ByteBuffer> bytes) {
        String name = data.has("name") ? word(data, "name") : topic;
        if (bytes.isPresent()) {
            return Payload.ofOwnedBytes(name, word(data, "type"), bytes.get());
        }
        JsonElement value = data.get("data");
        return Payload.of(name, word(data, "type"), value == null ? "null" : value.toString());
    }

    /** The bytes of a message of a history, where it has some. */
    static Optional<ByteBuffer> base64(JsonObject message, JsonObject data) {
        return word(message, "encoding").equals("base64")
                ? Optional.of(ByteBuffer.wrap(Base64.getDecoder().decode(word(data, "data"))))
                : Optional.empty();
    }

    static String word(JsonObject json, String member) {
        JsonElement value = json.get(member);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    static boolean flag(JsonObject json, String member) {
        JsonElement value = json.get(member);
        return value != null && value.isJsonPrimitive() && value.getAsBoolean();
    }

    static long number(JsonObject json, String member, long otherwise) {
        JsonElement value = json.get(member);
        return value != null && value.isJsonPrimitive() ? value.getAsLong() : otherwise;
    }
}
