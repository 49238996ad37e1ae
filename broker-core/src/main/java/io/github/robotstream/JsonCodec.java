package io.github.robotstream;

import io.github.robotstream.internal.classpath.Libraries;
import io.github.robotstream.internal.codec.GsonCodec;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.stream.Stream;

/**
 * The codec that topics have unless they are given another, for types that a {@code Class} cannot say:
 *
 * <pre>{@code
 * Topic<List<Twist>> plan = Topic.state("plan", "Plan", new JsonCodec<List<Twist>>() {});
 * Topic<Map<String, Double>> limits = Topic.command("limits", "Limits", new JsonCodec<Map<String, Double>>() {});
 * }</pre>
 *
 * <p>Such topics are like those of a class in all else: of a command topic values are read strictly, see {@link Topic#strict()}, and clients see
 * a schema. A codec of your own may also hand its values on to one; it reads leniently then. Immutable and safe for use by several threads.
 *
 * @param <T> the Java type of the values, without type variables
 */
public abstract class JsonCodec<T> implements TopicCodec<T> {
    private final GsonCodec<T> codec;

    /**
     * For a subclass that says what {@code T} is, as the anonymous one of the example does.
     *
     * @throws IllegalArgumentException if it does not, or Gson has no form for the type
     * @throws IllegalStateException if Gson on the class path is too old
     */
    protected JsonCodec() {
        Libraries.checkGson(); // topics are often declared before the broker starts
        AnnotatedType said = getClass().getAnnotatedSuperclass();
        if (getClass().getSuperclass() != JsonCodec.class
                || !(said instanceof AnnotatedParameterizedType parameterized)
                || hasVariables(said.getType())) {
            throw new IllegalArgumentException(
                    "this JsonCodec does not say the type of its values: make it as new JsonCodec<List<Pose>>() {}");
        }
        this.codec = GsonCodec.lenient(parameterized.getAnnotatedActualTypeArguments()[0]);
    }

    private static boolean hasVariables(Type type) {
        return type instanceof TypeVariable
                || (type instanceof GenericArrayType array && hasVariables(array.getGenericComponentType()))
                || (type instanceof ParameterizedType parameterized
                        && Stream.of(parameterized.getActualTypeArguments()).anyMatch(JsonCodec::hasVariables));
    }

    GsonCodec<T> lenient() {
        return codec;
    }

    @Override
    public final String encode(T value) throws Exception {
        return codec.encode(value);
    }

    @Override
    public final T decode(String json) throws Exception {
        return codec.decode(json);
    }
}
