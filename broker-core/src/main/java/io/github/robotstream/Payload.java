package io.github.robotstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code data} object of a message: {@code {"name": …, "type": …, "data": …}}, whose value is JSON, or bytes of a media type.
 * Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * broker.publish("weather", Payload.of("weather", "Weather", "{\"celsius\":21.5}"));
 * broker.subscribe(TopicFilter.of("weather"), message -> display.show(message.payload().json()));
 * }</pre>
 */
public final class Payload {
    private final String name;
    private final String type;
    private final @Nullable String json;
    private final @Nullable ByteBuffer bytes;

    private Payload(String name, String type, @Nullable String json, @Nullable ByteBuffer bytes) {
        this.name = name;
        this.type = type;
        this.json = json;
        this.bytes = bytes;
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
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new Payload(name, type, Objects.requireNonNull(json, "json"), null);
    }

    /**
     * A payload of bytes, which are copied.
     *
     * @param name the name of the value, usually that of its topic
     * @param mediaType their media type (RFC 6838), for instance {@code image/jpeg}
     * @param bytes what is between position and limit, which stay where they are
     * @return the payload
     */
    public static Payload ofBytes(String name, String mediaType, ByteBuffer bytes) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(bytes, "bytes");
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return ofOwnedBytes(name, mediaType, ByteBuffer.wrap(copy));
    }

    /**
     * A payload of bytes that are taken over without a copy: nobody may write to them from now on.
     *
     * @param name the name of the value, usually that of its topic
     * @param mediaType their media type (RFC 6838), for instance {@code image/jpeg}
     * @param bytes what is between position and limit
     * @return the payload
     */
    public static Payload ofOwnedBytes(String name, String mediaType, ByteBuffer bytes) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(bytes, "bytes");
        return new Payload(name, mediaType, null, bytes.slice().asReadOnlyBuffer());
    }

    /** {@return the name of the value: what stands in {@code name}} */
    public String name() {
        return name;
    }

    /** {@return the word for its type: what stands in {@code type}} */
    public String type() {
        return type;
    }

    /**
     * {@return the value as one JSON text, as it was written by its publisher: numbers keep their digits} Bytes are a string in base64 (RFC
     * 4648 section 4), which is made anew at each call.
     */
    public String json() {
        if (bytes == null) {
            return Objects.requireNonNull(json);
        }
        byte[] base64 = Base64.getEncoder().encode(bytes.duplicate()).array();
        return '"' + new String(base64, StandardCharsets.ISO_8859_1) + '"';
    }

    /** {@return the value if it is bytes, to be read only; a new view at each call} Empty if it is JSON. */
    public Optional<ByteBuffer> bytes() {
        return Optional.ofNullable(bytes).map(ByteBuffer::asReadOnlyBuffer);
    }

    /** {@return how long the value is: characters of JSON, or bytes} */
    public int length() {
        return bytes == null ? Objects.requireNonNull(json).length() : bytes.remaining();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload p
                && p.name.equals(name)
                && p.type.equals(type)
                && Objects.equals(p.json, json)
                && Objects.equals(p.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, type, json, bytes);
    }

    @Override
    public String toString() {
        return "Payload[" + name + ", " + type + ", " + (bytes == null ? json : length() + " bytes") + "]";
    }
}
