package io.github.robotstream.internal.json;

/** The kinds of JSON values (RFC 8259 section 3). */
public enum JsonKind {
    OBJECT("an object"),
    ARRAY("an array"),
    STRING("a string"),
    NUMBER("a number"),
    BOOLEAN("a boolean"),
    NULL("null");

    private final String words;

    JsonKind(String words) {
        this.words = words;
    }

    /** The kind as it stands in a sentence to people: "a number". */
    public String words() {
        return words;
    }

    /** The first byte of a valid value tells its kind. */
    static JsonKind startingWith(byte first) {
        return switch (first) {
            case '{' -> OBJECT;
            case '[' -> ARRAY;
            case '"' -> STRING;
            case 't', 'f' -> BOOLEAN;
            case 'n' -> NULL;
            default -> NUMBER;
        };
    }
}
