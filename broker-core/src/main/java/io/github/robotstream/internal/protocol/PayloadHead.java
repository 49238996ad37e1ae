package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonWriter;
import java.util.Arrays;

/** What a data object begins with, up to its value. Immutable. */
public final class PayloadHead {
    private static final String BEFORE_NAME = "{\"name\":";
    private static final String BEFORE_TYPE = ",\"type\":";

    private final String name;
    private final String type;
    private final byte[] opening;
    private final int nameEnd;
    private final int typeEnd;

    /** The beginning of data objects with that name and type. */
    public PayloadHead(String name, String type) {
        this.name = name;
        this.type = type;
        String throughName = BEFORE_NAME + new JsonWriter().string(name);
        String throughType = throughName + BEFORE_TYPE + new JsonWriter().string(type);
        this.nameEnd = throughName.getBytes(UTF_8).length;
        this.typeEnd = throughType.getBytes(UTF_8).length;
        this.opening = (throughType + ",\"data\":").getBytes(UTF_8);
    }

    /** Whether it is for that name and type. */
    public boolean isOf(String otherName, String otherType) {
        return name.equals(otherName) && type.equals(otherType);
    }

    byte[] opening() {
        return opening;
    }

    /** A whole data object without a value. */
    byte[] object() {
        byte[] object = Arrays.copyOf(opening, typeEnd + 1);
        object[typeEnd] = '}';
        return object;
    }

    PayloadOffsets offsets(int valueLength) {
        int typeStart = nameEnd + BEFORE_TYPE.length();
        int valueEnd = opening.length + valueLength;
        return new PayloadOffsets(BEFORE_NAME.length(), nameEnd, typeStart, typeEnd, opening.length, valueEnd);
    }
}
