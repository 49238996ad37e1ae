package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.ToNumberPolicy;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.robotstream.internal.json.JsonErrors;
import java.io.IOException;
import java.io.StringReader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that may be NaN or infinite, for which JSON has no word (RFC 8259 section 6): they are written as null. And integers, which Gson
 * reads of a text only if they fit, but of a tree it cuts off what does not.
 */
final class NumberAdapters implements TypeAdapterFactory {
    private static final Set<Class<?>> INTEGERS =
            Set.of(byte.class, Byte.class, short.class, Short.class, int.class, Integer.class, long.class, Long.class);

    private final boolean nullIsNaN;

    /**
     * {@code nullIsNaN}: whether null was written for a number that is not finite; else it is null where the type allows that.
     */
    NumberAdapters(boolean nullIsNaN) {
        this.nullIsNaN = nullIsNaN;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <N> @Nullable TypeAdapter<N> create(Gson gson, TypeToken<N> token) {
        Class<? super N> type = token.getRawType();
        if (type == double.class || type == Double.class) {
            return (TypeAdapter<N>) new NumberAdapter<>(JsonReader::nextDouble, Double.NaN, type.isPrimitive());
        }
        if (type == float.class || type == Float.class) {
            return (TypeAdapter<N>) new NumberAdapter<>(NumberAdapters::nextFloat, Float.NaN, type.isPrimitive());
        }
        if (type == Number.class) {
            return (TypeAdapter<N>)
                    new NumberAdapter<>(ToNumberPolicy.LAZILY_PARSED_NUMBER::readNumber, Double.NaN, false);
        }
        return INTEGERS.contains(type) ? new IntegerAdapter<>(gson.getDelegateAdapter(this, token)) : null;
    }

    /** Where a number of a tree comes next, a reader of its text; else the same. */
    static JsonReader ofText(JsonReader in) throws IOException {
        boolean isTree = in.getClass() != JsonReader.class;
        return isTree && in.peek() == JsonToken.NUMBER ? new JsonReader(new StringReader(in.nextString())) : in;
    }

    private static final class IntegerAdapter<N> extends TypeAdapter<N> {
        private final TypeAdapter<N> usual;

        IntegerAdapter(TypeAdapter<N> usual) {
            this.usual = usual;
        }

        @Override
        public void write(JsonWriter out, @Nullable N value) throws IOException {
            usual.write(out, value);
        }

        @Override
        public @Nullable N read(JsonReader in) throws IOException {
            return usual.read(ofText(in));
        }
    }

    private static float nextFloat(JsonReader in) throws IOException {
        float value = (float) in.nextDouble();
        if (Float.isInfinite(value)) {
            throw mismatch(in, ValueMismatch.of("out of range", "a number up to " + Float.MAX_VALUE));
        }
        return value;
    }

    private static ValueMismatch mismatch(JsonReader in, ValueMismatch problem) {
        String path = in.getPreviousPath().replaceFirst("^\\$\\.?", "");
        return path.isEmpty() ? problem : problem.within(JsonErrors.excerpt(path));
    }

    /** Whether JSON has a word for it. */
    static boolean isFinite(Object value) {
        return !(value instanceof Double d && !Double.isFinite(d)) && !(value instanceof Float f && !Float.isFinite(f));
    }

    private interface Reading<N> {
        N from(JsonReader in) throws IOException;
    }

    private final class NumberAdapter<N extends Number> extends TypeAdapter<N> {
        private final Reading<N> reading;
        private final N notANumber;
        private final boolean primitive;

        NumberAdapter(Reading<N> reading, N notANumber, boolean primitive) {
            this.reading = reading;
            this.notANumber = notANumber;
            this.primitive = primitive;
        }

        @Override
        public void write(JsonWriter out, @Nullable N value) throws IOException {
            if (value == null) {
                out.nullValue();
            } else if (!isFinite(value)) {
                ValueWriter.writeNotFinite(out);
            } else {
                out.value(value);
            }
        }

        @Override
        public @Nullable N read(JsonReader in) throws IOException {
            if (in.peek() != JsonToken.NULL) {
                return reading.from(in);
            }
            in.nextNull();
            if (nullIsNaN) {
                return notANumber;
            }
            if (primitive) {
                throw mismatch(in, ValueMismatch.ofNull("a number"));
            }
            return null;
        }
    }
}
