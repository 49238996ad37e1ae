package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.github.robotstream.ByNumber;
import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An enum that is {@link ByNumber}, as Gson reads and writes it and as it has to look. Immutable. */
final class NumberedEnum extends TypeAdapter<Object> implements Shape {
    private final Map<Long, Object> constants = new LinkedHashMap<>();
    private final Map<Object, Long> numbers = new LinkedHashMap<>();
    private final Map<String, Object> names = new LinkedHashMap<>();

    static final class Factory implements TypeAdapterFactory {
        @Override
        @SuppressWarnings("unchecked") // its values are constants of that enum
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
            return isNumbered(token.getRawType()) ? (TypeAdapter<T>) new NumberedEnum(token.getRawType()) : null;
        }
    }

    static boolean isNumbered(Class<?> type) {
        return enumOf(type).isAnnotationPresent(ByNumber.class) && Enum.class.isAssignableFrom(type);
    }

    /** A constant may have a class of its own. */
    private static Class<?> enumOf(Class<?> type) {
        Class<?> above = type.getSuperclass();
        return above != null && above.isEnum() ? above : type;
    }

    NumberedEnum(Class<?> type) {
        Class<?> declaring = enumOf(type);
        for (Object constant : declaring.getEnumConstants()) {
            Enum<?> one = (Enum<?>) constant;
            long number = number(declaring, one, numbers.size());
            Object other = constants.putIfAbsent(number, constant);
            if (other != null) {
                throw new IllegalArgumentException(number + " stands for both " + ((Enum<?>) other).name() + " and "
                        + one.name() + " of " + declaring.getName() + ", which is ByNumber: give each its own");
            }
            numbers.put(constant, number);
            names.put(one.name(), constant);
        }
    }

    private static long number(Class<?> type, Enum<?> constant, int place) {
        try {
            Field field = type.getField(constant.name());
            String name = Shape.namesOf(field).get(0);
            return name.equals(constant.name()) ? place : Integer.parseInt(name);
        } catch (NumberFormatException | NoSuchFieldException e) {
            throw new IllegalArgumentException(
                    "the @SerializedName of " + constant.name() + " in " + type.getName()
                            + ", which is ByNumber, has to be an integer",
                    e);
        }
    }

    // For Gson.

    @Override
    public void write(JsonWriter out, @Nullable Object value) throws IOException {
        out.value(value == null ? null : numbers.get(value));
    }

    /** As with other enums, an unknown constant is null. */
    @Override
    public @Nullable Object read(JsonReader in) throws IOException {
        if (in.peek() == JsonToken.NULL) {
            in.nextNull();
            return null;
        }
        if (in.peek() == JsonToken.STRING) {
            return names.get(in.nextString()); // a key of a map
        }
        return constants.get(NumberAdapters.ofText(in).nextLong());
    }

    // The shape.

    @Override
    public void check(JsonCursor in) throws ValueMismatch, JsonException {
        require(JsonKind.NUMBER, in);
        in.skipNumber();
        OptionalLong number = in.shortInteger();
        if (number.isEmpty() || !constants.containsKey(number.getAsLong())) {
            throw ValueMismatch.of("no constant that is known", expected());
        }
    }

    @Override
    public void checkKey(String name) throws ValueMismatch {
        if (!names.containsKey(name)) {
            throw ValueMismatch.of("no constant that is known", "one of " + EnumShape.list(names.keySet()));
        }
    }

    @Override
    public String schemaType() {
        return "integer";
    }

    @Override
    public void describe(Schema schema, boolean orNull) {
        schema.constants(constants.keySet(), orNull);
    }

    @Override
    public String expected() {
        List<String> known = numbers.entrySet().stream()
                .map(entry -> entry.getValue() + " (" + ((Enum<?>) entry.getKey()).name() + ")")
                .toList();
        return "one of " + EnumShape.list(known);
    }
}
