package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values through Gson: strictly, where {@link Shape} refuses what Gson would bend until it fits; or leniently, where Gson
 * decides.
 */
public final class GsonCodec<T> implements TopicCodec<T> {
    private static final Module GSON = Gson.class.getModule();
    /** How the JDK words it that a package is not open; it has no method that tells it. */
    private static final Pattern CLOSED = Pattern.compile("module (\\S+) does not \"(?:opens|exports) (\\S+)\" to");

    private static final Gson READING = gson(false);
    /** Reads what was written here: null may stand for a number that JSON has no word for. */
    private static final Gson READING_OWN = gson(true);
    /** Types of which Java's own text is JSON, but for numbers that are not finite. */
    private static final Set<Class<?>> PLAIN =
            Set.of(Double.class, Float.class, Long.class, Integer.class, Short.class, Byte.class, Boolean.class);

    private final TypeAdapter<T> adapter;
    private final TypeAdapter<T> ownAdapter;
    private final Type type;
    private final Function<Shapes, Shape.Slot> shapeOf;
    private final boolean plain;
    private final Shape.@Nullable Slot shape;
    /** What Gson takes, once somebody has to be told that something is not. */
    private volatile Shape.@Nullable Slot takenShape;
    /** What clients are told by the schema, once a value has a null in it. */
    private volatile Shape.@Nullable Slot writtenShape;

    @SuppressWarnings("unchecked") // type is that of T
    private GsonCodec(Type type, Function<Shapes, Shape.Slot> shapeOf) {
        this.type = type;
        this.shapeOf = shapeOf;
        this.plain = PLAIN.contains(type);
        this.shape = null;
        try {
            this.adapter = (TypeAdapter<T>) READING.getAdapter(TypeToken.get(type));
            this.ownAdapter = (TypeAdapter<T>) READING_OWN.getAdapter(TypeToken.get(type));
        } catch (InterfacesRefused.Refusal e) {
            throw e;
        } catch (JsonParseException | IllegalArgumentException e) {
            throw refused(type, e);
        }
    }

    /** The same type, read in another way. */
    private GsonCodec(GsonCodec<T> other, Shape.@Nullable Slot shape) {
        this.type = other.type;
        this.shapeOf = other.shapeOf;
        this.plain = other.plain;
        this.adapter = other.adapter;
        this.ownAdapter = other.ownAdapter;
        this.shape = shape;
    }

    private static IllegalArgumentException refused(Type type, RuntimeException why) {
        return new IllegalArgumentException("no JSON form for " + type.getTypeName() + ": " + remedy(why), why);
    }

    /** What the application can do about a type that Gson cannot look into; in a module, which {@code opens} is missing. */
    private static String remedy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher closed = CLOSED.matcher(String.valueOf(cause.getMessage()));
            if (cause instanceof InaccessibleObjectException && closed.find()) {
                String module = closed.group(1);
                String missing = "opens " + closed.group(2) + (GSON.isNamed() ? " to " + GSON.getName() : "") + ";";
                return module.matches("(java|jdk)\\..*")
                        ? "the JDK keeps its package " + closed.group(2) + " closed to Gson; give Topic a codec"
                        : "add \"" + missing + "\" to the module-info of " + module + ", or give Topic a codec";
            }
        }
        return "give Topic a codec";
    }

    /** {@return the JSON Schema of its values as they are written here; empty if it cannot be told} */
    public Optional<String> schema() {
        try {
            return Optional.of(Schema.of(shapeOf.apply(new Shapes(READING, false))));
        } catch (RuntimeException | LinkageError noShape) {
            // Gson has a form for it, which is all that is asked where values are read leniently.
            return Optional.empty();
        }
    }

    /** {@return a schema that is a JSON object; throws IllegalArgumentException if it is none or too long} */
    public static String checkedSchema(String json) {
        return Schema.checked(json);
    }

    private static Gson gson(boolean nullIsNaN) {
        return new GsonBuilder()
                .setStrictness(Strictness.STRICT)
                .serializeNulls()
                .disableHtmlEscaping()
                .registerTypeAdapterFactory(new NumberAdapters(nullIsNaN))
                .registerTypeAdapterFactory(new OptionalAdapters())
                .registerTypeAdapterFactory(new NumberedEnum.Factory())
                .registerTypeAdapterFactory(new EnumKeys())
                .registerTypeAdapterFactory(new TextAdapters())
                .registerTypeAdapterFactory(new InterfacesRefused())
                .create();
    }

    /** A codec that takes only what fits the class exactly, and writes nothing else; throws if Gson has no form for the class. */
    public static <T> GsonCodec<T> strict(Class<T> type) {
        return lenient(type).strict();
    }

    /** A codec that takes whatever Gson can read; throws if Gson has no form for the class. */
    public static <T> GsonCodec<T> lenient(Class<T> type) {
        return new GsonCodec<>(type, shapes -> shapes.of(type));
    }

    /** The same for a type that may be generic, and say where null may stand. */
    public static <T> GsonCodec<T> lenient(AnnotatedType type) {
        return new GsonCodec<>(type.getType(), shapes -> shapes.of(type));
    }

    /** {@return the same codec, strict} */
    public GsonCodec<T> strict() {
        try {
            return new GsonCodec<>(this, shapeOf.apply(new Shapes(READING, false)));
        } catch (JsonParseException | IllegalArgumentException e) {
            throw refused(type, e);
        }
    }

    /** {@return the same codec, lenient} */
    public GsonCodec<T> lenient() {
        return new GsonCodec<>(this, null);
    }

    public boolean isStrict() {
        return shape != null;
    }

    @Override
    public String encode(T value) throws IOException {
        String json = write(value);
        try {
            checkShape(json);
        } catch (ValueMismatch e) {
            throw new IOException(e.getMessage() + " (a number that is not finite is written as null)");
        }
        return json;
    }

    private String write(T value) throws IOException {
        if (plain) {
            return NumberAdapters.isFinite(value) ? value.toString() : "null";
        }
        ValueWriter out = new ValueWriter();
        adapter.write(out, value);
        if (out.hasNull() && !isStrict()) {
            requireNullable(out.textWithoutNotFinite());
        }
        return out.text();
    }

    /** Throws if null stands where the schema that clients see has none. */
    private void requireNullable(String json) throws IOException {
        Shape.Slot known = writtenShape;
        if (known == null) {
            known = writtenShape();
            writtenShape = known;
        }
        try {
            check(known, json);
        } catch (ValueMismatch e) {
            if (e.isOfNull()) {
                throw new IOException(e.getMessage() + ", or its member declared Optional or @Nullable");
            }
            // Of a subclass for instance, which Gson writes with members of its own.
        }
    }

    private Shape.Slot writtenShape() {
        try {
            return shapeOf.apply(new Shapes(READING, false));
        } catch (RuntimeException | LinkageError noShape) {
            return Shapes.ANYTHING; // then clients see no schema either
        }
    }

    /** Reads a value of whoever wrote it; what it throws is a {@link ValueMismatch} where the place of the fault is known. */
    @Override
    public T decode(String json) throws IOException {
        checkShape(json);
        return read(adapter, json);
    }

    /** Reads a value that robot code published: null where a number has to stand is NaN, since that is written so. */
    public T decodeOwn(String json) throws IOException {
        return isStrict() ? decode(json) : read(ownAdapter, json);
    }

    private void checkShape(String json) throws IOException {
        if (shape != null) {
            check(shape, json);
        }
    }

    private static void check(Shape.Slot shape, String json) throws IOException {
        JsonCursor in = new JsonCursor(json.getBytes(StandardCharsets.UTF_8));
        try {
            shape.check(in);
            in.finish();
        } catch (JsonException e) {
            throw new IOException(e.getMessage());
        }
    }

    private T read(TypeAdapter<T> by, String json) throws IOException {
        try {
            return readUnchecked(by, json);
        } catch (IOException | RuntimeException e) {
            if (!isStrict()) {
                tellPlace(json);
            }
            throw e;
        }
    }

    /** Throws a {@link ValueMismatch} if what Gson has refused does not have a shape that it takes: its own text may show the value. */
    private void tellPlace(String json) throws IOException {
        Shape.Slot known = takenShape;
        if (known == null) {
            try {
                known = shapeOf.apply(new Shapes(READING, true));
            } catch (RuntimeException | LinkageError noShape) {
                return;
            }
            takenShape = known;
        }
        check(known, json);
    }

    private T readUnchecked(TypeAdapter<T> by, String json) throws IOException {
        JsonReader in = new JsonReader(new StringReader(json));
        in.setStrictness(Strictness.STRICT);
        T value = by.read(in);
        if (in.peek() != JsonToken.END_DOCUMENT) {
            throw new IOException("text after the end of the value");
        }
        if (value == null) {
            throw ValueMismatch.ofNull("a value of " + this);
        }
        return value;
    }

    /** Whether the other one is for the same type, so that each reads what the other writes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof GsonCodec<?> codec && codec.type.equals(type);
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public String toString() {
        return type instanceof Class<?> aClass ? aClass.getSimpleName() : type.getTypeName();
    }
}
