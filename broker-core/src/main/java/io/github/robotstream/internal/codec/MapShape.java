package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;

/** A map: its keys are the names of an object's members. Gson refuses a key that stands twice. */
record MapShape(Shape key, Slot value) implements Shape {
    @Override
    public void check(JsonCursor in) throws ValueMismatch, JsonException {
        require(JsonKind.OBJECT, in);
        for (boolean more = in.enterObject(); more; more = in.nextMember()) {
            String name = in.memberKey();
            try {
                checkKey(name, key);
                value.check(in);
            } catch (ValueMismatch e) {
                throw e.within(JsonErrors.excerpt(name));
            }
        }
    }

    private static void checkKey(String name, Shape key) throws ValueMismatch {
        try {
            key.checkKey(name);
        } catch (ValueMismatch | JsonException e) {
            throw new ValueMismatch("is no key of this map; a key has to be " + key.expected());
        }
    }

    @Override
    public String expected() {
        return "an object";
    }
}
