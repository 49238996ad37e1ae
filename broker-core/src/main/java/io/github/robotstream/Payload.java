package io.github.robotstream;

/**
 * The {@code data} object of a message: {@code {"name": …, "type": …, "data": …}}. Immutable and safe for use by
 * several threads.
 */
public final class Payload {
    private final String name;
    private final String type;
    private final String json;

    private Payload(String name, String type, String json) {
        this.name = name;
        this.type = type;
        this.json = json;
    }

    /**
     * A payload. The text is checked when it is published, not here.
     *
     * @param name the name of the value, usually that of its topic
     * @param type a word for its type, for instance {@code float}
     * @param json the value as one JSON text (RFC 8259)
     * @return the payload
     */
    public static Payload of(String name, String type, String json) {
        return new Payload(name, type, json);
    }

    /** {@return the name of the value: what stands in {@code name}} */
    public String name() {
        return name;
    }

    /** {@return the word for its type: what stands in {@code type}} */
    public String type() {
        return type;
    }

    /** {@return the value as one JSON text, as it was written by its publisher: numbers keep their digits} */
    public String json() {
        return json;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload p && p.name.equals(name) && p.type.equals(type) && p.json.equals(json);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + type.hashCode()) + json.hashCode();
    }

    @Override
    public String toString() {
        return "Payload[" + name + ", " + type + ", " + json + "]";
    }
}
