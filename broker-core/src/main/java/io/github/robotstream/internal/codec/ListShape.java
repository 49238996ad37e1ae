package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;

/** An array or a collection. */
record ListShape(Slot element) implements Shape {
    @Override
    public void check(JsonCursor in) throws ValueMismatch, JsonException {
        require(JsonKind.ARRAY, in);
        int index = 0;
        for (boolean more = in.enterArray(); more; more = in.nextElement()) {
            try {
                element.check(in);
            } catch (ValueMismatch e) {
                throw e.within("[" + index + "]");
            }
            index++;
        }
    }

    @Override
    public String expected() {
        return "an array";
    }
}
