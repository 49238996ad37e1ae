package io.github.robotstream.internal.foxglove;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema reduced to what the viewers read: an object whose members have one type each. Null beside a type is left out, and so is what
 * else they refuse: references, choices, arrays of arrays. A value that is no object is the member {@code value} of one.
 *
 * @param wraps whether the schema is that of values which are no objects
 */
record PlainSchema(String json, boolean wraps) {
    /** {@return the JSON of the schema with a text for people} */
    String describedAs(String text) {
        String members = json.substring(1); // not empty: a plain schema has a type
        return "{\"description\":" + new JsonWriter().string(text) + "," + members;
    }

    /** Of values of which nothing is known. */
    static final PlainSchema ANY = new PlainSchema("{\"type\":\"object\"}", false);

    private static final String OBJECT = "object";
    private static final String ARRAY = "array";

    /** Of a part of a schema: its type, and what is left of it; null where nothing is. */
    private record Part(@Nullable String type, @Nullable String json) {
        static final Part NOTHING = new Part(null, null);
    }

    /** Reduces a schema, a JSON object. */
    static PlainSchema of(String schema) {
        try {
            Part root = part(new JsonCursor(schema.getBytes(UTF_8)));
            if (root.type == null) {
                return ANY;
            }
            boolean isObject = root.type.equals(OBJECT);
            String json = root.json == null ? ANY.json : isObject ? root.json : withValue(root.json);
            return new PlainSchema(json, !isObject);
        } catch (JsonException e) {
            return ANY;
        }
    }

    private static String withValue(String json) {
        return "{\"type\":\"object\",\"properties\":{\"value\":" + json + "}}";
    }

    private static Part part(JsonCursor schema) throws JsonException {
        if (schema.kind() != JsonKind.OBJECT) {
            schema.skip();
            return Part.NOTHING;
        }
        String type = null;
        String encoding = "";
        String properties = "{}";
        Part items = Part.NOTHING;
        for (boolean more = schema.enterObject(); more; more = schema.nextMember()) {
            switch (schema.memberKey()) {
                case "type" -> type = type(schema);
                case "properties" -> properties = properties(schema);
                case "items" -> items = part(schema);
                case "contentEncoding" -> encoding = text(schema);
                default -> schema.skip();
            }
        }
        return part(type, properties, items, encoding);
    }

    private static Part part(@Nullable String type, String properties, Part items, String encoding) {
        if (type == null) {
            return Part.NOTHING;
        }
        JsonWriter out = new JsonWriter().beginObject().key("type").string(type);
        switch (type) {
            case OBJECT -> out.key("properties").raw(properties);
            case ARRAY -> {
                if (items.json == null || ARRAY.equals(items.type)) {
                    return new Part(type, null);
                }
                out.key("items").raw(items.json);
            }
            case "string" -> {
                if (encoding.equals("base64")) {
                    out.key("contentEncoding").string(encoding);
                }
            }
            case "number", "integer", "boolean" -> {}
            default -> {
                return Part.NOTHING;
            }
        }
        return new Part(type, out.endObject().toString());
    }

    /** The one type beside null; null if there are several, or none. */
    private static @Nullable String type(JsonCursor schema) throws JsonException {
        if (schema.kind() != JsonKind.ARRAY) {
            return text(schema);
        }
        String only = null;
        boolean several = false;
        for (boolean more = schema.enterArray(); more; more = schema.nextElement()) {
            String next = text(schema);
            if (!next.equals("null")) {
                several |= only != null;
                only = next;
            }
        }
        return several ? null : only;
    }

    private static String properties(JsonCursor schema) throws JsonException {
        JsonWriter out = new JsonWriter().beginObject();
        if (schema.kind() != JsonKind.OBJECT) {
            schema.skip();
            return "{}";
        }
        for (boolean more = schema.enterObject(); more; more = schema.nextMember()) {
            String name = schema.memberKey();
            String json = part(schema).json;
            if (json != null) {
                out.key(name).raw(json);
            }
        }
        return out.endObject().toString();
    }

    /** A string; empty if it is anything else. */
    private static String text(JsonCursor schema) throws JsonException {
        if (schema.kind() == JsonKind.STRING) {
            return schema.readText();
        }
        schema.skip();
        return "";
    }
}
