package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;

/**
 * A place for a value: a member, an element, or the whole.
 *
 * @param nullable whether {@code null} fits, and for a member whether it may be missing
 */
record Slot(Shape shape, boolean nullable) {
    Slot orNull() {
        return new Slot(shape, true);
    }

    void check(JsonCursor in) throws ValueMismatch, JsonException {
        if (in.kind() != JsonKind.NULL) {
            shape.check(in);
        } else if (nullable) {
            in.skip();
        } else {
            throw ValueMismatch.of("null", shape.expected());
        }
    }
}
