package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Times and durations as strings of ISO 8601, {@code "2026-11-26T12:00:00Z"} and {@code "PT1.5S"}: Gson has no form for them. */
final class TimeAdapters implements TypeAdapterFactory {
    private static final Map<Class<?>, Function<String, ?>> READERS = Map.of(
            Instant.class, Instant::parse,
            Duration.class, Duration::parse,
            LocalDate.class, LocalDate::parse,
            LocalTime.class, LocalTime::parse,
            LocalDateTime.class, LocalDateTime::parse,
            OffsetDateTime.class, OffsetDateTime::parse);

    static boolean knows(Class<?> type) {
        return READERS.containsKey(type);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Class<? super T> type = token.getRawType();
        Function<String, ?> reader = READERS.get(type);
        return reader == null ? null : new TimeAdapter<>(type.getSimpleName(), (Function<String, T>) reader);
    }

    private static final class TimeAdapter<T> extends TypeAdapter<T> {
        private final String name;
        private final Function<String, T> reader;

        TimeAdapter(String name, Function<String, T> reader) {
            this.name = name;
            this.reader = reader;
        }

        @Override
        public void write(JsonWriter out, @Nullable T value) throws IOException {
            out.value(value == null ? null : value.toString());
        }

        @Override
        public @Nullable T read(JsonReader in) throws IOException {
            JsonToken found = in.peek();
            if (found == JsonToken.NULL) {
                in.nextNull();
                return null;
            }
            if (found != JsonToken.STRING) {
                throw mismatch();
            }
            try {
                return reader.apply(in.nextString());
            } catch (DateTimeException itsTextShowsTheValue) {
                throw mismatch();
            }
        }

        private ValueMismatch mismatch() {
            return ValueMismatch.of("no " + name, "a string of ISO 8601");
        }
    }
}
