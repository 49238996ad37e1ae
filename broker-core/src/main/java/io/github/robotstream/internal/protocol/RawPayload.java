package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonScan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message's {@code data} object as its publisher wrote it, perhaps with members of his own; of a binary message the object without the
 * value, and the bytes that are the value. Immutable; its arrays are shared.
 */
public final class RawPayload {
    private final byte[] json;
    private final PayloadOffsets offsets;
    private final byte @Nullable [] bytes;

    private RawPayload(byte[] json, PayloadOffsets offsets, byte @Nullable [] bytes) {
        this.json = json;
        this.offsets = offsets;
        this.bytes = bytes;
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
        return new RawPayload(Arrays.copyOfRange(bytes, start, scan.valueEnd(object)), offsets, null);
    }

    /** The same for an object without a value, which is those bytes of a binary message. */
    static RawPayload copyOf(JsonScan scan, int object, int name, int type, byte[] message, int valueStart) {
        int start = scan.valueStart(object);
        PayloadOffsets offsets = new PayloadOffsets(
                scan.valueStart(name) - start,
                scan.valueEnd(name) - start,
                scan.valueStart(type) - start,
                scan.valueEnd(type) - start,
                0,
                0);
        return new RawPayload(
                Arrays.copyOfRange(message, start, scan.valueEnd(object)),
                offsets,
                Arrays.copyOfRange(message, valueStart, message.length));
    }

    /** The object around a value that is JSON: these bytes of an array. */
    public static RawPayload around(PayloadHead head, byte[] bytes, int valueStart, int valueEnd) {
        byte[] opening = head.opening();
        int valueLength = valueEnd - valueStart;
        byte[] json = Arrays.copyOf(opening, opening.length + valueLength + 1);
        System.arraycopy(bytes, valueStart, json, opening.length, valueLength);
        json[json.length - 1] = '}';
        return new RawPayload(json, head.offsets(valueLength), null);
    }

    /** What stands in {@code name}; unescaped anew at each call. */
    public String name() {
        return offsets.name(json, 0);
    }

    /** What stands in {@code type}; unescaped anew at each call. */
    public String type() {
        return offsets.type(json, 0);
    }

    /** The bytes that are the value of a binary message, not to be written to; null if the value is JSON. */
    public byte @Nullable [] bytes() {
        return bytes;
    }

    /** The value, as one JSON text; decoded anew at each call. Of a binary message there is none. */
    public String value() {
        return offsets.value(json, 0);
    }

    /** The whole object in UTF-8, not to be written to; of a binary message without the value. */
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
