package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;

/** What a data object begins with, up to its value. Immutable. */
public final class PayloadHead {
    private final String name;
    private final String type;
    private final byte[] opening;
    private final int nameStart;
    private final int nameEnd;
    private final int typeStart;
    private final int typeEnd;

    /** The beginning of data objects with that name and type. */
    public PayloadHead(String name, String type) {
        this.name = name;
        this.type = type;
        byte[] quotedName = new JsonWriter().string(name).toBytes();
        byte[] quotedType = new JsonWriter().string(type).toBytes();
        this.opening = new JsonWriter()
                .beginObject()
                .key("name")
                .string(name)
                .key("type")
                .string(type)
                .key("data")
                .toBytes();
        this.nameStart = "{\"name\":".length();
        this.nameEnd = nameStart + quotedName.length;
        this.typeStart = nameEnd + ",\"type\":".length();
        this.typeEnd = typeStart + quotedType.length;
    }

    /** Whether it is for that name and type. */
    public boolean isOf(String otherName, String otherType) {
        return name.equals(otherName) && type.equals(otherType);
    }

    byte[] opening() {
        return opening;
    }

    PayloadOffsets offsets(int valueLength) {
        return new PayloadOffsets(nameStart, nameEnd, typeStart, typeEnd, opening.length, opening.length + valueLength);
    }
}
