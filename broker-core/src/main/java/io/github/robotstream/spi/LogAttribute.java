package io.github.robotstream.spi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The value of an attribute as an entry keeps it: of a class of the JDK that does not change, and quick to write. The broker
 * thread and the log thread write it later, and must not run code of the application for that, nor convert a number of a
 * million digits, which takes seconds.
 */
final class LogAttribute {
    /** About a hundred decimal digits. */
    private static final int MAX_BITS = 332;
    /** Powers of ten; a double has about as many. */
    private static final int MAX_SCALE = 308;

    private static final Set<Class<?>> KEPT = Set.of(
            String.class, Boolean.class, Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class);

    private LogAttribute() {}

    /**
     * Makes a value fit to be kept; runs the value's own code on the calling thread, if it is of a class that is not the JDK's.
     *
     * @throws IllegalArgumentException if it is no text, number or boolean
     */
    static Object of(String name, Object value) {
        Class<?> type = value.getClass();
        if (KEPT.contains(type)) {
            return value;
        }
        if (type == BigInteger.class) {
            return whole((BigInteger) value);
        }
        if (type == BigDecimal.class) {
            return decimal((BigDecimal) value);
        }
        if (type == AtomicLong.class || type == AtomicInteger.class) {
            return ((Number) value).longValue();
        }
        if (value instanceof Number number) {
            return guarded(type, number::doubleValue);
        }
        if (value instanceof CharSequence text) {
            return guarded(type, () -> String.valueOf(text.toString()));
        }
        throw new IllegalArgumentException(
                "attribute " + name + " is a " + type.getName() + ": it has to be a String, a Number or a Boolean");
    }

    private static Object whole(BigInteger value) {
        return value.bitLength() <= MAX_BITS ? value : "a whole number of " + value.bitLength() + " bits";
    }

    private static Object decimal(BigDecimal value) {
        int bits = value.unscaledValue().bitLength();
        boolean isShort = bits <= MAX_BITS && Math.abs((long) value.scale()) <= MAX_SCALE;
        return isShort ? value : "a decimal number of " + bits + " bits and scale " + value.scale();
    }

    private static Object guarded(Class<?> type, Supplier<Object> value) {
        try {
            return value.get();
        } catch (Throwable t) {
            return type.getName() + " threw " + t.getClass().getName();
        }
    }
}
