package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import java.nio.charset.StandardCharsets;

/**
 * What JSON has to look like to be read strictly as one Java type. {@link Shapes} makes it from the type once; it only checks,
 * and leaves making the value to Gson. Immutable and safe for use by several threads.
 */
interface Shape {
    /** Passes over the value that comes next, which is not null, if it fits. */
    void check(JsonCursor in) throws ValueMismatch, JsonException;

    /** What fits, as it stands in a sentence: "a number". Its length is bounded. */
    String expected();

    /** Checks a key of a map whose keys are of this shape. */
    default void checkKey(String key) throws ValueMismatch, JsonException {
        JsonCursor in = new JsonCursor(key.getBytes(StandardCharsets.UTF_8));
        check(in);
        in.finish();
    }

    /** Makes sure of the kind of the value that comes next. */
    default void require(JsonKind kind, JsonCursor in) throws ValueMismatch, JsonException {
        JsonKind found = in.kind();
        if (found != kind) {
            throw ValueMismatch.of(found.words(), expected());
        }
    }
}
