package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonScan;
import java.util.Arrays;

/** A message's {@code data} object as its publisher wrote it, perhaps with members of his own. Immutable; its array is shared. */
public final class RawPayload {
    private final byte[] json;
    private final PayloadOffsets offsets;

    private RawPayload(byte[] json, PayloadOffsets offsets) {
        this.json = json;
        this.offsets = offsets;
    }

    /** Copies the object out of the bytes that were scanned; {@code name}, {@code type}, {@code value} are its members. */
    static RawPayload copyOf(JsonScan scan, int object, int name, int type, int value, byte[] bytes) {
        int start = scan.valueStart(object);
        PayloadOffsets offsets = new PayloadOffsets(
                scan.valueStart(name) - start,
                scan.valueEnd(name) - start,
                scan.valueStart(type) - start,
                scan.valueEnd(type) - start,
                scan.valueStart(value) - start,
                scan.valueEnd(value) - start);
        return new RawPayload(Arrays.copyOfRange(bytes, start, scan.valueEnd(object)), offsets);
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
