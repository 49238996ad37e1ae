package io.github.robotstream.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.TypeAdapter;
import com.google.gson.annotations.JsonAdapter;
import com.google.gson.annotations.SerializedName;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may send on a topic whose values are read strictly; one test for each rule. */
class StrictValuesTest {
    private static final List<Class<?>> INTEGERS =
            List.of(byte.class, short.class, int.class, long.class, Byte.class, Short.class, Integer.class, Long.class);

    record Twist(double linear, double angular) {}

    private static <T> T read(Class<T> type, String json) throws IOException {
        return GsonCodec.strict(type).decode(json.replace('\'', '"'));
    }

    /** Checks that a text is refused, with this sentence. */
    private static void assertRefused(Class<?> type, String json, String message) {
        assertThatThrownBy(() -> read(type, json))
                .isInstanceOf(ValueMismatch.class)
                .hasMessage(message);
    }

    @Test
    void whatFitsIsRead() throws IOException {
        assertThat(read(Twist.class, "{'linear':0.5,'angular':-2}")).isEqualTo(new Twist(0.5, -2));
        assertThat(read(Twist.class, " { 'angular' : 1e-3 , 'linear' : 0 } ")).isEqualTo(new Twist(0, 1e-3));
        assertThat(read(Twist.class, "{'l\\u0069near':1,'angular':2}")).isEqualTo(new Twist(1, 2));
    }

    @Test
    void aMemberThatTheClassDoesNotHaveIsRefused() {
        assertRefused(Twist.class, "{'lineer':5}", "lineer is unknown; known are linear, angular");
        assertRefused(
                Twist.class, "{'linear':1,'angular':2,'more':{'a':[1]}}", "more is unknown; known are linear, angular");
        assertRefused(Twist.class, "{'Linear':5}", "Linear is unknown; known are linear, angular");
    }

    @Test
    void aMissingMemberIsRefused() {
        assertRefused(Twist.class, "{}", "linear is missing; it has to be a number");
        assertRefused(Twist.class, "{'linear':1}", "angular is missing; it has to be a number");
    }

    @Test
    void aMemberThatIsNullIsRefused() {
        assertRefused(Twist.class, "{'linear':null,'angular':0}", "linear is null; it has to be a number");
        assertRefused(Named.class, "{'name':null}", "name is null; it has to be a string");
        assertRefused(
                Boxed.class, "{'count':null}", "count is null; it has to be an integer from -2147483648 to 2147483647");
    }

    record Named(String name) {}

    record Boxed(Integer count) {}

    @Test
    void nullInPlaceOfTheWholeIsRefused() {
        assertRefused(Twist.class, "null", "the value is null; it has to be an object");
        assertRefused(Double.class, "null", "the value is null; it has to be a number");
    }

    @Test
    void aMemberThatStandsTwiceIsRefused() {
        assertRefused(Twist.class, "{'linear':1,'angular':2,'linear':1}", "linear stands twice; keep one");
        assertRefused(Twist.class, "{'linear':1,'l\\u0069near':2}", "linear stands twice; keep one");
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Nullable {}

    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface OnMethods {
        @Retention(RetentionPolicy.RUNTIME)
        @Target(ElementType.METHOD)
        @interface Nullable {}
    }

    record Annotated(
            @org.jspecify.annotations.Nullable String byUse,
            @Nullable Double byDeclaration,
            @OnMethods.Nullable Integer byAccessor,
            @Nullable double[] array) {}

    @Test
    void whatIsAnnotatedNullableMayBeNullOrMissing() throws IOException {
        Annotated nothing = new Annotated(null, null, null, null);
        assertThat(read(Annotated.class, "{}")).isEqualTo(nothing);
        assertThat(read(Annotated.class, "{'byUse':null,'byDeclaration':null,'byAccessor':null,'array':null}"))
                .isEqualTo(nothing);
        assertThat(read(Annotated.class, "{'byDeclaration':1.5}")).isEqualTo(new Annotated(null, 1.5, null, null));
        assertRefused(Annotated.class, "{'byDeclaration':'1.5'}", "byDeclaration is a string; it has to be a number");
        assertRefused(Annotated.class, "{'array':[null]}", "array[0] is null; it has to be a number");
    }

    record Maybe(Optional<Twist> twist, Optional<List<String>> names, int n) {}

    @Test
    void anOptionalIsEmptyWhereItIsNullOrMissing() throws IOException {
        Maybe empty = new Maybe(Optional.empty(), Optional.empty(), 1);
        assertThat(read(Maybe.class, "{'n':1}")).isEqualTo(empty);
        assertThat(read(Maybe.class, "{'twist':null,'names':null,'n':1}")).isEqualTo(empty);
        assertThat(read(Maybe.class, "{'twist':{'linear':1,'angular':2},'names':['a'],'n':1}"))
                .isEqualTo(new Maybe(Optional.of(new Twist(1, 2)), Optional.of(List.of("a")), 1));
        assertThat(GsonCodec.strict(Maybe.class).encode(empty)).isEqualTo("{\"twist\":null,\"names\":null,\"n\":1}");
        assertThat(GsonCodec.lenient(Maybe.class).decode("{\"n\":1}")).isEqualTo(empty);
        assertRefused(Maybe.class, "{'n':1,'twist':{}}", "twist.linear is missing; it has to be a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1.5'", "true", "[1.5]", "{'x':1.5}", "''"})
    void whatIsNoNumberIsNoneForANumber(String json) {
        String found = Map.of('\'', "a string", 't', "a boolean", '[', "an array", '{', "an object")
                .get(json.charAt(0));
        assertRefused(Double.class, json, "the value is " + found + "; it has to be a number");
        assertRefused(
                Twist.class, "{'linear':" + json + ",'angular':0}", "linear is " + found + "; it has to be a number");
    }

    @Test
    void numbersAndBooleansAreNoStringsAndStringsAreNoBooleans() {
        assertRefused(String.class, "5", "the value is a number; it has to be a string");
        assertRefused(String.class, "true", "the value is a boolean; it has to be a string");
        assertRefused(Boolean.class, "'true'", "the value is a string; it has to be true or false");
        assertRefused(Boolean.class, "1", "the value is a number; it has to be true or false");
        assertRefused(
                Character.class,
                "'ab'",
                "the value is a string of another length; it has to be a string of one character");
        assertRefused(Character.class, "5", "the value is a number; it has to be a string of one character");
    }

    @Test
    void anIntegerHasToBeInTheRangeOfItsType() throws IOException {
        for (Class<?> type : INTEGERS) {
            BigInteger most = BigInteger.ONE.shiftLeft(bits(type) - 1).subtract(BigInteger.ONE);
            BigInteger least = most.negate().subtract(BigInteger.ONE);
            assertThat(read(type, most.toString())).hasToString(most.toString());
            assertThat(read(type, least.toString())).hasToString(least.toString());
            String range = "; it has to be an integer from " + least + " to " + most;
            for (BigInteger beyond : List.of(most.add(BigInteger.ONE), least.subtract(BigInteger.ONE), most.pow(9))) {
                assertRefused(type, beyond.toString(), "the value is out of range" + range);
            }
        }
    }

    private static int bits(Class<?> type) {
        return Map.of("byte", 8, "short", 16, "int", 32, "integer", 32, "long", 64)
                .get(type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1.0", "1e2", "1E2", "-0.0", "1e400"})
    void anIntegerHasNoFractionAndNoExponent(String number) {
        assertRefused(
                Byte.class,
                number,
                "the value is written with a fraction or exponent; it has to be an integer from -128 to 127");
    }

    @Test
    void aNumberIsNeverReadAsInfinite() throws IOException {
        assertRefused(
                Double.class, "1e309", "the value is out of range; it has to be a number up to 1.7976931348623157E308");
        assertRefused(
                Double.class,
                "-1" + "0".repeat(309),
                "the value is out of range; it has to be a number up to 1.7976931348623157E308");
        assertRefused(
                Float.class, "-1E39", "the value is out of range; it has to be a number up to 3.4028234663852886E38");
        assertThat(read(Double.class, "1e308")).isEqualTo(1e308);
        assertThat(read(Float.class, "3.4e38")).isEqualTo(3.4e38f);
        assertThatIOException().isThrownBy(() -> GsonCodec.lenient(Float.class).decode("1e39"));
        assertThatIOException().isThrownBy(() -> GsonCodec.lenient(Double.class).decode("1e309"));
    }

    enum Mode {
        MANUAL,
        @SerializedName(value = "auto", alternate = "automatic")
        AUTOMATIC {
            @Override
            boolean drives() {
                return true;
            }
        };

        boolean drives() {
            return false;
        }
    }

    record Switch(Mode mode) {}

    @Test
    void aConstantThatTheEnumDoesNotHaveIsRefused() throws IOException {
        assertThat(read(Switch.class, "{'mode':'MANUAL'}")).isEqualTo(new Switch(Mode.MANUAL));
        assertThat(read(Switch.class, "{'mode':'auto'}")).isEqualTo(new Switch(Mode.AUTOMATIC));
        assertThat(read(Switch.class, "{'mode':'automatic'}")).isEqualTo(new Switch(Mode.AUTOMATIC));
        String expected = "; it has to be one of MANUAL, auto, automatic";
        assertRefused(Switch.class, "{'mode':'manual'}", "mode is no constant that is known" + expected);
        assertRefused(Switch.class, "{'mode':'AUTOMATIC'}", "mode is no constant that is known" + expected);
        assertRefused(Switch.class, "{'mode':0}", "mode is a number" + expected);
    }

    record Wheel(
            double speed, @org.jspecify.annotations.Nullable String name) {}

    record Drive(List<Wheel> wheels, Map<String, Wheel> byName, int[][] grid, Set<Mode> modes) {}

    @Test
    void theMessageSaysWhereInNestedValuesSomethingDoesNotFit() throws IOException {
        String rest = ",'byName':{'left':{'speed':1}},'grid':[[1],[]],'modes':['MANUAL']}";
        assertThat(read(Drive.class, "{'wheels':[{'speed':1}]" + rest).wheels()).containsExactly(new Wheel(1, null));
        assertRefused(
                Drive.class,
                "{'wheels':[{'speed':1},{'speed':2},{'speed':'3'}]" + rest,
                "wheels[2].speed is a string; it has to be a number");
        assertRefused(Drive.class, "{'wheels':[null]" + rest, "wheels[0] is null; it has to be an object");
        assertRefused(Drive.class, "{'wheels':{}" + rest, "wheels is an object; it has to be an array");
        assertRefused(
                Drive.class, "{'byName':{'left':{'sped':1}}}", "byName.left.sped is unknown; known are speed, name");
        assertRefused(Drive.class, "{'byName':[]}", "byName is an array; it has to be an object");
        assertRefused(
                Drive.class,
                "{'grid':[[1],[2,2.5]]}",
                "grid[1][1] is written with a fraction or exponent; it has to be an integer from -2147483648 to 2147483647");
        assertRefused(
                Drive.class,
                "{'modes':['OFF']}",
                "modes[0] is no constant that is known; it has to be one of MANUAL, auto, automatic");
        assertRefused(int[].class, "[1,null]", "[1] is null; it has to be an integer from -2147483648 to 2147483647");
    }

    record Elements(List<@org.jspecify.annotations.Nullable Double> some, Map<String, Optional<Integer>> others) {}

    @Test
    void elementsMayBeNullWhereTheirTypeSaysSo() throws IOException {
        assertThat(read(Elements.class, "{'some':[1,null],'others':{'a':null}}"))
                .isEqualTo(new Elements(java.util.Arrays.asList(1.0, null), Map.of("a", Optional.empty())));
    }

    record Limits(Map<Mode, Double> byMode, Map<Integer, String> byNumber) {}

    @Test
    void keysOfMapsHaveToBeOfTheirType() throws IOException {
        assertThat(read(Limits.class, "{'byMode':{'auto':1},'byNumber':{'-7':'x'}}"))
                .isEqualTo(new Limits(Map.of(Mode.AUTOMATIC, 1.0), Map.of(-7, "x")));
        assertRefused(
                Limits.class,
                "{'byMode':{'fast':1}}",
                "byMode.fast is no key of this map; a key has to be one of MANUAL, auto, automatic");
        assertRefused(
                Limits.class,
                "{'byNumber':{'1.5':'x'}}",
                "byNumber.1.5 is no key of this map; a key has to be an integer from -2147483648 to 2147483647");
        assertThatThrownBy(() -> read(Limits.class, "{'byMode':{'auto':1,'automatic':2},'byNumber':{}}"))
                .isInstanceOf(Exception.class);
    }

    record Pair<A, B>(A first, List<B> second) {}

    record Pairs(Pair<Double, String> one, Pair<Twist, @org.jspecify.annotations.Nullable Integer> other) {}

    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
    }

    record Listed(Names names, Pair<?, ? extends Number> open) {}

    @Test
    void typeArgumentsAreKnown() throws IOException {
        String other = ",'other':{'first':{'linear':1,'angular':2},'second':[1,null]}}";
        assertThat(read(Pairs.class, "{'one':{'first':1.5,'second':['a']}" + other)
                        .one())
                .isEqualTo(new Pair<>(1.5, List.of("a")));
        assertRefused(
                Pairs.class,
                "{'one':{'first':'1.5','second':[]}" + other,
                "one.first is a string; it has to be a number");
        assertRefused(
                Pairs.class,
                "{'one':{'first':1,'second':[1]}" + other,
                "one.second[0] is a number; it has to be a string");
        assertRefused(Listed.class, "{'names':[1]}", "names[0] is a number; it has to be a string");
        assertRefused(
                Listed.class,
                "{'names':[],'open':{'first':{'any':[null]},'second':['x']}}",
                "open.second[0] is a string; it has to be a number that can be read as Number");
    }

    static class Base<T> {
        @SerializedName(value = "x-axis", alternate = "x")
        protected T x;

        private transient int hidden = 1;
        private static int shared = 2;

        int sum() {
            return hidden + shared;
        }
    }

    static final class Point extends Base<Double> {
        private int y = 7;

        int y() {
            return y;
        }
    }

    @Test
    void classesHaveTheFieldsThatGsonSeesThoseAboveThemIncluded() throws IOException {
        assertThat(read(Point.class, "{'y':1,'x-axis':2}").x).isEqualTo(2);
        assertThat(read(Point.class, "{'y':1,'x':2}").y()).isEqualTo(1);
        assertRefused(Point.class, "{'y':1,'x':2,'x-axis':2}", "x-axis stands twice; keep one");
        assertRefused(Point.class, "{'x':'2'}", "x-axis is a string; it has to be a number");
        assertRefused(Point.class, "{'y':1}", "x-axis is missing; it has to be a number");
        assertRefused(Point.class, "{'x':1}", "y is missing; it has to be an integer from -2147483648 to 2147483647");
        assertRefused(Point.class, "{'hidden':1}", "hidden is unknown; known are y, x-axis");
    }

    record Node(int n, @org.jspecify.annotations.Nullable Node next, List<Node> children) {}

    @Test
    void aTypeMayContainItself() throws IOException {
        assertThat(read(Node.class, "{'n':1,'next':{'n':2,'children':[]},'children':[{'n':3,'children':[]}]}"))
                .isEqualTo(new Node(1, new Node(2, null, List.of()), List.of(new Node(3, null, List.of()))));
        assertRefused(
                Node.class,
                "{'n':1,'next':{'n':2,'children':[{'n':3}]},'children':[]}",
                "next.children[0].children is missing; it has to be an array");
        String deep = "{'n':1,'children':[".repeat(1_000) + "]}".repeat(1_000);
        assertThatIOException().isThrownBy(() -> read(Node.class, deep)).withMessageContaining("deeper");
    }

    record Others(
            UUID id,
            BigDecimal exact,
            URI link,
            @org.jspecify.annotations.Nullable JsonElement raw,
            Object any) {}

    @Test
    void typesOfTheJdkAreReadByTheirAdapters() throws IOException {
        String rest = ",'link':'a/b','raw':null,'any':{'a':[null]}}";
        String id = "{'id':'00000000-0000-0001-0000-000000000002'";
        Others others = read(Others.class, id + ",'exact':0.10" + rest);
        assertThat(others.id()).isEqualTo(new UUID(1, 2));
        assertThat(others.exact()).isEqualTo("0.10");
        assertRefused(
                Others.class,
                "{'id':'secret'",
                "id is no UUID; it has to be a string of 36 characters as 123e4567-e89b-12d3-a456-426614174000");
        assertRefused(
                Others.class,
                id + ",'exact':'0.10'" + rest,
                "exact is a string; it has to be a number that can be read as BigDecimal");
        assertRefused(Others.class, id + ",'any':null}", "any is null; it has to be a value");
    }

    record Degrees(double value) {}

    static final class DegreesAdapter extends TypeAdapter<Degrees> {
        @Override
        public void write(JsonWriter out, Degrees value) throws IOException {
            out.value(value.value() + " deg");
        }

        @Override
        public Degrees read(JsonReader in) throws IOException {
            return new Degrees(Double.parseDouble(in.nextString().replace(" deg", "")));
        }
    }

    record Heading(@JsonAdapter(DegreesAdapter.class) Degrees angle) {}

    @Test
    void anAdapterOfTheApplicationsDecidesItself() throws IOException {
        assertThat(read(Heading.class, "{'angle':'90 deg'}")).isEqualTo(new Heading(new Degrees(90)));
        assertThatThrownBy(() -> read(Heading.class, "{'angle':'north'}")).isInstanceOf(Exception.class);
    }

    record Positive(double value) {
        Positive {
            if (value <= 0) {
                throw new IllegalArgumentException("secret " + value);
            }
        }
    }

    @Test
    void whatTheRecordsConstructorRefusesIsRefused() throws IOException {
        assertThat(read(Positive.class, "{'value':1}")).isEqualTo(new Positive(1));
        assertThatThrownBy(() -> read(Positive.class, "{'value':-1}"))
                .as("its text is for nobody but the robot")
                .isInstanceOf(Exception.class)
                .isNotInstanceOf(ValueMismatch.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'linear':1,'angular':2} x",
                "{'linear':1,'angular':2,}",
                "{'linear':1,'angular':NaN}",
                "{'linear':01,'angular':2}",
                "{'linear':1 'angular':2}",
                "{linear:1,'angular':2}",
                "{'linear':+1,'angular':2}",
                "{'linear'",
                "{'linear':",
                "{'linear':1",
                "{",
                "x"
            })
    void whatIsNoJsonIsNoValue(String text) {
        assertThatThrownBy(() -> read(Twist.class, text)).isInstanceOf(IOException.class);
    }

    @Test
    void aMessageIsShortAndShowsNoControlCharacterAndNoValue() {
        String key = "k\\n\\u0000".repeat(1_000);
        assertThatThrownBy(() -> read(Twist.class, "{'" + key + "':'secret'}"))
                .hasMessageMatching("\\P{Cntrl}{10,100}")
                .hasMessageContaining("known are linear, angular");
        String inMaps = ("{'" + "k".repeat(500) + "':").repeat(60) + "'secret'" + "}".repeat(60);
        assertThatThrownBy(() -> read(Deep.class, "{'deep':" + inMaps + "}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).doesNotContain("secret"));
        assertThatThrownBy(() -> read(Switch.class, "{'mode':'secret'}")).hasMessageNotContaining("secret");
    }

    record Deep(Map<String, Deeper> deep) {}

    static final class Deeper extends java.util.LinkedHashMap<String, Deeper> {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whatWouldNotBeReadIsNotWrittenEither() throws IOException {
        GsonCodec<Twist> twist = GsonCodec.strict(Twist.class);
        assertThat(twist.encode(new Twist(1, 2))).isEqualTo("{\"linear\":1.0,\"angular\":2.0}");
        assertThatIOException()
                .isThrownBy(() -> twist.encode(new Twist(1, Double.NaN)))
                .withMessageContaining("angular is null")
                .withMessageContaining("not finite");
        assertThatIOException().isThrownBy(() -> GsonCodec.strict(Named.class).encode(new Named(null)));
        assertThatIOException().isThrownBy(() -> GsonCodec.strict(Double.class).encode(Double.POSITIVE_INFINITY));
    }

    @Test
    void aClassWithoutTypeArgumentsLeavesThemOpen() throws IOException {
        assertThat((Object) read(Map.class, "{'a':[null,{'b':null}]}"))
                .isEqualTo(Map.of("a", java.util.Arrays.asList(null, Collections.singletonMap("b", null))));
        assertThat(read(Object[].class, "[1,'x']")).containsExactly(1.0, "x");
        assertThat((Object) read(List.class, "[1,null]")).isEqualTo(java.util.Arrays.asList(1.0, null));
    }
}
