package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.json.Texts;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {
    private static final String DATA = "{\"name\":\"n\",\"type\":\"t\",\"data\":1}";

    private final RequestDecoder decoder = new RequestDecoder();

    @Test
    void readsTheDocumentedRequests() throws RequestRejectedException {
        assertThat(decode("{\"action\": \"subscribe\", \"topic\": \"some_topic\"}"))
                .isEqualTo(new Subscribe(
                        Optional.empty(), "some_topic", Optional.empty(), SubscribeOptions.NONE, Map.of()));
        assertThat(decode("{\"action\":\"unsubscribe\",\"topic\":\"some_topic\"}"))
                .isEqualTo(new Unsubscribe(Optional.empty(), "some_topic", Optional.empty()));
        Publish publish = publish("""
            {
              "action": "publish",
              "topic": "some_topic",
              "data": {"name": "name_of_data", "type": "type_of_data", "data": "your_data_here"}
            }
            """);
        assertThat(publish.id()).isEmpty();
        assertThat(publish.topic()).isEqualTo("some_topic");
        assertThat(publish.echo()).isTrue();
        assertThat(publish.payload())
                .hasToString("{\"name\": \"name_of_data\", \"type\": \"type_of_data\", \"data\": \"your_data_here\"}");
    }

    @Test
    void readsATopicThatItHasReadBeforeAsTheSameWhateverCameBetween() throws RequestRejectedException {
        String first = publish(publishing("\"arm/joint\"")).topic();
        assertThat(publish(publishing("\"arm/joint\"")).topic()).isSameAs(first);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(publish(publishing("\"" + i + "/joint\"")).topic()).isEqualTo(i + "/joint");
            }
        }
        assertThat(publish(publishing("\"arm/joint\"")).topic()).isEqualTo("arm/joint");
        assertThat(publish(publishing("\"\\u0061rm/joint\"")).topic()).isEqualTo("arm/joint");
    }

    @Test
    void refusesATopicThatItHasRefusedBefore() {
        for (int i = 0; i < 2; i++) {
            assertThat(errorOf(publishing("\"arm/#\"")).code()).isEqualTo(ErrorCode.BAD_TOPIC);
        }
    }

    @Test
    void saysTheTopicOfARequestThatItRefusesThoughItHasReadThatBefore() throws RequestRejectedException {
        publish(publishing("\"pose\""));
        assertThat(errorOf("{\"action\":\"publish\",\"topic\":\"pose\"}").topic())
                .contains("pose");
    }

    private static String publishing(String topic) {
        return "{\"action\":\"publish\",\"topic\":" + topic + ",\"data\":" + DATA + "}";
    }

    @Test
    void passesOverFieldsThatItDoesNotKnow() throws RequestRejectedException {
        assertThat(decode("{\"v\":{\"action\":7},\"action\":\"subscribe\",\"topic\":\"a\",\"subs\":[],\"qos\":1}"))
                .isEqualTo(new Subscribe(Optional.empty(), "a", Optional.empty(), SubscribeOptions.NONE, Map.of()));
    }

    @Test
    void readsFieldsHoweverTheyAreSpelledAndOrdered() throws RequestRejectedException {
        Publish publish =
                publish("{\"data\":" + DATA + ",\"topic\":\"caf\\u00e9\\/1\",\"\\u0061ction\":\"publi\\u0073h\"}");
        assertThat(publish.topic()).isEqualTo("café/1");
        assertThat(publish.payload()).hasToString(DATA);
    }

    @Test
    void nothingOfAFrameIsLeftForTheNext() throws RequestRejectedException {
        byte[] frame = Texts.utf8("__{\"action\":\"publish\",\"id\":1,\"topic\":\"a\",\"data\":" + DATA + "}__");
        Publish publish = (Publish) decoder.decode(frame, 2, frame.length - 4);
        Arrays.fill(frame, (byte) 'x');
        assertThat(publish.payload()).hasToString(DATA);
        assertThat(publish.id()).map(RequestId::toString).hasValue("1");
        assertThat(errorOf("x"))
                .isEqualTo(RequestError.unasked(
                        ErrorCode.BAD_JSON,
                        "at byte 0: x is not JSON; write true, false or null, and put strings in double quotes"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"c7\"",
                "\"\\u0061\\/\\\"é\"",
                "0",
                "-0",
                "-5",
                "9007199254740991",
                "-9007199254740991",
            })
    void keepsAnIdAsItIsSpelled(String id) throws RequestRejectedException {
        Request request = decode("{\"action\":\"subscribe\",\"id\": " + id + " ,\"topic\":\"a\"}");
        assertThat(request.id()).map(RequestId::toString).hasValue(id);
    }

    @Test
    void countsAnIdByCharacters() throws RequestRejectedException {
        String longest = "\"" + "é\\ud83e\\udd16".repeat(32) + "\"";
        assertThat(decode("{\"action\":\"subscribe\",\"topic\":\"a\",\"id\":" + longest + "}")
                        .id())
                .map(RequestId::toString)
                .hasValue(longest);
        assertThat(errorOf("{\"action\":\"subscribe\",\"topic\":\"a\",\"id\":\"" + "x".repeat(65) + "\"}")
                        .code())
                .isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "{}", "[1]", "1.0", "1e3", "9007199254740992", "-9007199254740992"})
    void rejectsAnIdThatIsNone(String id) {
        RequestError error = errorOf("{\"action\":\"subscribe\",\"topic\":\"a\",\"id\":" + id + "}");
        assertThat(error.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(error.message())
                .isEqualTo("\"id\" has to be a string of at most 64 characters or an integer up to 2^53-1;"
                        + " take such a one");
        assertThat(error.id()).isEmpty();
        assertThat(error.request()).hasValue(Action.SUBSCRIBE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"action":"subscribe","topic":"a"}}| BAD_JSON| at byte 34: found '}' after the end of the value; send one value and nothing after it
        {"action":"subscribe","topic":"a","topic":"b"}| BAD_JSON| at byte 34: the key "topic" stands twice in one object; keep one of them
        []| BAD_REQUEST| the frame holds an array; send an object with "action"
        "subscribe"| BAD_REQUEST| the frame holds a string; send an object with "action"
        {}| BAD_REQUEST| the request lacks "action", a string; add it
        {"action":1}| BAD_REQUEST| "action" is a number; it has to be a string
        {"action":null}| BAD_REQUEST| "action" is null; it has to be a string
        {"action":"Subscribe"}| UNKNOWN_ACTION| there is no action "Subscribe"; known are subscribe, unsubscribe, publish, auth, hello, topics, services, ping, history, acquire, release, stop, call, cancel
        {"action":"a\\u0007bcdefghijklmnopqrstuvwxyz0123456789"}| UNKNOWN_ACTION| there is no action "a?bcdefghijklmnopqrstuvwxyz01234…"; known are subscribe, unsubscribe, publish, auth, hello, topics, services, ping, history, acquire, release, stop, call, cancel
        {"action":"subscribe"}| BAD_REQUEST| the request lacks "topic", a string; add it
        {"action":"unsubscribe","topic":["a"]}| BAD_REQUEST| "topic" is an array; it has to be a string
        {"action":"subscribe","topic":"a","options":true}| BAD_REQUEST| "options" is a boolean; it has to be an object
        {"action":"subscribe","topic":"a","options":{"retained":"yes"}}| BAD_REQUEST| "retained" is a string; it has to be a boolean
        {"action":"subscribe","topic":"a","options":{"min_level":13}}| BAD_REQUEST| "min_level" is a number; it has to be a string
        {"action":"subscribe","topic":"a","options":{"min_level":"warn"}}| BAD_REQUEST| "min_level" is "warn"; it has to be one of TRACE, DEBUG, INFO, WARN, ERROR
        {"action":"ping"}| BAD_REQUEST| the request lacks "id", without which it has no reply; add one
        {"action":"ping","id":1,"t":"1"}| BAD_REQUEST| "t" is a string; it has to be a number
        {"action":"ping","id":1,"t":11111111111111111111111111111111111111111111111111111111111111111}| BAD_REQUEST| "t" has more than 64 characters; shorten it
        {"action":"topics","id":1,"limit":0}| BAD_REQUEST| "limit" is 0; it has to be an integer from 1 to 1000
        {"action":"topics","id":1,"after":1}| BAD_REQUEST| "after" is a number; it has to be a string
        {"action":"publish","topic":"a","echo":0,"data":{}}| BAD_REQUEST| "echo" is a number; it has to be a boolean
        """)
    void saysWhatIsWrongWithARequest(String frame, ErrorCode code, String message) {
        RequestError error = errorOf(frame);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).isEqualTo(message);
    }

    @Test
    void anErrorAnswersTheRequestAsFarAsItWasRead() {
        RequestError badTopic = errorOf("{\"topic\":\"a+b\",\"id\":\"c7\",\"action\":\"publish\"}");
        assertThat(badTopic.id()).map(RequestId::toString).hasValue("\"c7\"");
        assertThat(badTopic.request()).hasValue(Action.PUBLISH);
        assertThat(badTopic.topic()).isEmpty();
        RequestError noData = errorOf("{\"topic\":\"ab\",\"id\":\"c7\",\"action\":\"publish\"}");
        assertThat(noData.topic()).hasValue("ab");
        RequestError unknown = errorOf("{\"action\":\"fly\",\"id\":9,\"topic\":\"ab\"}");
        assertThat(unknown.id()).map(RequestId::toString).hasValue("9");
        assertThat(unknown.request()).isEmpty();
    }

    @Test
    void keepsNothingOfAFrameThatMayHoldAToken() throws Exception {
        byte[] frame = Texts.utf8("{\"action\":\"auth\",\"token\":\"secret\"}");
        WeakReference<byte[]> kept = new WeakReference<>(frame);
        Request request = decoder.decode(frame, 0, frame.length);
        assertThat(((Auth) request).token()).isEqualTo("secret");
        assertThat(request.toString()).doesNotContain("secret");
        frame = new byte[0];

        Awaitility.await("the frame is garbage").until(() -> {
            System.gc();
            return kept.get() == null;
        });
        assertThat(frame).isEmpty();
    }

    @Test
    void readsTheOptionsThatItKnows() throws RequestRejectedException {
        assertThat(options("{}")).isEqualTo(SubscribeOptions.NONE);
        assertThat(options("{\"colour\":\"red\",\"depth\":{\"seq\":1}}")).isEqualTo(SubscribeOptions.NONE);
        assertThat(written("{\"retained\":true}")).isEqualTo("{\"retained\":true}");
        assertThat(written("{\"min_level\":\"WARN\",\"retained\":false}"))
                .isEqualTo("{\"retained\":false,\"min_level\":\"WARN\"}");
        String all = "{\"policy\":\"queue\",\"queue\":64,\"overflow\":\"drop_newest\",\"rate_hz\":2.5,"
                + "\"max_age_ms\":200,\"meta\":true}";
        assertThat(written(all)).isEqualTo(all);
        assertThat(written("{\"rate_hz\":1e1}")).isEqualTo("{\"rate_hz\":10}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'policy':'newest'|queue, latest, reliable",
                "'overflow':'oldest'|drop_oldest, drop_newest",
                "'queue':0|an integer from 1",
                "'queue':1.5|an integer from 1",
                "'rate_hz':0|a number from 0.01",
                "'rate_hz':1e9|to 10000",
                "'rate_hz':1000000000000000000000000000000000000000|1000000",
                "'rate_hz':'10'|it has to be a number",
                "'max_age_ms':-5|is -5",
                "'policy':'latest','queue':5|take that policy",
                "'policy':'reliable','overflow':'drop_oldest'|take that policy",
                "'policy':'reliable','rate_hz':5|take another policy",
                "'policy':'reliable','max_age_ms':5|take another policy",
                "'meta':1|it has to be a boolean",
            })
    void saysWhatIsWrongWithAnOption(String options, String said) {
        assertThatThrownBy(() -> options("{" + options.replace('\'', '"') + "}"))
                .isInstanceOf(RequestRejectedException.class)
                .hasMessageContaining(said);
    }

    private String written(String options) throws RequestRejectedException {
        JsonWriter out = new JsonWriter();
        options(options).writeTo(out);
        return out.toString();
    }

    @Test
    void readsWhetherThePublisherWantsItsOwnMessage() throws RequestRejectedException {
        assertThat(publish("{\"action\":\"publish\",\"topic\":\"a\",\"echo\":false,\"data\":" + DATA + "}")
                        .echo())
                .isFalse();
        assertThat(publish("{\"action\":\"publish\",\"topic\":\"a\",\"echo\":true,\"data\":" + DATA + "}")
                        .echo())
                .isTrue();
    }

    private SubscribeOptions options(String json) throws RequestRejectedException {
        Request request = decode("{\"action\":\"subscribe\",\"topic\":\"a\",\"options\":" + json + "}");
        return ((Subscribe) request).options();
    }

    private Publish publish(String frame) throws RequestRejectedException {
        return (Publish) decode(frame);
    }

    private Request decode(String frame) throws RequestRejectedException {
        byte[] bytes = Texts.utf8(frame);
        return decoder.decode(bytes, 0, bytes.length);
    }

    private RequestError errorOf(String frame) {
        return catchThrowableOfType(RequestRejectedException.class, () -> decode(frame))
                .error();
    }
}
