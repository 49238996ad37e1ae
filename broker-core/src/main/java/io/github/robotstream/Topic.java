package io.github.robotstream;

import io.github.robotstream.internal.classpath.Libraries;
import io.github.robotstream.internal.codec.BytesCodec;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.topic.TopicName;
import io.github.robotstream.internal.topic.TypeName;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A topic as robot code knows it: its name, the word for its type on the wire, its kind and its codec.
 *
 * <p>State topics keep their last value and give it to late subscribers. Command topics ({@link #command}) are never
 * retained, stored or replayed: a robot must not act on what was said before it listened. Immutable and safe for use by
 * several threads.
 *
 * <p>Two topics are equal if all four are, and both or none are {@link #binary}. A broker takes one topic for a name: another one that is not
 * equal is refused wherever it is used. Codecs that the library makes for a Java type are equal if the type is, whether they are
 * {@link #strict()} or not; a {@link TopicCodec} of your own is what its {@code equals} says, so make it a record, or keep the topic in a constant.
 *
 * <pre>{@code
 * record Twist(double linear, double angular) {}
 *
 * Topic<Twist> velocity = Topic.state("velocity", Twist.class);   // late subscribers receive the last value
 * Topic<Twist> cmdVel = Topic.command("cmd_vel", Twist.class);    // never stored, never replayed
 * Topic<ByteBuffer> camera = Topic.binary("camera", "image/jpeg");
 * }</pre>
 *
 * @param <T> the Java type of its values
 */
public final class Topic<T> {
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[\\w!#$&^.+-]{1,127}/[\\w!#$&^.+-]{1,127}(;\\p{Print}*)?");

    private final String name;
    private final String type;
    private final boolean command;
    private final boolean binary;
    private final TopicCodec<T> codec;
    private final Optional<String> schema;

    private Topic(
            String name, String type, boolean command, boolean binary, TopicCodec<T> codec, Optional<String> schema) {
        this.name = TopicName.check(name);
        if (TopicName.isReserved(name)) {
            throw new IllegalArgumentException(
                    "topic name \"" + name + "\" belongs to the broker: take one without $ that is not server_logs");
        }
        this.type = Objects.requireNonNull(type, "type");
        this.command = command;
        this.binary = binary;
        this.codec = Objects.requireNonNull(codec, "codec");
        this.schema = schema;
    }

    /**
     * A state topic whose values Gson writes and reads, with the name of the Java type as the type on the wire.
     *
     * <p>The name is {@code float} for {@code Double} and {@code Float}, {@code int} for integers, {@code bool} for {@code Boolean}, {@code
     * string} for {@code String}, with {@code []} for an array of them, and the {@linkplain Class#getSimpleName() simple name} of any other class. To keep the
     * wire stable when a class is renamed, use {@link #state(String, String, Class)}.
     *
     * @param <T> the Java type of its values
     * @param name 1 to 200 bytes of UTF-8, at most 32 levels, no control characters, no {@code +} and no {@code #}
     * @param valueType the Java type of its values
     * @return the topic
     * @throws IllegalArgumentException if the name is not allowed, Gson has no form for the type, or the class is anonymous
     * @throws IllegalStateException if Gson on the class path is too old
     */
    public static <T> Topic<T> state(String name, Class<T> valueType) {
        return state(name, TypeName.of(valueType), valueType);
    }

    /**
     * A command topic whose values Gson writes and reads strictly, with the name of the Java type as the type on the wire, as in {@link
     * #state(String, Class)}.
     *
     * @param <T> the Java type of its values
     * @param name 1 to 200 bytes of UTF-8, at most 32 levels, no control characters, no {@code +} and no {@code #}
     * @param valueType the Java type of its values
     * @return the topic
     * @throws IllegalArgumentException if the name is not allowed, Gson has no form for the type, or the class is anonymous
     * @throws IllegalStateException if Gson on the class path is too old
     */
    public static <T> Topic<T> command(String name, Class<T> valueType) {
        return command(name, TypeName.of(valueType), valueType);
    }

    /**
     * A state topic whose values Gson writes and reads.
     *
     * <p>Gson reads and writes the fields of a class or record by reflection: in a named module its package has to be
     * open to {@code com.google.gson}. A member that may be null or missing is {@code Optional} or has an annotation named {@code Nullable}; in a
     * Kotlin class, {@code Double?} and other nullable numbers and booleans need none. {@code publish} returns false for a value in which another
     * member is null, because that contradicts the {@linkplain #schema() schema}. Times and durations of
     * {@code java.time} are strings of ISO 8601, a {@code UUID} is a string, {@code byte[]} a string in base64 (RFC 4648 section 4), an enum's
     * constant its name, unless the enum is {@link ByNumber}. Other names come by Gson's {@code @SerializedName}.
     *
     * <p>Values of clients are read leniently unless {@link #strict()} is asked for. Numbers that are not finite are written
     * as {@code null}. Robot code that listens reads these as NaN; a {@code null} that a client sent for a {@code double} or
     * {@code float} is refused, so a client cannot send NaN.
     *
     * @param <T> the Java type of its values
     * @param name 1 to 200 bytes of UTF-8, at most 32 levels, no control characters, no {@code +} and no {@code #}
     * @param type the word for the type on the wire, for instance {@code float}
     * @param valueType the Java type of its values
     * @return the topic
     * @throws IllegalArgumentException if the name is not allowed or Gson has no form for the type
     * @throws IllegalStateException if Gson on the class path is too old
     */
    public static <T> Topic<T> state(String name, String type, Class<T> valueType) {
        Objects.requireNonNull(valueType, "valueType");
        Libraries.checkGson(); // topics are often declared before the broker starts
        return of(name, type, false, GsonCodec.lenient(valueType));
    }

    /**
     * A command topic whose values Gson writes and reads, as in {@link #state(String, String, Class)}, but strictly, see {@link #strict()}.
     *
     * @param <T> the Java type of its values
     * @param name 1 to 200 bytes of UTF-8, at most 32 levels, no control characters, no {@code +} and no {@code #}
     * @param type the word for the type on the wire, for instance {@code Twist}
     * @param valueType the Java type of its values
     * @return the topic
     * @throws IllegalArgumentException if the name is not allowed or Gson has no form for the type
     * @throws IllegalStateException if Gson on the class path is too old
     */
    public static <T> Topic<T> command(String name, String type, Class<T> valueType) {
        Objects.requireNonNull(valueType, "valueType");
        Libraries.checkGson(); // topics are often declared before the broker starts
        return of(name, type, true, GsonCodec.lenient(valueType).strict());
    }

    /**
     * A state topic with a codec of your own, for values that Gson does not suit or for speed; it decides what fits. Or with a {@link
     * JsonCodec}, for generic types.
     *
     * @param <T> the Java type of its values
     * @param name as in {@link #state(String, String, Class)}
     * @param type the word for the type on the wire
     * @param codec how values become JSON and back
     * @return the topic
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static <T> Topic<T> state(String name, String type, TopicCodec<T> codec) {
        return of(name, type, false, codec);
    }

    /**
     * A command topic with a codec of your own, or with a {@link JsonCodec}.
     *
     * @param <T> the Java type of its values
     * @param name as in {@link #state(String, String, Class)}
     * @param type the word for the type on the wire
     * @param codec how values become JSON and back
     * @return the topic
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static <T> Topic<T> command(String name, String type, TopicCodec<T> codec) {
        return of(name, type, true, codec);
    }

    private static <T> Topic<T> of(String name, String type, boolean command, TopicCodec<T> codec) {
        if (codec instanceof JsonCodec<T> json) {
            return of(name, type, command, command ? json.lenient().strict() : json.lenient());
        }
        Optional<String> schema = codec instanceof GsonCodec<T> own ? own.schema() : Optional.empty();
        return new Topic<>(name, type, command, false, Objects.requireNonNull(codec, "codec"), schema);
    }

    /**
     * A state topic whose values are bytes of a media type, as of a camera or a scanner.
     *
     * <p>{@link RobotStreamBroker#publish(Topic, Object)} copies them; {@link RobotStreamBroker#publishOwned} takes them over.
     * Listeners get views to read only. Clients get the bytes as they are if they ask for that, else as a string in base64, and
     * publish them as bytes. There are no command topics of bytes, since a command has members that are to be checked.
     *
     * @param name as in {@link #state(String, String, Class)}
     * @param mediaType the media type (RFC 6838), for instance {@code image/jpeg}; stands in {@code type} of each message
     * @return the topic
     * @throws IllegalArgumentException if the name is not allowed or the media type is none
     */
    public static Topic<ByteBuffer> binary(String name, String mediaType) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mediaType, "mediaType");
        if (!MEDIA_TYPE.matcher(mediaType).matches()) {
            throw new IllegalArgumentException(
                    "media type \"" + mediaType + "\" is none: take one such as image/jpeg, see RFC 6838");
        }
        return new Topic<>(name, mediaType, false, true, BytesCodec.INSTANCE, Optional.empty());
    }

    /**
     * The same topic with its values read strictly, as those of command topics are: robot code gets no value that differs
     * from what the client wrote. Refused are, with the member's name in the error:
     *
     * <ul>
     *   <li>members that the class does not have, and members that stand twice;
     *   <li>members that are missing or {@code null}, unless their type is {@code Optional}, they have an annotation named
     *       {@code Nullable} that is kept at run time (elements of lists, arrays and maps likewise), or they are nullable numbers or booleans of
     *       a Kotlin class;
     *   <li>another kind of value than the type's, such as a string for a number;
     *   <li>numbers out of the range of their type, and for integers those with a fraction or exponent;
     *   <li>constants that the enum does not have.
     * </ul>
     *
     * <p>What would be refused is not published either: {@code publish} returns false for a value with NaN, for instance.
     *
     * @return a topic that is equal to this one
     * @throws IllegalStateException if it has a codec of its own, which decides itself
     */
    public Topic<T> strict() {
        return new Topic<>(name, type, command, false, own().strict(), schema);
    }

    /**
     * The same topic with its values read leniently, as those of state topics are: unknown members are passed over, missing
     * ones are left at zero or null, strings are converted to numbers where possible, and unknown constants are null.
     *
     * @return a topic that is equal to this one
     * @throws IllegalStateException if it has a codec of its own, which decides itself
     */
    public Topic<T> lenient() {
        return new Topic<>(name, type, command, false, own().lenient(), schema);
    }

    private GsonCodec<T> own() {
        if (codec instanceof GsonCodec<T> own) {
            return own;
        }
        throw new IllegalStateException(this + " has a codec of its own: let that be strict or lenient");
    }

    /**
     * The same topic with another schema for clients, which they see by the action {@code topics}. It is shown and not enforced: what
     * fits is up to the codec. Of topics that are equal, the one that a broker was given first is shown.
     *
     * @param json a JSON Schema: a JSON object of at most 16 KiB that is nested at most 61 levels deep
     * @return a topic that is equal to this one
     * @throws IllegalArgumentException if it is no JSON object or too large
     */
    public Topic<T> withSchema(String json) {
        Objects.requireNonNull(json, "json");
        return new Topic<>(name, type, command, binary, codec, Optional.of(GsonCodec.checkedSchema(json)));
    }

    /** {@return the topic's name} */
    public String name() {
        return name;
    }

    /** {@return the word for its type on the wire: what stands in {@code type} of each message} */
    public String type() {
        return type;
    }

    /** {@return true for a command topic, false for a state topic} */
    public boolean isCommand() {
        return command;
    }

    /**
     * {@return the JSON Schema of its values, if it is known: derived from the Java type where Gson writes the values, or as set by {@link
     * #withSchema}} Derived are numbers, booleans, strings, the constants of enums, lists, and the members of records and classes; those
     * that may be absent are not {@code required}, and null may stand for them. A class that contains itself, or is very large, ends in
     * its type alone: {@code {"type":"object"}}.
     */
    public Optional<String> schema() {
        return schema;
    }

    /** {@return true for a topic of bytes, see {@link #binary}} */
    public boolean isBinary() {
        return binary;
    }

    /** {@return how its values become JSON and back; bytes are a string in base64} */
    public TopicCodec<T> codec() {
        return codec;
    }

    @Override
    public boolean equals(Object other) {
        // The same object most of the time: publish asks on each call.
        return this == other || (other instanceof Topic<?> t && isLike(t));
    }

    private boolean isLike(Topic<?> t) {
        return t.name.equals(name)
                && t.type.equals(type)
                && t.command == command
                && t.binary == binary
                && t.codec.equals(codec);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "Topic[" + name + ", " + type + ", " + kindOfValues() + (command ? ", command]" : "]");
    }

    /** The Java type, or the class of a codec that is not the library's. */
    private String kindOfValues() {
        return codec instanceof GsonCodec || codec instanceof BytesCodec
                ? codec.toString()
                : "by " + codec.getClass().getName();
    }
}
