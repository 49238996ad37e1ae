package io.github.robotstream.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a JSON text with gson's strict reader, and adds the rules that are ours alone: no byte order mark, no key
 * twice, no escaped surrogate without its partner. Objects become maps, arrays lists, numbers {@link Digits}.
 */
final class JsonByGson {
    /** A number as it is written. */
    record Digits(String text) {}

    private static final Pattern LONE_SURROGATE = Pattern.compile("[\\ud800-\\udfff]");

    private JsonByGson() {}

    static Object read(byte[] text) throws IOException {
        String characters = UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
        if (characters.startsWith("\uFEFF")) {
            throw new IOException("gson skips a byte order mark");
        }
        JsonReader reader = new JsonReader(new StringReader(characters));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(JsonScan.MAX_DEPTH);
        Object value = value(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new IOException("text after the end");
        }
        return value;
    }

    private static Object value(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(reader);
            case BEGIN_ARRAY -> array(reader);
            case STRING -> paired(reader.nextString());
            case NUMBER -> new Digits(reader.nextString());
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> {
                reader.nextNull();
                yield JsonKind.NULL;
            }
            default -> throw new IOException("no value");
        };
    }

    private static Map<String, Object> object(JsonReader reader) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String key = paired(reader.nextName());
            if (members.putIfAbsent(key, value(reader)) != null) {
                throw new IOException("gson gives a key twice");
            }
        }
        reader.endObject();
        return members;
    }

    private static List<Object> array(JsonReader reader) throws IOException {
        List<Object> values = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            values.add(value(reader));
        }
        reader.endArray();
        return values;
    }

    private static String paired(String text) throws IOException {
        if (LONE_SURROGATE.matcher(text).find()) {
            throw new IOException("gson gives half a character");
        }
        return text;
    }
}
