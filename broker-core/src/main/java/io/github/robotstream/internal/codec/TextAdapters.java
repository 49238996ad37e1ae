package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Types of the JDK that are strings: times and durations of ISO 8601, {@code "2026-11-26T12:00:00Z"} and {@code "PT1.5S"}, UUIDs (RFC 9562
 * section 4), and arrays of bytes in base64 (RFC 4648 section 4), padded.
 */
final class TextAdapters implements TypeAdapterFactory {
    private static final String ISO_8601 = "a string of ISO 8601";

    private static final Map<Class<?>, Form<?>> FORMS = Map.of(
            Instant.class, new Form<>("Instant", ISO_8601, "format", "date-time", Instant::parse),
            Duration.class, new Form<>("Duration", ISO_8601, "", "", Duration::parse),
            LocalDate.class, new Form<>("LocalDate", ISO_8601, "format", "date", LocalDate::parse),
            LocalTime.class, new Form<>("LocalTime", ISO_8601, "", "", LocalTime::parse),
            LocalDateTime.class, new Form<>("LocalDateTime", ISO_8601, "", "", LocalDateTime::parse),
            OffsetDateTime.class, new Form<>("OffsetDateTime", ISO_8601, "", "", OffsetDateTime::parse),
            UUID.class,
                    new Form<>(
                            "UUID",
                            "a string of 36 characters as 123e4567-e89b-12d3-a456-426614174000",
                            "format",
                            "uuid",
                            TextAdapters::uuid),
            byte[].class,
                    new Form<>(
                            "base64",
                            "a string of base64, padded with =",
                            "contentEncoding",
                            "base64",
                            TextAdapters::base64));

    /**
     * How a type stands in JSON: the shape of a string.
     *
     * @param name what a string has to be
     * @param keyword what a JSON Schema says of it beside that it is a string; empty if it has no word for that
     * @param reader throws a RuntimeException for a string that is none
     */
    record Form<T>(String name, String expected, String keyword, String keywordValue, Function<String, T> reader)
            implements Shape {
        T read(String text) throws ValueMismatch {
            try {
                return reader.apply(text);
            } catch (RuntimeException itsTextShowsTheValue) {
                throw ValueMismatch.of("no " + name, expected);
            }
        }

        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.STRING, in);
            read(in.readText());
        }

        @Override
        public void checkKey(String key) throws ValueMismatch {
            read(key);
        }

        @Override
        public String schemaType() {
            return "string";
        }

        @Override
        public void describe(Schema schema, boolean orNull) {
            if (!keyword.isEmpty()) {
                schema.keyword(keyword, keywordValue);
            }
        }
    }

    private static UUID uuid(String text) {
        if (text.length() != 36) {
            throw new IllegalArgumentException("cut short"); // which the JDK takes
        }
        return UUID.fromString(text);
    }

    /** Bytes of a text; throws IllegalArgumentException if it is no base64, or not padded. */
    static byte[] base64(String text) {
        if (text.length() % 4 != 0) {
            throw new IllegalArgumentException("base64 comes in groups of four characters");
        }
        return Base64.getDecoder().decode(text);
    }

    static @Nullable Form<?> formOf(Class<?> type) {
        return FORMS.get(type);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Form<T> form = (Form<T>) formOf(token.getRawType());
        return form == null ? null : new TextAdapter<>(form);
    }

    private static final class TextAdapter<T> extends TypeAdapter<T> {
        private final Form<T> form;

        TextAdapter(Form<T> form) {
            this.form = form;
        }

        @Override
        public void write(JsonWriter out, @Nullable T value) throws IOException {
            out.value(value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : text(value));
        }

        private @Nullable String text(@Nullable T value) {
            return value == null ? null : value.toString();
        }

        @Override
        public @Nullable T read(JsonReader in) throws IOException {
            JsonToken found = in.peek();
            if (found == JsonToken.NULL) {
                in.nextNull();
                return null;
            }
            if (found != JsonToken.STRING) {
                throw ValueMismatch.of("no " + form.name(), form.expected());
            }
            return form.read(in.nextString());
        }
    }
}
