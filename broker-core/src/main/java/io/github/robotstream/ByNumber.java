package io.github.robotstream;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has the constants of an enum be numbers in JSON, where they are names otherwise. A constant is its place, counted from 0, or the number that
 * Gson's {@code @SerializedName} gives it, which is then the same however the constants are ordered:
 *
 * <pre>{@code
 * @ByNumber
 * enum Gear {
 *     NEUTRAL, // 0
 *     FORWARD, // 1
 *     @SerializedName("-1")
 *     REVERSE
 * }
 * }</pre>
 *
 * <p>As keys of a map they are names all the same. Codecs of your own do not look at this.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ByNumber {}
