package io.github.robotstream.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonElement;
import com.google.gson.annotations.SerializedName;
import io.github.robotstream.ByNumber;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients are told of the values of a topic: a schema that is derived from the Java type, or set. */
class SchemaTest {
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE_USE)
    @interface Nullable {}

    enum Gear {
        FORWARD,
        @SerializedName(
                value = "back",
                alternate = {"rear"})
        REVERSE
    }

    @ByNumber
    enum Level {
        LOW,
        @SerializedName("7")
        HIGH
    }

    record Vector(double x, double y) {}

    record Drive(
            int id,
            boolean on,
            String name,
            Gear gear,
            List<Vector> path,
            float[] currents,
            @SerializedName("set_point") Vector target,
            Optional<Double> limit,
            @Nullable Gear next,
            Map<String, Integer> errors) {}

    record Tree(String name, List<Tree> children, Optional<Tree> twin) {}

    static final class Nested<T> {
        T below;
    }

    record Deep(Nested<Nested<Nested<Nested<Nested<Nested<Nested<Nested<Nested<Vector>>>>>>>>> levels) {}

    record Tenth(Vector first, Vector second, Vector third, Vector fourth, Vector fifth, Vector sixth) {}

    record Many(Tenth a, Tenth b, Tenth c, Tenth d, Tenth e, Tenth f, Tenth g, Tenth h, Tenth i, Tenth j) {}

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String schemaOf(Class<?> type) {
        return Topic.state("t", "t", type).schema().orElseThrow();
    }

    static List<Arguments> single() {
        return List.of(
                Arguments.of(Double.class, "{'type':'number'}"),
                Arguments.of(float.class, "{'type':'number'}"),
                Arguments.of(Integer.class, "{'type':'integer'}"),
                Arguments.of(long.class, "{'type':'integer'}"),
                Arguments.of(BigDecimal.class, "{'type':'number'}"),
                Arguments.of(Boolean.class, "{'type':'boolean'}"),
                Arguments.of(String.class, "{'type':'string'}"),
                Arguments.of(Character.class, "{'type':'string'}"),
                Arguments.of(Gear.class, "{'type':'string','enum':['FORWARD','back']}"),
                Arguments.of(double[].class, "{'type':'array','items':{'type':'number'}}"),
                Arguments.of(int[][].class, "{'type':'array','items':{'type':'array','items':{'type':'integer'}}}"),
                Arguments.of(Map.class, "{'type':'object'}"),
                Arguments.of(UUID.class, "{'type':'string','format':'uuid'}"),
                Arguments.of(Instant.class, "{'type':'string','format':'date-time'}"),
                Arguments.of(Duration.class, "{'type':'string'}"),
                Arguments.of(byte[].class, "{'type':'string','contentEncoding':'base64'}"),
                Arguments.of(byte[][].class, "{'type':'array','items':{'type':'string','contentEncoding':'base64'}}"),
                Arguments.of(Level.class, "{'type':'integer','enum':[0,7]}"),
                Arguments.of(JsonElement.class, "{}"),
                Arguments.of(Object.class, "{}"));
    }

    @ParameterizedTest
    @MethodSource("single")
    void aTypeWithoutMembers(Class<?> type, String schema) {
        assertThat(schemaOf(type)).isEqualTo(json(schema));
    }

    @Test
    void aRecordIsAnObjectOfItsComponentsByTheNamesThatAreWritten() {
        String vector = "'properties':{'x':{'type':'number'},'y':{'type':'number'}},'required':['x','y']";
        assertThat(schemaOf(Drive.class))
                .isEqualTo(json("{'type':'object','properties':{"
                        + "'id':{'type':'integer'},"
                        + "'on':{'type':'boolean'},"
                        + "'name':{'type':'string'},"
                        + "'gear':{'type':'string','enum':['FORWARD','back']},"
                        + "'path':{'type':'array','items':{'type':'object'," + vector + "}},"
                        + "'currents':{'type':'array','items':{'type':'number'}},"
                        + "'set_point':{'type':'object'," + vector + "},"
                        + "'limit':{'type':['number','null']},"
                        + "'next':{'type':['string','null'],'enum':['FORWARD','back',null]},"
                        + "'errors':{'type':'object'}},"
                        + "'required':['id','on','name','gear','path','currents','set_point','errors']}"));
    }

    @Test
    void aTypeThatContainsItselfEndsInAPlainObject() {
        assertThat(schemaOf(Tree.class))
                .isEqualTo(json("{'type':'object','properties':{'name':{'type':'string'},"
                        + "'children':{'type':'array','items':{'type':'object'}},"
                        + "'twin':{'type':['object','null']}},'required':['name','children']}"));
    }

    @Test
    void whatLiesTooDeepIsAPlainObject() {
        String schema = schemaOf(Deep.class);

        assertThat(schema).contains(json("'below':{'type':'object'}")).doesNotContain(json("'x'"));
        assertThat(schema.split("properties", -1)).hasSize(1 + 8);
    }

    @Test
    void aTypeThatIsTooLargeIsAPlainObject() {
        assertThat(schemaOf(Tenth.class)).contains(json("'sixth'"));
        assertThat(schemaOf(Many.class)).isEqualTo(json("{'type':'object'}"));
    }

    @Test
    void aTopicKeepsItsSchemaHoweverItsValuesAreRead() {
        Topic<Vector> topic = Topic.command("t", "t", Vector.class);

        assertThat(topic.lenient().schema()).isEqualTo(topic.schema()).isPresent();
        assertThat(topic.withSchema("{}").strict().schema()).contains("{}");
        assertThat(topic.withSchema("{}")).isEqualTo(topic);
    }

    @Test
    void aCodecOfTheApplicationsHasNoSchemaUntilOneIsSet() {
        TopicCodec<Double> halves = new TopicCodec<>() {
            @Override
            public String encode(Double value) {
                return String.valueOf(value / 2);
            }

            @Override
            public Double decode(String json) throws IOException {
                return Double.parseDouble(json) * 2;
            }
        };
        Topic<Double> topic = Topic.state("t", "t", halves);

        assertThat(topic.schema()).isEmpty();
        assertThat(topic.withSchema(json("{'type':'number','unit':'V'}")).schema())
                .contains(json("{'type':'number','unit':'V'}"));
        assertThat(topic.withSchema("{}").codec()).isSameAs(halves);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "true", "{} {}", "{\"a\":NaN}", "{\"a\":1,\"a\":2}"})
    void aSchemaThatIsNoJsonObjectIsRefused(String json) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topic.state("t", "t", Double.class).withSchema(json))
                .withMessageStartingWith("the schema ");
    }

    @Test
    void aSchemaIsBoundedInLengthAndDepth() {
        Topic<Double> topic = Topic.state("t", "t", Double.class);
        String longest = "{\"a\":\"" + "x".repeat(16 * 1024 - 8) + "\"}";

        assertThat(topic.withSchema(longest).schema()).contains(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topic.withSchema(longest + " "))
                .withMessage("the schema has 16385 bytes of UTF-8: it may have 16384");
        topic.withSchema("{\"a\":".repeat(61) + "1" + "}".repeat(61));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topic.withSchema("{\"a\":".repeat(62) + "1" + "}".repeat(62)));
    }
}
