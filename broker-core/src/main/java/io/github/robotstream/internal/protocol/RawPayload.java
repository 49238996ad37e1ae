package io.github.robotstream.internal.protocol;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import java.util.Arrays;

/**
 * The {@code data} object of a message as its publisher wrote it: {@code {"name":…,"type":…,"data":…}}, perhaps with
 * members of the publisher's own. It knows where name, type and value stand. Immutable; the arrays are shared and must
 * not be written to.
 */
public final class RawPayload {
    private final byte[] json;
    private final PayloadOffsets offsets;

    private RawPayload(byte[] json, JsonScan scan, int offset, int name, int type, int value) {
        this.json = json;
        this.offsets = new PayloadOffsets(
                scan.valueStart(name) - offset,
                scan.valueEnd(name) - offset,
                scan.valueStart(type) - offset,
                scan.valueEnd(type) - offset,
                scan.valueStart(value) - offset,
                scan.valueEnd(value) - offset);
    }

    /** Copies the object out of the bytes that were scanned; {@code name}, {@code type}, {@code value} are its members. */
    static RawPayload copyOf(JsonScan scan, int object, int name, int type, int value, byte[] bytes) {
        int start = scan.valueStart(object);
        byte[] json = Arrays.copyOfRange(bytes, start, scan.valueEnd(object));
        return new RawPayload(json, scan, start, name, type, value);
    }

    /** Writes the object for a message of robot code; throws if the value is no JSON or nests too deep for a frame. */
    public static RawPayload of(String name, String type, String json) throws JsonException {
        JsonWriter head = new JsonWriter()
                .beginObject()
                .key("name")
                .string(name)
                .key("type")
                .string(type)
                .key("data");
        byte[] bytes = head.raw(json).endObject().toBytes();
        JsonScan scan = new JsonScan();
        try {
            scan.read(bytes, 0, bytes.length, JsonScan.MAX_DEPTH - 1);
            int value = scan.member(ROOT, "data");
            if (scan.nextMember(value) != ABSENT) {
                throw JsonErrors.textAfterTheEnd(bytes, scan.valueEnd(value));
            }
            return new RawPayload(bytes, scan, 0, scan.member(ROOT, "name"), scan.member(ROOT, "type"), value);
        } catch (JsonException e) {
            throw e.countedFrom(bytes.length - 1 - json.getBytes(UTF_8).length);
        }
    }

    /** What stands in {@code name}; unescaped anew at each call. */
    public String name() {
        return offsets.name(json, 0);
    }

    /** What stands in {@code type}; unescaped anew at each call. */
    public String type() {
        return offsets.type(json, 0);
    }

    /** The value, as one JSON text; decoded anew at each call. */
    public String value() {
        return offsets.value(json, 0);
    }

    /** The whole object in UTF-8, not to be written to. */
    public byte[] json() {
        return json;
    }

    PayloadOffsets offsets() {
        return offsets;
    }

    /** The object. */
    @Override
    public String toString() {
        return new String(json, UTF_8);
    }
}
