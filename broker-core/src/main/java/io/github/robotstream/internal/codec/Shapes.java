package io.github.robotstream.internal.codec;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.annotations.JsonAdapter;
import io.github.robotstream.internal.codec.Shape.AdapterShape;
import io.github.robotstream.internal.codec.Shape.EnumShape;
import io.github.robotstream.internal.codec.Shape.FloatingShape;
import io.github.robotstream.internal.codec.Shape.IntegerShape;
import io.github.robotstream.internal.codec.Shape.ListShape;
import io.github.robotstream.internal.codec.Shape.MapShape;
import io.github.robotstream.internal.codec.Shape.ObjectShape;
import io.github.robotstream.internal.codec.Shape.ScalarShape;
import io.github.robotstream.internal.codec.Shape.Slot;
import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes {@link Shape}s by Gson's rules, of classes alone: their packages need not be open to this library. */
final class Shapes {
    private static final Map<Class<?>, Shape> NUMBERS = Map.of(
            Byte.class, new IntegerShape(Byte.MIN_VALUE, Byte.MAX_VALUE),
            Short.class, new IntegerShape(Short.MIN_VALUE, Short.MAX_VALUE),
            Integer.class, new IntegerShape(Integer.MIN_VALUE, Integer.MAX_VALUE),
            Long.class, new IntegerShape(Long.MIN_VALUE, Long.MAX_VALUE),
            Float.class, new FloatingShape(Float.MAX_VALUE),
            Double.class, new FloatingShape(Double.MAX_VALUE));

    /** A place for any value, and for null. */
    static final Slot ANYTHING = new Slot(ScalarShape.ANY, true);

    private final Gson gson;
    private final boolean lenient;
    private final Map<Key, Shape> known = new HashMap<>();

    private record Key(Class<?> type, List<Slot> arguments) {}

    /**
     * Of one type.
     *
     * @param gson has the adapters of types that only they know
     * @param lenient whether all passes that Gson bends until it fits
     */
    Shapes(Gson gson, boolean lenient) {
        this.gson = gson;
        this.lenient = lenient;
    }

    /** The shape of a class. */
    Slot of(Class<?> type) {
        return new Slot(shape(type, anythingFor(type)), false);
    }

    /** The shape of a type that may be generic. */
    Slot of(AnnotatedType type) {
        return slot(type, Map.of());
    }

    private Shape leaf(Shape exact) {
        return lenient ? new Shape.LenientShape(exact) : exact;
    }

    /** A class that is used without type arguments says nothing about what stands for them. */
    private static List<Slot> anythingFor(Class<?> type) {
        return Collections.nCopies(type.getTypeParameters().length, ANYTHING);
    }

    /** A type that contains itself finds its shape here while that is being made. */
    private static final class Later implements Shape {
        private @Nullable Shape made;

        private Shape made() {
            return Objects.requireNonNull(made);
        }

        @Override
        public Shape itself() {
            return made();
        }

        @Override
        public String schemaType() {
            return made().schemaType();
        }

        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            made().check(in);
        }

        @Override
        public String expected() {
            return made().expected();
        }
    }

    private Shape shape(Class<?> type, List<Slot> arguments) {
        Key key = new Key(type, arguments);
        Shape present = known.get(key);
        if (present != null) {
            return present;
        }
        Later later = new Later();
        known.put(key, later);
        Shape shape = make(type, arguments);
        later.made = shape;
        known.put(key, shape);
        return shape;
    }

    private Shape make(Class<?> type, List<Slot> arguments) {
        if (type.isAnnotationPresent(JsonAdapter.class)) {
            return byAdapter(type, null);
        }
        Shape text = TextAdapters.formOf(type);
        if (text != null) {
            return leaf(text);
        }
        if (type.isArray()) {
            Class<?> element = type.getComponentType();
            return new ListShape(new Slot(shape(element, anythingFor(element)), lenient && !element.isPrimitive()));
        }
        if (Enum.class.isAssignableFrom(type)) {
            return leaf(NumberedEnum.isNumbered(type) ? new NumberedEnum(type) : new EnumShape(type));
        }
        if (Collection.class.isAssignableFrom(type)) {
            return new ListShape(argumentsOf(Collection.class, type, arguments).get(0));
        }
        if (Map.class.isAssignableFrom(type)) {
            List<Slot> keyAndValue = argumentsOf(Map.class, type, arguments);
            return new MapShape(keyAndValue.get(0).shape(), keyAndValue.get(1));
        }
        Shape scalar = scalar(type);
        return scalar == null ? new ObjectShape(members(type, arguments), lenient) : leaf(scalar);
    }

    private @Nullable Shape scalar(Class<?> type) {
        Class<?> boxed = boxed(type);
        Shape number = NUMBERS.get(boxed);
        if (number != null) {
            return number;
        }
        if (boxed == Boolean.class) {
            return ScalarShape.BOOLEAN;
        }
        if (boxed == Character.class) {
            return ScalarShape.CHARACTER;
        }
        if (type == String.class) {
            return ScalarShape.STRING;
        }
        if (type == Number.class || type == BigDecimal.class || type == BigInteger.class) {
            return byAdapter(type, JsonKind.NUMBER);
        }
        if (type.getName().startsWith("java.") && type != Object.class) {
            return byAdapter(type, null);
        }
        // An interface says nothing about the members of what is written for it.
        return isAnything(type) ? ScalarShape.ANY : null;
    }

    private static boolean isAnything(Class<?> type) {
        return type == Object.class
                || JsonElement.class.isAssignableFrom(type)
                || Modifier.isAbstract(type.getModifiers());
    }

    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    private AdapterShape byAdapter(Class<?> type, @Nullable JsonKind kind) {
        return new AdapterShape(type, gson.getAdapter(type), kind);
    }

    private Slot slot(AnnotatedType type, Map<Type, Slot> variables) {
        Slot slot = slotOfBare(type, variables);
        boolean orNull = lenient ? !isPrimitive(type) : isNullable(type);
        return orNull ? slot.orNull() : slot;
    }

    private Slot slotOfBare(AnnotatedType type, Map<Type, Slot> variables) {
        if (type instanceof AnnotatedTypeVariable) {
            return variables.getOrDefault(type.getType(), ANYTHING);
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return slot(wildcard.getAnnotatedUpperBounds()[0], variables);
        }
        if (type instanceof AnnotatedArrayType array && type.getType() != byte[].class) {
            return new Slot(new ListShape(slot(array.getAnnotatedGenericComponentType(), variables)), false);
        }
        Class<?> raw = raw(type);
        List<Slot> arguments = arguments(type, variables);
        if (raw == Optional.class) {
            return arguments.get(0).orNull();
        }
        return new Slot(shape(raw, arguments), JsonElement.class.isAssignableFrom(raw));
    }

    private static boolean isPrimitive(AnnotatedType type) {
        return type.getType() instanceof Class<?> aClass && aClass.isPrimitive();
    }

    private static Class<?> raw(AnnotatedType type) {
        Type bare = type.getType();
        return (Class<?>) (bare instanceof ParameterizedType parameterized ? parameterized.getRawType() : bare);
    }

    private List<Slot> arguments(AnnotatedType type, Map<Type, Slot> variables) {
        return type instanceof AnnotatedParameterizedType parameterized
                ? Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                        .map(argument -> slot(argument, variables))
                        .toList()
                : anythingFor(raw(type));
    }

    private static Map<Type, Slot> variables(Class<?> type, List<Slot> arguments) {
        Map<Type, Slot> variables = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            variables.put(type.getTypeParameters()[i], arguments.get(i));
        }
        return variables;
    }

    /** The type arguments that a class has for one of its supertypes: {@code String} of {@code Names extends ArrayList<String>}. */
    private List<Slot> argumentsOf(Class<?> supertype, Class<?> type, List<Slot> arguments) {
        if (type == supertype) {
            return arguments;
        }
        List<AnnotatedType> parents = new ArrayList<>(List.of(type.getAnnotatedInterfaces()));
        Optional.ofNullable(type.getAnnotatedSuperclass()).ifPresent(parents::add);
        AnnotatedType parent = parents.stream()
                .filter(candidate -> supertype.isAssignableFrom(raw(candidate)))
                .findFirst()
                .orElseThrow();
        return argumentsOf(supertype, raw(parent), arguments(parent, variables(type, arguments)));
    }

    private List<ObjectShape.Member> members(Class<?> type, List<Slot> arguments) {
        Map<Type, Slot> variables = variables(type, arguments);
        List<ObjectShape.Member> members = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (isMember(field)) {
                members.add(member(field, variables));
            }
        }
        AnnotatedType parent = type.getAnnotatedSuperclass();
        if (parent != null && raw(parent) != Object.class && raw(parent) != Record.class) {
            members.addAll(members(raw(parent), arguments(parent, variables)));
        }
        return members;
    }

    /** Gson passes over the same ones. */
    private static boolean isMember(Field field) {
        int modifiers = field.getModifiers();
        Class<?> type = field.getType();
        boolean excluded = type.isAnonymousClass() || (type.isLocalClass() && !Modifier.isStatic(type.getModifiers()));
        return !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers) && !field.isSynthetic() && !excluded;
    }

    private ObjectShape.Member member(Field field, Map<Type, Slot> variables) {
        List<String> names = Shape.namesOf(field);
        if (field.isAnnotationPresent(JsonAdapter.class)) {
            return new ObjectShape.Member(names, ANYTHING);
        }
        Slot slot = slot(field.getAnnotatedType(), variables);
        boolean orNull = isNullable(field) || isNullableComponent(field) || isNullableInKotlin(field);
        return new ObjectShape.Member(names, orNull ? slot.orNull() : slot);
    }

    /** Kotlin compiles {@code Double?} to {@code Double}, and {@code Double} to {@code double}; its annotations are not there at run time. */
    private static boolean isNullableInKotlin(Field field) {
        Class<?> type = field.getType();
        boolean boxed = MethodType.methodType(type).unwrap().returnType() != type;
        return boxed
                && Arrays.stream(field.getDeclaringClass().getAnnotations())
                        .anyMatch(annotation ->
                                annotation.annotationType().getName().equals("kotlin.Metadata"));
    }

    /** An annotation of a record's component may be allowed in other places than on its field. */
    private static boolean isNullableComponent(Field field) {
        RecordComponent[] components = field.getDeclaringClass().getRecordComponents();
        return components != null
                && Arrays.stream(components)
                        .filter(component -> component.getName().equals(field.getName()))
                        .anyMatch(component -> isNullable(component) || isNullable(component.getAccessor()));
    }

    private static boolean isNullable(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type -> type.getSimpleName().equals("Nullable"));
    }
}
