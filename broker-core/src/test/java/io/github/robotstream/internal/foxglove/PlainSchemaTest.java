package io.github.robotstream.internal.foxglove;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Topic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is left of a JSON Schema for viewers, which refuse a channel for a schema that they do not read. */
class PlainSchemaTest {
    record Time(long sec, int nsec) {}

    record LocationFix(Time timestamp, String frame_id, double latitude, double longitude, double altitude) {}

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String value(String schema) {
        return json("{'type':'object','properties':{'value':" + schema + "}}");
    }

    private static String member(String schema) {
        return json("{'type':'object','properties':{'a':" + schema + "}}");
    }

    static List<Arguments> others() {
        return List.of(
                Arguments.of("{'type':'number','minimum':0}", value("{'type':'number'}")),
                Arguments.of("{'type':['integer','null']}", value("{'type':'integer'}")),
                Arguments.of("{'enum':['A','B'],'type':'string'}", value("{'type':'string'}")),
                Arguments.of(
                        "{'items':{'type':'string'},'type':'array'}",
                        value("{'type':'array','items':{'type':'string'}}")),
                Arguments.of(
                        "{'type':'array','items':{'type':'array','items':{'type':'number'}}}",
                        json("{'type':'object'}")));
    }

    @ParameterizedTest
    @MethodSource("others")
    void aValueThatIsNoObjectIsTheMemberValueOfOne(String schema, String plain) {
        assertThat(PlainSchema.of(json(schema))).isEqualTo(new PlainSchema(plain, true));
    }

    static List<Arguments> members() {
        return List.of(
                Arguments.of(
                        "{'a':{'type':'string','contentEncoding':'base64','format':'x'}}",
                        member("{'type':'string','contentEncoding':'base64'}")),
                Arguments.of("{'a':{'type':'boolean'},'b':{'$ref':'#/x'}}", member("{'type':'boolean'}")),
                Arguments.of("{'a':{'type':'number'},'b':{'oneOf':[{'type':'number'}]}}", member("{'type':'number'}")),
                Arguments.of("{'a':{'type':'number'},'b':{'type':['number','string']}}", member("{'type':'number'}")),
                Arguments.of(
                        "{'a':{'type':'number'},'b':{'type':'null'},'c':true,'d':{}}", member("{'type':'number'}")),
                Arguments.of("{'a':{'type':'number'},'b':{'type':'array'}}", member("{'type':'number'}")),
                Arguments.of(
                        "{'a':{'type':'object','additionalProperties':{'type':'number'}}}",
                        member("{'type':'object','properties':{}}")),
                Arguments.of(
                        "{'a':{'type':'array','items':{'type':'object','properties':{'x':{'type':'number'}}}}}",
                        member("{'type':'array','items':{'type':'object','properties':{'x':{'type':'number'}}}}")));
    }

    @ParameterizedTest
    @MethodSource("members")
    void membersThatViewersDoNotReadAreLeftOut(String properties, String plain) {
        assertThat(PlainSchema.of(json("{'required':['a'],'type':'object','properties':" + properties + "}")))
                .isEqualTo(new PlainSchema(plain, false));
    }

    @ParameterizedTest
    @MethodSource("nothingKnown")
    void whereNoTypeIsSaidNothingIsKnown(String schema) {
        assertThat(PlainSchema.of(json(schema))).isEqualTo(new PlainSchema(json("{'type':'object'}"), false));
    }

    static List<String> nothingKnown() {
        return List.of("{}", "{'type':7}", "{'type':'any'}", "{'properties':{}}", "{'type':['number','string']}");
    }

    @Test
    void theRecordOfTheDocumentIsWholeInIt() {
        Topic<LocationFix> position = Topic.state("position", "foxglove.LocationFix", LocationFix.class);

        assertThat(PlainSchema.of(position.schema().orElseThrow()).json())
                .isEqualTo(json("{'type':'object','properties':{'timestamp':{'type':'object','properties':{"
                        + "'sec':{'type':'integer'},'nsec':{'type':'integer'}}},'frame_id':{'type':'string'},"
                        + "'latitude':{'type':'number'},'longitude':{'type':'number'},'altitude':{'type':'number'}}}"));
    }
}
