package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps whose keys are an enum's constants: the keys are written as they are read, where Gson writes what {@code toString} says. */
final class EnumKeys implements TypeAdapterFactory {
    @Override
    @SuppressWarnings("unchecked") // a Map of strings and the map's values
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Class<? super T> type = token.getRawType();
        if (!Map.class.isAssignableFrom(type)
                || !type.getName().startsWith("java.util.")
                || !(token.getType() instanceof ParameterizedType map)) {
            return null;
        }
        Type[] keyAndValue = map.getActualTypeArguments();
        if (!(keyAndValue[0] instanceof Class<?> key && key.isEnum())) {
            return null;
        }
        TypeToken<?> named = TypeToken.getParameterized(Map.class, String.class, keyAndValue[1]);
        return new Adapter<>(
                gson.getDelegateAdapter(this, token),
                (TypeAdapter<Map<String, Object>>) gson.getAdapter(named),
                writtenNames(key));
    }

    private static Map<String, String> writtenNames(Class<?> type) {
        Map<String, String> names = new HashMap<>();
        for (Field constant : type.getDeclaredFields()) {
            if (constant.isEnumConstant()) {
                String name = constant.getName();
                names.put(
                        name,
                        NumberedEnum.isNumbered(type)
                                ? name
                                : Shape.namesOf(constant).get(0));
            }
        }
        return names;
    }

    private static final class Adapter<T> extends TypeAdapter<T> {
        private final TypeAdapter<T> reading;
        private final TypeAdapter<Map<String, Object>> writing;
        /** By the constants' own. */
        private final Map<String, String> names;

        Adapter(TypeAdapter<T> reading, TypeAdapter<Map<String, Object>> writing, Map<String, String> names) {
            this.reading = reading;
            this.writing = writing;
            this.names = names;
        }

        @Override
        public void write(JsonWriter out, @Nullable T value) throws IOException {
            if (value == null) {
                out.nullValue();
                return;
            }
            Map<String, Object> named = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((key, each) -> named.put(nameOf(key), each));
            writing.write(out, named);
        }

        private String nameOf(@Nullable Object key) {
            return key instanceof Enum<?> constant ? names.getOrDefault(constant.name(), constant.name()) : "null";
        }

        @Override
        public @Nullable T read(JsonReader in) throws IOException {
            return reading.read(in);
        }
    }
}
