package io.github.robotstream.internal.codec;

import io.github.robotstream.internal.json.JsonCursor;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The shapes of Java's primitive numbers. A number that the type cannot hold does not fit; digits that are rounded away do. */
final class NumberShape {
    private static final Map<Class<?>, Shape> SHAPES = Map.of(
            Byte.class, new IntegerShape(Byte.MIN_VALUE, Byte.MAX_VALUE),
            Short.class, new IntegerShape(Short.MIN_VALUE, Short.MAX_VALUE),
            Integer.class, new IntegerShape(Integer.MIN_VALUE, Integer.MAX_VALUE),
            Long.class, new IntegerShape(Long.MIN_VALUE, Long.MAX_VALUE),
            Float.class, new FloatingShape(Float.MAX_VALUE),
            Double.class, new FloatingShape(Double.MAX_VALUE));

    private NumberShape() {}

    /** The shape of a boxed type, or null if it is none of these. */
    static @Nullable Shape of(Class<?> boxed) {
        return SHAPES.get(boxed);
    }

    /** Integers have to be written as such: {@code 5.0} and {@code 5e0} are not read as 5. */
    private record IntegerShape(long min, long max) implements Shape {
        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.NUMBER, in);
            in.skipNumber();
            OptionalLong usual = in.shortInteger();
            long value = usual.isPresent() ? usual.getAsLong() : unusual(in.numberText());
            if (value < min || value > max) {
                throw ValueMismatch.of("out of range", expected());
            }
        }

        private long unusual(String number) throws ValueMismatch {
            try {
                return Long.parseLong(number);
            } catch (NumberFormatException e) {
                boolean digitsOnly = number.chars().allMatch(c -> c == '-' || Character.isDigit(c));
                throw ValueMismatch.of(digitsOnly ? "out of range" : "written with a fraction or exponent", expected());
            }
        }

        @Override
        public String expected() {
            return "an integer from " + min + " to " + max;
        }
    }

    private record FloatingShape(double max) implements Shape {
        /** A number of no more characters, without an exponent, is in the range of a float. */
        private static final int SURELY_IN_RANGE = 30;

        @Override
        public void check(JsonCursor in) throws ValueMismatch, JsonException {
            require(JsonKind.NUMBER, in);
            in.skipNumber();
            if (!in.isShortDecimal(SURELY_IN_RANGE) && Math.abs(Double.parseDouble(in.numberText())) > max) {
                throw ValueMismatch.of("out of range", "a number up to " + max);
            }
        }

        @Override
        public String expected() {
            return "a number";
        }
    }
}
