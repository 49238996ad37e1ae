package io.github.robotstream.internal.codec;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

/** A JSON value that others are compared with: members in any order, numbers by value. Immutable. */
public final class JsonValue {
    /** A text that is so much longer is that of another value, and is not parsed: whoever sends it does not make the broker work. */
    private static final int MOST_CHARACTERS_MORE = 4096;

    private final JsonElement value;
    private final int mostCharacters;

    /** @param json valid JSON */
    public JsonValue(String json) {
        this.value = JsonParser.parseString(json);
        this.mostCharacters = json.length() + MOST_CHARACTERS_MORE;
    }

    /** Whether another text, which is valid JSON, stands for the same value. */
    public boolean isEqualTo(String json) {
        return json.length() <= mostCharacters && JsonParser.parseString(json).equals(value);
    }
}
