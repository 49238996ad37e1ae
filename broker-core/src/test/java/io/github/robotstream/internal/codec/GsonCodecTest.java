package io.github.robotstream.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import kotlin.Metadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Robot code's values as JSON and back. These records are in no named module, as in most programs. */
class GsonCodecTest {
    private static final Gson USUAL =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    record Vector(double x, double y, float z) {}

    record Pose(String frame, Vector position, List<Vector> path, double[] joints) {}

    record Boxes(Double x, Float y, Integer n, Number any) {}

    enum Mode {
        MANUAL,
        AUTOMATIC
    }

    static final class Plain {
        private int speed = 7;
        private @Nullable String unset;
        private transient int hidden = 1;

        int sum() {
            return speed + hidden + (unset == null ? 0 : 1);
        }
    }

    private static <T> String encode(Class<T> type, T value) throws IOException {
        return GsonCodec.lenient(type).encode(value);
    }

    private static <T> T decode(Class<T> type, String json) throws IOException {
        return GsonCodec.lenient(type).decode(json);
    }

    @Test
    void recordsGoThereAndBack() throws IOException {
        Pose pose =
                new Pose("map", new Vector(1, -2.5, 0.1f), List.of(new Vector(0, 0, 0)), new double[] {1e300, -0.0});
        String json = encode(Pose.class, pose);
        assertThat(json)
                .isEqualTo("{\"frame\":\"map\",\"position\":{\"x\":1.0,\"y\":-2.5,\"z\":0.1},"
                        + "\"path\":[{\"x\":0.0,\"y\":0.0,\"z\":0.0}],\"joints\":[1.0E300,-0.0]}");
        Pose back = decode(Pose.class, json);
        assertThat(back.position()).isEqualTo(pose.position());
        assertThat(back.path()).isEqualTo(pose.path());
        assertThat(back.joints()).containsExactly(pose.joints());
    }

    @Test
    void classesGoByTheirFieldsAndEnumsByTheirNames() throws IOException {
        assertThat(encode(Plain.class, new Plain())).isEqualTo("{\"speed\":7,\"unset\":null}");
        assertThat(decode(Plain.class, "{\"speed\":9,\"unset\":null}").sum()).isEqualTo(10);
        assertThat(encode(Mode.class, Mode.MANUAL)).isEqualTo("\"MANUAL\"");
        assertThat(decode(Mode.class, "\"AUTOMATIC\"")).isEqualTo(Mode.AUTOMATIC);
    }

    @Test
    void numbersThatAreNotFiniteAreNullWhereverTheyStand() throws IOException {
        Vector vector = new Vector(Double.NaN, Double.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
        String json = "{\"x\":null,\"y\":null,\"z\":null}";
        assertThat(encode(Vector.class, vector)).isEqualTo(json);
        assertThat(encode(double[].class, new double[] {Double.NaN, 1})).isEqualTo("[null,1.0]");
        assertThat(encode(Object[].class, new Object[] {Float.NaN, 1})).isEqualTo("[null,1]");
        assertThat(encode(Map.class, Map.of("a", Double.NaN))).isEqualTo("{\"a\":null}");
        assertThat(encode(Boxes.class, new Boxes(Double.NaN, Float.NaN, 1, Double.NaN)))
                .isEqualTo("{\"x\":null,\"y\":null,\"n\":1,\"any\":null}");
        assertThat(encode(Number.class, Float.NEGATIVE_INFINITY)).isEqualTo("null");
        assertThat(encode(Double.class, Double.NaN)).isEqualTo("null");
        assertThat(encode(Float.class, Float.POSITIVE_INFINITY)).isEqualTo("null");
    }

    @Test
    void robotCodeReadsWhatItPublishedAsNullAsNotANumber() throws IOException {
        assertThat(GsonCodec.lenient(Double.class).decodeOwn("null")).isNaN();
        assertThat(GsonCodec.lenient(Float.class).decodeOwn("null")).isNaN();
        assertThat(GsonCodec.lenient(Vector.class).decodeOwn("{\"x\":null,\"y\":1,\"z\":null}"))
                .isEqualTo(new Vector(Double.NaN, 1, Float.NaN));
        assertThat(GsonCodec.lenient(double[].class).decodeOwn("[1,null]")).containsExactly(1, Double.NaN);
        Boxes boxes = GsonCodec.lenient(Boxes.class).decodeOwn("{\"x\":null,\"y\":null,\"n\":null,\"any\":null}");
        assertThat(boxes.x()).isNaN();
        assertThat(boxes.y()).isNaN();
        assertThat(boxes.n()).isNull();
        assertThat(boxes.any()).isEqualTo(Double.NaN);
    }

    @Test
    void nullOfAClientsIsNeverReadAsNotANumber() throws IOException {
        assertThatThrownBy(() -> decode(Double.class, "null")).isInstanceOf(ValueMismatch.class);
        assertThatThrownBy(() -> decode(Vector.class, "{\"x\":0,\"y\":null}"))
                .hasMessage("y is null; it has to be a number");
        assertThatThrownBy(() -> decode(Vector.class, "{\"z\":null}")).hasMessage("z is null; it has to be a number");
        assertThatThrownBy(() -> decode(Pose.class, "{\"path\":[{},{\"x\":null}]}"))
                .hasMessage("path[1].x is null; it has to be a number");
        assertThatThrownBy(() -> decode(double[].class, "[1,null]")).hasMessage("[1] is null; it has to be a number");
        assertThat(decode(Boxes.class, "{\"x\":null,\"y\":null,\"n\":null,\"any\":null}"))
                .isEqualTo(new Boxes(null, null, null, null));
    }

    @Test
    void nullIsWrittenWhereTheSchemaHasIt() throws IOException {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("a", null);
        inner.put("b", Arrays.asList(1, null, "x"));
        assertThat(encode(Map.class, inner)).isEqualTo("{\"a\":null,\"b\":[1,null,\"x\"]}");
        assertThat(encode(Declared.class, new Declared(null, Optional.empty(), null)))
                .isEqualTo("{\"a\":null,\"b\":null,\"c\":null}");
        assertThat(encode(Kotlin.class, new Kotlin(null, null))).isEqualTo("{\"volts\":null,\"charging\":null}");
    }

    record Declared(
            @Nullable Double a,
            Optional<String> b,
            @Nullable Vector c) {}

    /** Compiled from {@code data class Kotlin(val volts: Double?, val charging: Boolean?)}. */
    @Metadata
    record Kotlin(Double volts, Boolean charging) {}

    record Named(String name) {}

    static Stream<Arguments> valuesWithNullAgainstTheirSchema() {
        return Stream.of(
                arguments(Boxes.class, new Boxes(null, 1f, 1, 1), "x is null; it has to be a number"),
                arguments(Boxes.class, new Boxes(Double.NaN, null, 1, 1), "y is null; it has to be a number"),
                arguments(
                        Boxes.class,
                        new Boxes(1.0, Float.NaN, 1, null),
                        "any is null; it has to be a number that can be read as Number"),
                arguments(
                        Pose.class,
                        new Pose("map ü", new Vector(Double.NaN, 0, 0), Arrays.asList((Vector) null), new double[0]),
                        "path[0] is null; it has to be an object"),
                arguments(
                        Pose.class,
                        new Pose("map", new Vector(0, 0, 0), List.of(), null),
                        "joints is null; it has to be an array"),
                arguments(Named.class, new Named(null), "name is null; it has to be a string"));
    }

    @ParameterizedTest
    @MethodSource("valuesWithNullAgainstTheirSchema")
    <T> void nullIsRefusedWhereTheSchemaHasNone(Class<T> type, T value, String reason) {
        assertThatThrownBy(() -> encode(type, value))
                .isInstanceOf(IOException.class)
                .hasMessage(reason + ", or its member declared Optional or @Nullable");
    }

    @Test
    void aSubclassIsWrittenWithMembersOfItsOwn() throws IOException {
        assertThat(encode(Holder.class, new Holder(new Child()))).isEqualTo("{\"part\":{\"more\":null,\"n\":1}}");
    }

    static class Parent {
        int n = 1;
    }

    static final class Child extends Parent {
        String more;
    }

    record Holder(Parent part) {}

    @Test
    void nullsAreReadLenientlyInsideAValue() throws IOException {
        assertThat(decode(Pose.class, "{\"frame\":null,\"position\":null,\"path\":[null],\"joints\":null}")
                        .path())
                .containsExactly((Vector) null);
    }

    @Test
    void nullInPlaceOfAValueIsNone() {
        assertThatThrownBy(() -> decode(Pose.class, "null"))
                .isInstanceOf(IOException.class)
                .hasMessage("the value is null; it has to be an object");
        assertThatThrownBy(() -> decode(String.class, "null")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> decode(Integer.class, "null")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1 2",
                "{\"x\":1,}",
                "{'x':1}",
                "{x:1}",
                "[",
                "NaN",
                "Infinity",
                "\"NaN\"",
                "// c\n1",
                "{\"x\":NaN}"
            })
    void whatIsNoJsonOrNoSuchValueIsRefused(String json) {
        assertThatThrownBy(() -> decode(Vector.class, json)).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> decode(Double.class, json)).isInstanceOf(Exception.class);
    }

    static Stream<Object> plainValues() {
        Random random = new Random(7);
        Stream<Object> edges = Stream.of(
                0.0,
                -0.0,
                1e-300,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                1f,
                Float.MIN_VALUE,
                Float.MIN_VALUE,
                Float.MAX_VALUE,
                true,
                false,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                0,
                Integer.MIN_VALUE,
                (short) -3,
                (byte) 127,
                1e7,
                1e-3,
                9007199254740994.0);
        return Stream.concat(
                edges,
                Stream.generate(() -> (Object) (random.nextGaussian() * 1e6)).limit(20));
    }

    @ParameterizedTest
    @MethodSource("plainValues")
    void plainValuesAreWrittenAsGsonWritesThem(Object value) throws IOException {
        assertSameAsGson(value.getClass(), value);
    }

    private static <T> void assertSameAsGson(Class<T> type, Object value) throws IOException {
        GsonCodec<T> codec = GsonCodec.lenient(type);
        String json = codec.encode(type.cast(value));
        assertThat(json).isEqualTo(USUAL.toJson(value));
        assertThat(codec.decode(json)).isEqualTo(value);
    }

    @Test
    void textIsEscapedAsJsonWantsItAndNotAsHtmlWould() throws IOException {
        String text = "<a href='x'>\"q\" \\ \n\t\u0000 \u2028 \u00e9 \ud83e\udd16</a>" + "x".repeat(5_000);
        String json = encode(String.class, text);
        assertThat(json).isEqualTo(USUAL.toJson(text)).contains("<a href='x'>");
        assertThat(decode(String.class, json)).isEqualTo(text);
    }

    @Test
    void numbersOfAnyKindAreKeptToTheLastDigit() throws IOException {
        BigDecimal exact = new BigDecimal("123456789012345678901234567890.12345");
        assertThat(encode(Number.class, exact)).isEqualTo(exact.toString());
        assertThat(decode(Number.class, exact.toString())).hasToString(exact.toString());
    }

    @Test
    void aValueThatContainsItselfIsRefusedWithAnErrorAndNoEndlessText() {
        Object[] self = new Object[1];
        self[0] = self;
        assertThatThrownBy(() -> encode(Object[].class, self)).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void aTypeThatGsonHasNoFormForIsRefusedByName() {
        assertThatThrownBy(() -> GsonCodec.lenient(Thread.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Thread")
                .hasMessageContaining("give Topic a codec");
    }
}
