package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.robotstream.spi.TokenRejectedException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads header, claims and key sets: one JSON object (RFC 8259) in strict UTF-8, no byte order mark, no member twice at any level
 * (RFC 7515 section 4, RFC 7519 section 4). Two readers must not see two different tokens in one text.
 */
final class StrictJson {
    private static final int MAX_DEPTH = 32;

    private StrictJson() {}

    /** Reads one object; {@code part} names it in the refusal, which quotes nothing of it. */
    static JsonObject object(byte[] utf8, String part) throws TokenRejectedException {
        try {
            return read(utf8);
        } catch (IOException | IllegalStateException e) {
            // Gson's messages name members of the token, so they stay here.
            throw new TokenRejectedException(
                    TOKEN_INVALID,
                    "token's " + part + " is not one strict JSON object in UTF-8 without duplicate members");
        }
    }

    /** Reads one object; what it throws quotes the text, so it must go no further. */
    static JsonObject read(byte[] utf8) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(decode(utf8)))) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(MAX_DEPTH);
            JsonObject object = readObject(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("text after the object");
            }
            return object;
        }
    }

    private static String decode(byte[] utf8) throws CharacterCodingException, MalformedJsonException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(utf8))
                .toString();
        if (text.startsWith("\uFEFF")) {
            throw new MalformedJsonException("byte order mark, which Gson would skip");
        }
        return text;
    }

    private static JsonObject readObject(JsonReader reader) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw new MalformedJsonException("duplicate member");
            }
            object.add(name, readValue(reader));
        }
        reader.endObject();
        return object;
    }

    private static JsonArray readArray(JsonReader reader) throws IOException {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(readValue(reader));
        }
        reader.endArray();
        return array;
    }

    private static JsonElement readValue(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> readObject(reader);
            case BEGIN_ARRAY -> readArray(reader);
            case STRING -> new JsonPrimitive(reader.nextString());
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            // Infinity if it is beyond a double: whoever wants a date refuses that.
            case NUMBER -> new JsonPrimitive(Double.valueOf(reader.nextString()));
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT -> throw new MalformedJsonException("no value");
        };
    }
}
