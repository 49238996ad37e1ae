package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.ToNumberPolicy;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How Gson treats numbers that may be something JSON has no word for: RFC 8259 section 6 knows neither NaN nor infinities. */
final class NumberAdapters {
    static final TypeAdapterFactory FACTORY = new TypeAdapterFactory() {
        @Override
        @SuppressWarnings("unchecked")
        public <N> @Nullable TypeAdapter<N> create(Gson gson, TypeToken<N> token) {
            Class<? super N> type = token.getRawType();
            if (type == double.class || type == Double.class) {
                return (TypeAdapter<N>) new NumberAdapter<>(JsonReader::nextDouble, Double.NaN);
            }
            if (type == float.class || type == Float.class) {
                return (TypeAdapter<N>) new NumberAdapter<>(in -> (float) in.nextDouble(), Float.NaN);
            }
            if (type == Number.class) {
                return (TypeAdapter<N>)
                        new NumberAdapter<>(ToNumberPolicy.LAZILY_PARSED_NUMBER::readNumber, Double.NaN);
            }
            return null;
        }
    };

    private NumberAdapters() {}

    /** Whether JSON has a word for it. */
    static boolean isFinite(Object value) {
        return !(value instanceof Double d && !Double.isFinite(d)) && !(value instanceof Float f && !Float.isFinite(f));
    }

    private interface Reading<N> {
        N from(JsonReader in) throws IOException;
    }

    private static final class NumberAdapter<N extends Number> extends TypeAdapter<N> {
        private final Reading<N> reading;
        private final N notANumber;

        NumberAdapter(Reading<N> reading, N notANumber) {
            this.reading = reading;
            this.notANumber = notANumber;
        }

        @Override
        public void write(JsonWriter out, @Nullable N value) throws IOException {
            if (value == null || !isFinite(value)) {
                out.nullValue();
            } else {
                out.value(value);
            }
        }

        @Override
        public N read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return notANumber;
            }
            return reading.from(in);
        }
    }
}
