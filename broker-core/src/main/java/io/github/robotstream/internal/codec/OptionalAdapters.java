package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code Optional}s, which Gson does not know: empty is null, and a member that is missing is read as empty. */
final class OptionalAdapters implements TypeAdapterFactory {
    private static final Map<Class<?>, String> OF_PRIMITIVES =
            Map.of(OptionalInt.class, "Integer", OptionalLong.class, "Long", OptionalDouble.class, "Double");

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Class<? super T> type = token.getRawType();
        if (type == Optional.class && token.getType() instanceof ParameterizedType parameterized) {
            TypeToken<?> content = TypeToken.get(parameterized.getActualTypeArguments()[0]);
            return (TypeAdapter<T>) new OptionalAdapter<>(gson.getAdapter(content));
        }
        String boxed = OF_PRIMITIVES.get(type);
        if (boxed != null) {
            throw new InterfacesRefused.Refusal(type, "use Optional<" + boxed + ">");
        }
        List<List<String>> members = Stream.<Class<?>>iterate(
                        type, above -> above != null && !above.getName().startsWith("java."), Class::getSuperclass)
                .flatMap(declaring -> Arrays.stream(declaring.getDeclaredFields()))
                .filter(field -> field.getType() == Optional.class)
                .map(Shape::namesOf)
                .toList();
        return members.isEmpty()
                ? null
                : new MissingAdded<>(gson.getDelegateAdapter(this, token), gson.getAdapter(JsonElement.class), members);
    }

    private static final class OptionalAdapter<E> extends TypeAdapter<Optional<E>> {
        private final TypeAdapter<E> content;

        OptionalAdapter(TypeAdapter<E> content) {
            this.content = content;
        }

        @Override
        @SuppressWarnings("NullableOptional") // what stands in the application's objects
        public void write(JsonWriter out, @Nullable Optional<E> value) throws IOException {
            if (value == null || value.isEmpty()) {
                out.nullValue();
            } else {
                content.write(out, value.get());
            }
        }

        @Override
        public Optional<E> read(JsonReader in) throws IOException {
            if (in.peek() == JsonToken.NULL) {
                in.nextNull();
                return Optional.empty();
            }
            return Optional.ofNullable(content.read(in));
        }
    }

    /** Gson leaves alone what is missing, which would be null. */
    private static final class MissingAdded<T> extends TypeAdapter<T> {
        private final TypeAdapter<T> usual;
        private final TypeAdapter<JsonElement> elements;
        /** The names of each, the usual one first. */
        private final List<List<String>> members;

        MissingAdded(TypeAdapter<T> usual, TypeAdapter<JsonElement> elements, List<List<String>> members) {
            this.usual = usual;
            this.elements = elements;
            this.members = members;
        }

        @Override
        public void write(JsonWriter out, @Nullable T value) throws IOException {
            usual.write(out, value);
        }

        @Override
        public @Nullable T read(JsonReader in) throws IOException {
            JsonElement value = elements.read(in);
            if (value instanceof JsonObject object) {
                members.stream()
                        .filter(names -> names.stream().noneMatch(object::has))
                        .forEach(names -> object.add(names.get(0), JsonNull.INSTANCE));
            }
            return usual.fromJsonTree(value);
        }
    }
}
