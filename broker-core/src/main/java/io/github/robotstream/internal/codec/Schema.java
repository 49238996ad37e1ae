package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The JSON Schema (json-schema.org, draft 2020-12) of the values of a {@link Shape}, as far as clients need it to show them and to make
 * forms for them: types, members, elements and constants. What contains itself, lies too deep or makes it too long is described by its
 * type alone. For one thread.
 */
final class Schema {
    /** The longest that is taken, in bytes of UTF-8. */
    static final int MAX_BYTES = 16 * 1024;

    /** The longest that is derived, and how deep it goes. */
    private static final int MAX_CHARACTERS = 4 * 1024;

    private static final int MAX_DEPTH = 8;
    /** The frame that shows it, its list, and the topic. */
    private static final int LEVELS_AROUND = 3;

    private final JsonWriter out = new JsonWriter();
    /** Those that are being described, from the outermost to the innermost. */
    private final List<Shape> around = new ArrayList<>();

    private Schema() {}

    /** {@return the schema of what fits a place} */
    static String of(Shape.Slot slot) {
        Schema schema = new Schema();
        schema.value(slot);
        String text = schema.out.toString();
        return text.length() <= MAX_CHARACTERS ? text : bare(slot);
    }

    private static String bare(Shape.Slot slot) {
        Schema schema = new Schema();
        schema.out.beginObject();
        schema.type(slot);
        return schema.out.endObject().toString();
    }

    /** Checks a schema that somebody has written: a JSON object. Whether it is a schema is not looked at. */
    static String checked(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the schema has " + text.length + " bytes of UTF-8: it may have " + MAX_BYTES);
        }
        JsonScan scan = new JsonScan();
        try {
            scan.read(text, 0, text.length, JsonScan.MAX_DEPTH - LEVELS_AROUND);
        } catch (JsonException e) {
            throw new IllegalArgumentException(
                    "the schema " + JsonErrors.excerpt(json) + " is no JSON: " + e.getMessage(), e);
        }
        if (scan.kind(JsonScan.ROOT) != JsonKind.OBJECT) {
            throw new IllegalArgumentException("the schema " + JsonErrors.excerpt(json) + " is "
                    + scan.kind(JsonScan.ROOT).words() + ": it has to be an object");
        }
        return json;
    }

    private void value(Shape.Slot slot) {
        Shape shape = slot.shape().itself();
        out.beginObject();
        type(slot);
        if (around.size() < MAX_DEPTH && out.length() < MAX_CHARACTERS && !around.contains(shape)) {
            around.add(shape);
            shape.describe(this, slot.nullable());
            around.remove(around.size() - 1);
        }
        out.endObject();
    }

    /** Where null may stand is told, but for places where anything may. */
    private void type(Shape.Slot slot) {
        String type = slot.shape().itself().schemaType();
        if (!type.isEmpty()) {
            out.key("type").raw(slot.nullable() ? "[\"" + type + "\",\"null\"]" : "\"" + type + "\"");
        }
    }

    /** Elements of a list. */
    void items(Shape.Slot element) {
        out.key("items");
        value(element);
    }

    /** Constants that are written as strings, or numbers. */
    void constants(Collection<?> constants, boolean orNull) {
        out.key("enum").raw("[" + listed(constants) + (orNull ? ",null]" : "]"));
    }

    /** What is told of a string beside its type: {@code "format"} or {@code "contentEncoding"}. */
    void keyword(String name, String value) {
        out.key(name).string(value);
    }

    /** Members of an object; those that are nullable may be missing. */
    void members(List<Shape.ObjectShape.Member> members) {
        out.key("properties").beginObject();
        for (Shape.ObjectShape.Member member : members) {
            out.key(member.name());
            value(member.slot());
        }
        out.endObject();
        List<String> required = members.stream()
                .filter(member -> !member.slot().nullable())
                .map(Shape.ObjectShape.Member::name)
                .toList();
        if (!required.isEmpty()) {
            out.key("required").raw("[" + listed(required) + "]");
        }
    }

    private static String listed(Collection<?> values) {
        return values.stream()
                .map(value -> value instanceof String text
                        ? new JsonWriter().string(text).toString()
                        : value.toString())
                .collect(Collectors.joining(","));
    }
}
