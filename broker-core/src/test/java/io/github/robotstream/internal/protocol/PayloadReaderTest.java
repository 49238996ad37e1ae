package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonPrimitive;
import io.github.robotstream.internal.json.Texts;
import io.github.robotstream.internal.protocol.Request.Publish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadReaderTest {
    private final RequestDecoder decoder = new RequestDecoder();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "25.10",
                "1E400",
                "-0",
                "12345678901234567890.000",
                "null",
                "true",
                "\"\\u0041\\/\"",
                "[ 1 , {} ]",
                "{\"data\":{\"name\":1,\"type\":2}}",
            })
    void theValueGoesThroughByteForByte(String value) throws RequestRejectedException {
        String data = "{ \"name\" : \"n\",\"type\":\"t\",\"data\" : " + value + "\n}";
        RawPayload payload = payload(data);
        assertThat(payload).hasToString(data);
        assertThat(payload.value()).isEqualTo(value);
        assertThat(payload.json()).isEqualTo(Texts.utf8(data));
    }

    @Test
    void unescapesNameAndType() throws RequestRejectedException {
        RawPayload payload = payload("{\"data\":0,\"\\u0074ype\":\"fl\\u006fat\",\"name\":\"é\\n\"}");
        assertThat(payload.name()).isEqualTo("é\n");
        assertThat(payload.type()).isEqualTo("float");
        assertThat(payload.value()).isEqualTo("0");
    }

    @Test
    void keepsMembersOfThePublishersOwn() throws RequestRejectedException {
        String data = "{\"unit\":\"V\",\"name\":\"n\",\"stamp\":[1,2],\"type\":\"t\",\"data\":0,\"meta\":{\"seq\":1}}";
        assertThat(payload(data)).hasToString(data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"n\",\"type\":\"t\",\"data\":{\"x\":[1.50,\"\\\"\"]}}",
                "{ \"name\":\"\\u006e\", \"type\":\"t\", \"data\":\"é🤖\" }",
            })
    void takesAStringThatHoldsTheObjectAndDeliversTheObject(String data) throws RequestRejectedException {
        RawPayload payload = payload(new JsonPrimitive("\n " + data + " ").toString());
        assertThat(payload).hasToString(data);
        assertThat(payload.name()).isEqualTo("n");
        assertThat(payload.type()).isEqualTo("t");
        assertThat(data).contains(payload.value());
    }

    @Test
    void aStringMayHoldWhatAFrameMayNest() throws RequestRejectedException {
        String deepest = "{\"name\":\"n\",\"type\":\"t\",\"data\":" + Texts.nested(62, "") + "}";
        assertThat(payload(deepest)).hasToString(deepest);
        assertThat(payload(new JsonPrimitive(deepest).toString())).hasToString(deepest);
        String deeper = "{\"name\":\"n\",\"type\":\"t\",\"data\":" + Texts.nested(63, "") + "}";
        assertThat(errorOf(deeper).code()).isEqualTo(ErrorCode.BAD_JSON);
        assertThat(errorOf(new JsonPrimitive(deeper).toString()).message())
                .isEqualTo("the string in \"data\" holds no JSON that the broker takes: at byte 92: nested deeper than"
                        + " 64 levels; flatten the data");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        5| "data" is a number; it has to be {"name":string,"type":string,"data":any JSON}
        null| "data" is null; it has to be {"name":string,"type":string,"data":any JSON}
        [{}]| "data" is an array; it has to be {"name":string,"type":string,"data":any JSON}
        {}| "data" lacks its member "name"; it has to be {"name":string,"type":string,"data":any JSON}
        {"name":"n","data":1}| "data" lacks its member "type"; it has to be {"name":string,"type":string,"data":any JSON}
        {"name":"n","type":"t"}| "data" lacks its member "data"; it has to be {"name":string,"type":string,"data":any JSON}
        {"name":1,"type":"t","data":1}| "name" in "data" is a number; it has to be a string
        {"name":"n","type":null,"data":1}| "type" in "data" is null; it has to be a string
        "25.1"| the string in "data" holds a number; it has to hold {"name":string,"type":string,"data":any JSON}
        "hello"| the string in "data" holds no JSON that the broker takes: at byte 0: hello is not JSON; write true, false or null, and put strings in double quotes
        ""| the string in "data" holds no JSON that the broker takes: at byte 0: the text ends where a value should stand; send the whole value
        "{\\"name\\":\\"n\\",\\"name\\":\\"n\\"}"| the string in "data" holds no JSON that the broker takes: at byte 12: the key "name" stands twice in one object; keep one of them
        "{\\"name\\":\\"n\\",\\"type\\":\\"t\\"}"| "data" lacks its member "data"; it has to be {"name":string,"type":string,"data":any JSON}
        """)
    void saysWhatIsMissing(String data, String message) {
        RequestError error = errorOf(data);
        assertThat(error.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(error.message()).isEqualTo(message);
        assertThat(error.topic()).hasValue("a");
        assertThat(error.request()).hasValue(Action.PUBLISH);
    }

    @Test
    void saysThatDataIsMissing() {
        RequestError error = catchThrowableOfType(
                        RequestRejectedException.class, () -> decode("{\"action\":\"publish\",\"topic\":\"a\"}"))
                .error();
        assertThat(error.message())
                .isEqualTo("the request lacks \"data\"; add {\"name\":string,\"type\":string,\"data\":any JSON}");
    }

    private RawPayload payload(String data) throws RequestRejectedException {
        return ((Publish) decode("{\"action\":\"publish\",\"topic\":\"a\",\"data\":" + data + "}")).payload();
    }

    private RequestError errorOf(String data) {
        return catchThrowableOfType(RequestRejectedException.class, () -> payload(data))
                .error();
    }

    private Request decode(String frame) throws RequestRejectedException {
        byte[] bytes = Texts.utf8(frame);
        return decoder.decode(bytes, 0, bytes.length);
    }
}
