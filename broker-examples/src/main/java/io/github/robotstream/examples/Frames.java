package io.github.robotstream.examples;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The few frames of the wire protocol that a client writes, and what it has to know of those it reads. */
final class Frames {
    /** What a received frame is. */
    enum Kind {
        /** A message of a topic, in either style. */
        MESSAGE,
        /** The reply to a request that was carried out. */
        ACK,
        /** The reply to a request that was not. */
        ERROR
    }

    private Frames() {}

    static String subscribe(int id, String topic) {
        return request(id, "subscribe", topic);
    }

    /**
     * A publish request.
     *
     * @param json the value as one JSON text; it goes out as it is, so numbers keep their digits
     */
    static String publish(int id, String topic, String name, String type, String json) {
        return "{\"action\":\"publish\",\"id\":" + id + ",\"topic\":" + quoted(topic) + ",\"data\":{\"name\":"
                + quoted(name) + ",\"type\":" + quoted(type) + ",\"data\":" + json + "}}";
    }

    /** A publish request of bytes: a binary message of a head, which is JSON behind its length, and the bytes. */
    static byte[] publish(int id, String topic, String name, String mediaType, byte[] bytes) {
        byte[] head = ("{\"action\":\"publish\",\"id\":" + id + ",\"topic\":" + quoted(topic) + ",\"data\":{\"name\":"
                        + quoted(name) + ",\"type\":" + quoted(mediaType) + "}}")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + head.length + bytes.length)
                .putInt(head.length)
                .put(head)
                .put(bytes)
                .array();
    }

    /** A request that is about no topic. */
    static String request(int id, String action) {
        JsonObject frame = new JsonObject();
        frame.addProperty("action", action);
        frame.addProperty("id", id);
        return frame.toString();
    }

    /** A request about a topic that has no other member. */
    static String request(int id, String action, String topic) {
        JsonObject frame = new JsonObject();
        frame.addProperty("action", action);
        frame.addProperty("id", id);
        frame.addProperty("topic", topic);
        return frame.toString();
    }

    /** {@return whether a frame is an error with this code} */
    static boolean isError(String frame, String code) throws IOException {
        return kind(frame) == Kind.ERROR
                && JsonParser.parseString(frame)
                        .getAsJsonObject()
                        .get("code")
                        .getAsString()
                        .equals(code);
    }

    static Kind kind(String frame) throws IOException {
        try {
            JsonElement action = JsonParser.parseString(frame).getAsJsonObject().get("action");
            String word = action == null ? "" : action.getAsString();
            return switch (word) {
                case "ack" -> Kind.ACK;
                case "error" -> Kind.ERROR;
                default -> Kind.MESSAGE;
            };
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new IOException("the other side sent what is no frame: is it a RobotStream broker?", e);
        }
    }

    /**
     * The usual word for the type of a value.
     *
     * @return the word, or empty if {@code json} is not one JSON text (RFC 8259)
     */
    static Optional<String> typeWord(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            reader.setStrictness(Strictness.STRICT);
            String word = switch (reader.peek()) {
                case NUMBER -> "float";
                case BOOLEAN -> "bool";
                case STRING -> "string";
                case BEGIN_ARRAY -> "list";
                case NULL -> "null";
                default -> "object";
            };
            reader.skipValue();
            return reader.peek() == JsonToken.END_DOCUMENT ? Optional.of(word) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }
}
