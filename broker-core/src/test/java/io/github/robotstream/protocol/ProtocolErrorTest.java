package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.InvalidValueException;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.TopicSettings;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.testing.ManualClock;
import io.github.robotstream.testing.RecordedEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error frames for requests that cannot be understood or carried out, each in the documented form. */
class ProtocolErrorTest extends ProtocolContract {
    private static final Topic<Double> BATTERY = Topic.state("battery", "float", Double.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{'action':'subscribe','topic':'pose'",
                "{'action':'subscribe','topic':'pose'} {}",
                "{'action':'subscribe','topic':'pose','topic':'pose'}",
                "{'action':'subscribe','topic':'pose','options':{'a':1,'\\u0061':2}}",
                "{'action':'subscribe',/* to */'topic':'pose'}",
                "\uFEFF{'action':'subscribe','topic':'pose'}",
                "{'action':'subscribe','topic':'\\ud800'}"
            })
    void textThatIsNotStrictJsonIsBadJson(String text) throws Exception {
        start();
        ContractClient client = connect();

        assertError(client.ask(json(text)), "", "bad_json", 400);
        assertThat(client.ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
    }

    @Test
    void notANumberIsNamedSinceClientsWriteItWithoutKnowing() throws Exception {
        start();
        String frame = connect().ask(message("pose", "NaN"));

        assertError(frame, "", "bad_json", 400);
        assertThat(frame).contains("NaN is not JSON").contains("allow_nan=False");
    }

    @Test
    void nestingIsBounded() throws Exception {
        start();
        ContractClient client = connect();

        client.send(message("pose", "[".repeat(62) + "]".repeat(62))).hearsNothing();
        assertError(client.ask(message("pose", "[".repeat(63) + "]".repeat(63))), "", "bad_json", 400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    []                                                              | ``
                    'subscribe'                                                     | ``
                    {}                                                              | ``
                    {'topic':'pose'}                                                | ``
                    {'action':5,'topic':'pose'}                                     | ``
                    {'action':'subscribe'}                                          | `'request':'subscribe',`
                    {'action':'subscribe','topic':null}                             | `'request':'subscribe',`
                    {'action':'unsubscribe','topic':['pose']}                       | `'request':'unsubscribe',`
                    {'action':'subscribe','topic':'a/#','options':[]}               | `'request':'subscribe','topic':'a/#',`
                    {'action':'subscribe','topic':'a','options':{'retained':1}}     | `'request':'subscribe','topic':'a',`
                    {'action':'subscribe','topic':'a','options':{'min_level':'X'}}  | `'request':'subscribe','topic':'a',`
                    {'action':'publish','topic':'pose'}                             | `'request':'publish','topic':'pose',`
                    {'action':'publish','topic':'pose','data':1}                    | `'request':'publish','topic':'pose',`
                    {'action':'publish','topic':'pose','data':'no object'}          | `'request':'publish','topic':'pose',`
                    {'action':'publish','topic':'pose','data':{'type':'t','data':1}}| `'request':'publish','topic':'pose',`
                    {'action':'publish','topic':'pose','data':{'name':'n','data':1}}| `'request':'publish','topic':'pose',`
                    {'action':'publish','topic':'p','data':{'name':'n','type':'t'}} | `'request':'publish','topic':'p',`
                    {'action':'publish','topic':'p','data':{'name':1,'type':'t','data':1}} | `'request':'publish','topic':'p',`
                    {'action':'publish','topic':'p','echo':1,'data':{}}             | `'request':'publish','topic':'p',`
                    """)
    void aRequestOfAnotherFormIsABadRequest(String request, String answered) throws Exception {
        start();

        assertError(connect().ask(json(request)), answered, "bad_request", 400);
    }

    @Test
    void anActionThatIsNotKnownIsAnErrorThatNamesThoseThatAre() throws Exception {
        start();
        String frame = connect().ask(json("{'action':'dance','id':1,'topic':'pose'}"));

        assertError(frame, "'id':1,", "unknown_action", 400);
        assertThat(frame).contains("dance").contains("subscribe, unsubscribe, publish");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "a/#/b", "+a", "line\\nbreak", "\\u0000"})
    void aTextThatIsNoFilterIsABadTopic(String topic) throws Exception {
        start();
        ContractClient client = connect();

        assertError(client.ask(subscribe(topic)), "'request':'subscribe',", "bad_topic", 400);
        assertError(client.ask(unsubscribe(topic)), "'request':'unsubscribe',", "bad_topic", 400);
        assertError(client.ask(message(topic, "1")), "'request':'publish',", "bad_topic", 400);
    }

    @Test
    void aFilterIsNoTopicToPublishOn() throws Exception {
        start();

        assertError(connect().ask(message("joints/+", "1")), "'request':'publish',", "bad_topic", 400);
    }

    @Test
    void aTopicHasThirtyTwoLevelsAtMost() throws Exception {
        start();
        ContractClient client = connect();
        String most = "a/".repeat(31) + "a";

        assertThat(client.ask(with("'id':1", subscribe(most)))).contains("\"ack\"");
        for (String request :
                new String[] {subscribe(most + "/a"), unsubscribe(most + "/#"), message(most + "/a", "1")}) {
            assertThat(client.ask(with("'id':2", request)))
                    .contains("bad_topic")
                    .contains("32");
        }
    }

    @Test
    void aTopicHasTwoHundredBytesAtMost() throws Exception {
        start();
        ContractClient client = connect();
        String longest = "\u00e9".repeat(100);

        assertThat(client.ask(with("'id':1", subscribe(longest)))).contains(longest);
        assertError(client.ask(subscribe(longest + "x")), "'request':'subscribe',", "bad_topic", 400);
        String frame = client.ask(with("'id':2", subscribe("x".repeat((1 << 20) - 100))));
        assertError(frame, "'id':2,'request':'subscribe',", "bad_topic", 400);
        assertThat(frame.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(300);
    }

    @Test
    void whatClientsPublishOnATopicOfRobotCodeMustBeOfItsType() throws Exception {
        start(settings -> settings.topic(BATTERY));
        ContractClient client = connect();

        String otherType = client.ask(
                json("{'action':'publish','id':1,'topic':'battery','data':{'name':'b','type':'int','data':1}}"));
        assertError(otherType, "'id':1,'request':'publish','topic':'battery',", "type_mismatch", 422);
        assertThat(otherType)
                .contains(json("\\'type\\' in \\'data\\' is \\'int\\'; on battery it has to be \\'float\\'"));
        String endless = client.ask(
                json("{'action':'publish','id':1,'topic':'battery','data':{'name':'b','type':'TYPE','data':1}}")
                        .replace("TYPE", "\\n\\\"<" + "x".repeat(100_000)));
        assertThat(endless)
                .contains("is \\\"?\\\"<xxx")
                .contains("it has to be")
                .hasSizeLessThan(300);
        assertError(
                client.ask(message("battery", "\"full\"")),
                "'request':'publish','topic':'battery',",
                "type_mismatch",
                422);
        client.send(message("battery", "25.1")).hearsNothing();
        assertThat(subscriber("battery").frame()).isEqualTo(message("battery", "25.1"));
    }

    @Test
    void aCodecThatFailsIsAMismatchAndHarmsNobody() throws Exception {
        TopicCodec<String> codec = new TopicCodec<>() {
            @Override
            public String encode(String value) {
                return value;
            }

            @Override
            public String decode(String json) {
                Thread.currentThread().interrupt();
                throw new StackOverflowError("a fault of the codec");
            }
        };
        start(settings -> settings.topic(Topic.state("odd", "float", codec)));
        for (int i = 0; i < 10; i++) {
            String frame = connect().ask(message("odd", "1"));
            assertError(frame, "'request':'publish','topic':'odd',", "type_mismatch", 422);
            assertThat(frame).doesNotContain("fault of the codec");
        }
    }

    /** Reads one word, and says what it likes about others. */
    private record Words(RuntimeException refusal) implements TopicCodec<String> {
        @Override
        public String encode(String value) {
            return value;
        }

        @Override
        public String decode(String json) {
            if (json.equals("0")) {
                return null;
            }
            if (!json.equals("1")) {
                throw refusal;
            }
            return json;
        }
    }

    private String refusedBy(RecordedEvents events, RuntimeException refusal, String value) throws Exception {
        start(settings -> settings.listener(events).topic(Topic.state("odd", "float", new Words(refusal))));
        String frame = connect().ask(message("odd", value));
        assertError(frame, "'request':'publish','topic':'odd',", "type_mismatch", 422);
        return frame;
    }

    @Test
    void whatACodecHasForClientsIsToldAndBounded() throws Exception {
        RecordedEvents events = new RecordedEvents();
        String reason = "the gripper\nknows 1 only " + "x".repeat(1_000);

        String frame = refusedBy(events, new InvalidValueException(reason), "2");

        assertThat(frame).contains("is no float: the gripper?knows 1 only xxx").hasSizeLessThan(450);
        test.settle();
        assertThat(events.causes()).isEmpty();
    }

    @Test
    void whatElseACodecThrowsIsForTheListenerAlone() throws Exception {
        RecordedEvents events = new RecordedEvents();
        RuntimeException fault = new IllegalStateException("secret");

        assertThat(refusedBy(events, fault, "2"))
                .contains("is not a value of the type")
                .doesNotContain("secret");

        test.awaitThat(() -> assertThat(events.causes()).containsExactly(fault));
        assertThat(events.heard()).contains("failed the codec of odd");
    }

    @Test
    void aCodecThatGivesNothingRefusesTheValue() throws Exception {
        RecordedEvents events = new RecordedEvents();

        assertThat(refusedBy(events, new IllegalStateException(), "0")).contains("is not a value of the type");

        test.awaitThat(() -> assertThat(events.causes()).hasSize(1));
    }

    @Test
    void aTopicMayAcceptAnyType() throws Exception {
        start(settings -> settings.topic(BATTERY, TopicSettings::uncheckedFromClients));
        ContractClient client = subscriber("battery");

        client.send(message("battery", "\"full\""));

        assertThat(client.frame()).isEqualTo(message("battery", "\"full\""));
    }

    @Test
    void aFaultOfTheBrokerIsToldAndEndsThatRequestOnly() throws Exception {
        FailingClock clock = new FailingClock();
        start(settings -> TestHooks.clock(settings, clock));
        ContractClient client = connect();
        client.send(with("'id':1", message("pose", "1")));
        client.send(with("'id':2", message("pose", "2")));
        client.send(with("'id':3", message("pose", "3")));
        clock.failAt = 2;

        assertThat(client.frames())
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"ack\""),
                        second -> assertError(second, "'id':2,'request':'publish','topic':'pose',", "internal", 500),
                        third -> assertThat(third).contains("\"ack\""));
    }

    /** Throws once, at a chosen reading of its wall clock. */
    private static final class FailingClock implements BrokerClock {
        private final ManualClock working = new ManualClock();
        private int failAt;

        @Override
        public long nanoTime() {
            return working.nanoTime();
        }

        @Override
        public Instant now() {
            if (failAt > 0 && --failAt == 0) {
                throw new IllegalStateException("the clock has stopped");
            }
            return working.now();
        }
    }

    @Test
    void aMessageThatOthersCouldNotTakeIsTooLarge() throws Exception {
        start(settings -> settings.limits(limits -> limits.messageBytes(2 << 20).frameBytes(1 << 20)));
        ContractClient subscriber = subscriber("pose");
        int most = (1 << 20) - message("pose", "\"\"").length();

        connect().send(message("pose", "\"" + "x".repeat(most) + "\""));
        assertThat(subscriber.frames(1)).hasSize(1);

        String tooLarge = with("'id':1", message("pose", "\"" + "x".repeat(most + 1) + "\""));
        assertError(connect().ask(tooLarge), "'id':1,'request':'publish','topic':'pose',", "too_large", 413);
        ContractClient flat = test.connect("frame=flat");
        assertError(flat.ask(tooLarge), "'id':1,'request':'publish','topic':'pose',", "too_large", 413);
        subscriber.hearsNothing();
    }
}
