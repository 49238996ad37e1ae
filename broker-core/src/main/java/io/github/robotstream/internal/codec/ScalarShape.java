package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;

/** Values without parts that are no numbers. */
enum ScalarShape implements Shape {
    STRING("a string") {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.STRING, in);
            in.skip();
        }

        @Override
        public void checkKey(String key) {}
    },
    CHARACTER("a string of one character") {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.STRING, in);
            checkKey(in.readText());
        }

        @Override
        public void checkKey(String text) throws ValueMismatch {
            if (text.length() != 1) {
                throw ValueMismatch.of("a string of another length", expected());
            }
        }
    },
    BOOLEAN("true or false") {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.BOOLEAN, in);
            in.skip();
        }
    },
    /** What is read as {@code Object} or {@code JsonElement}, or where the type is not known before a value is there. */
    ANY("a value") {
        @Override
        public void check(JsonCursor in) throws JsonException {
            in.skip();
        }

        @Override
        public void checkKey(String key) {}
    };

    private final String expected;

    ScalarShape(String expected) {
        this.expected = expected;
    }

    @Override
    public String expected() {
        return expected;
    }
}
