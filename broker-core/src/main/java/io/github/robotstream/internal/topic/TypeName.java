package io.github.robotstream.internal.topic;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;

/** The type on the wire of a topic whose declaration names only a Java type. */
public final class TypeName {
    private static final Map<Class<?>, String> STANDARD = Map.ofEntries(
            Map.entry(Boolean.class, "bool"),
            Map.entry(boolean.class, "bool"),
            Map.entry(Byte.class, "int"),
            Map.entry(byte.class, "int"),
            Map.entry(Short.class, "int"),
            Map.entry(short.class, "int"),
            Map.entry(Integer.class, "int"),
            Map.entry(int.class, "int"),
            Map.entry(Long.class, "int"),
            Map.entry(long.class, "int"),
            Map.entry(BigInteger.class, "int"),
            Map.entry(Float.class, "float"),
            Map.entry(float.class, "float"),
            Map.entry(Double.class, "float"),
            Map.entry(double.class, "float"),
            Map.entry(String.class, "string"));

    private TypeName() {}

    /**
     * {@return the field's word for a number, boolean or string, and the simple name of another class}
     *
     * @throws IllegalArgumentException if the class has no name
     */
    public static String of(Class<?> valueType) {
        Objects.requireNonNull(valueType, "valueType");
        if (valueType.isArray()) {
            return of(valueType.getComponentType()) + "[]";
        }
        String name = STANDARD.getOrDefault(valueType, valueType.getSimpleName());
        if (name.isEmpty()) {
            throw new IllegalArgumentException(valueType.getName()
                    + " is an anonymous class without a name: pass the topic's type as the second argument");
        }
        return name;
    }
}
