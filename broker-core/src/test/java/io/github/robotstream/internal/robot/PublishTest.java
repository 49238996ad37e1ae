package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.JsonCodec;
import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.JsonAsItIs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What robot code may count on when it publishes. */
class PublishTest extends PublishFixture {
    @Test
    void nullIsAMistakeOfTheProgram() {
        assertThatThrownBy(() -> broker.publish(BATTERY, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> broker.publish((Topic<Double>) null, 1.0)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> broker.publish("battery", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> broker.publish((String) null, Payload.of("a", "b", "1")))
                .isInstanceOf(NullPointerException.class);
        assertThat(broker.stats().refused()).isZero();
    }

    @Test
    void numbersThatJsonHasNoWordForArriveAsNull() {
        List<Message> messages = heard("battery");
        for (double value : new double[] {25.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0}) {
            assertThat(broker.publish(BATTERY, value)).isTrue();
        }
        assertThat(json(messages, 5)).containsExactly("25.1", "null", "null", "null", "0.0");
    }

    @Test
    void aMessageHasTheNameAndTypeOfItsTopic() {
        List<Message> messages = heard("battery");
        broker.publish(BATTERY, 25.1);
        stepped.await("a message", () -> size(messages) == 1);
        assertThat(messages.get(0).payload()).isEqualTo(Payload.of("battery", "float", "25.1"));
        assertThat(messages.get(0).publisher()).isEqualTo("robot");
        assertThat(messages.get(0).time()).isEqualTo(stepped.clock.now());
    }

    /** Codecs that do not do what they should. */
    static Stream<TopicCodec<String>> brokenCodecs() {
        return Stream.of(
                new Broken(new IOException("no form")),
                new Broken(new IllegalStateException("no form")),
                new Broken(new StackOverflowError("deep")),
                new Broken(new OutOfMemoryError("not really")),
                new Broken(new AssertionError("no form")),
                new Broken(new Unspeakable()));
    }

    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("this too");
        }
    }

    private record Broken(Throwable fault) implements TopicCodec<String> {
        @Override
        public String encode(String value) throws Exception {
            if (fault instanceof Error error) {
                throw error;
            }
            throw (Exception) fault;
        }

        @Override
        public String decode(String json) throws Exception {
            return encode(json);
        }
    }

    /** Gives on what it is given. */
    private record AsItIs() implements TopicCodec<String> {
        @Override
        public String encode(String value) {
            return value.equals("null pointer") ? null : value;
        }

        @Override
        public String decode(String json) {
            return json;
        }
    }

    @ParameterizedTest
    @MethodSource("brokenCodecs")
    void aValueThatCannotBeEncodedIsRefusedCountedAndToldOnce(TopicCodec<String> codec) {
        Topic<String> topic = Topic.state("broken", "text", codec);
        assertThat(broker.publish(topic, "value")).isFalse();
        assertThat(broker.publish(topic, "value")).isFalse();
        assertThat(broker.stats().refused()).isEqualTo(2);
        assertRefusalToldOnce("broken");
        assertThat(broker.publish(BATTERY, 1.0)).isTrue();
    }

    record Charge(Double volts, double amperes) {}

    @Test
    void aValueWithNullAgainstItsSchemaIsRefusedCountedAndToldOnce() {
        Topic<Charge> topic = Topic.state("charge", Charge.class);
        assertThat(broker.publish(topic, new Charge(null, Double.NaN))).isFalse();
        assertThat(broker.publish(topic, new Charge(null, 1))).isFalse();
        assertThat(broker.stats().refused()).isEqualTo(2);
        assertRefusalToldOnce("charge");
        assertThat(stepped.logged("publish_refused").get(0).detail())
                .hasValueSatisfying(detail -> assertThat(detail).contains("volts is null", "Optional or @Nullable"));
        assertThat(broker.publish(topic, new Charge(Double.NaN, Double.NaN))).isTrue();
    }

    private void assertRefusalToldOnce(String topic) {
        assertThat(stepped.logged("publish_refused")).singleElement().satisfies(entry -> {
            assertThat(entry.topic()).contains(topic);
            assertThat(entry.level()).isEqualTo(LogEntry.Level.ERROR);
        });
        // Nor was a second one only held back to be told together with others.
        stepped.clock.advance(Duration.ofMinutes(1));
        stepped.settle();
        assertThat(stepped.logged("publish_refused")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "1 2",
                "1},\"x\":{\"y\":1",
                "NaN",
                "'a'",
                "[1,]",
                "{\"a\":1,\"a\":2}",
                "null pointer"
            })
    void textOfACodecThatIsNoJsonReachesNobody(String text) {
        List<Message> messages = heard("#");
        Topic<String> topic = Topic.state("text", "text", new AsItIs());
        assertThat(broker.publish(topic, text)).isFalse();
        assertThat(broker.publish(topic, "[1, 2]")).isTrue();
        assertThat(json(messages, 1)).containsExactly("[1, 2]");
        assertThat(broker.stats().refused()).isEqualTo(1);
        assertRefusalToldOnce("text");
    }

    @Test
    void textOfACodecThatNestsTooDeepForAFrameIsRefused() {
        Topic<String> topic = Topic.state("text", "text", new AsItIs());
        assertThat(broker.publish(topic, "[".repeat(62) + "]".repeat(62))).isTrue();
        assertThat(broker.publish(topic, "[".repeat(63) + "]".repeat(63))).isFalse();
    }

    @Test
    void aMessageLargerThanClientsTakeIsRefused() {
        Topic<String> topic = Topic.state("text", "text", String.class);
        int around =
                "{\"action\":\"publish\",\"topic\":\"text\",\"data\":{\"name\":\"text\",\"type\":\"text\",\"data\":\"\"}}"
                        .length();
        assertThat(broker.publish(topic, "x".repeat(1_000 - around))).isTrue();
        assertThat(broker.publish(topic, "x".repeat(1_001 - around))).isFalse();
        assertThat(broker.publish("text", Payload.of("text", "text", "\"" + "x".repeat(1_001 - around) + "\"")))
                .isFalse();
        assertThat(broker.stats().refused()).isEqualTo(2);
        assertRefusalToldOnce("text");
        assertThat(stepped.logged("publish_refused").get(0).message())
                .startsWith("text: a message of 1001 bytes is larger than the 1000 of messageBytes: raise that limit");
    }

    @Test
    void afterTheBrokerWasClosedNothingIsTaken() {
        stepped.close();
        assertThat(broker.publish(BATTERY, 1.0)).isFalse();
        assertThat(broker.publish("battery", Payload.of("a", "b", "1"))).isFalse();
        assertThat(broker.stats().refused()).isEqualTo(2);
    }

    @Test
    void aNameStandsForOneTopic() {
        broker.publish(BATTERY, 1.0);
        Topic<Long> other = Topic.state("battery", "float", Long.class);
        assertThatThrownBy(() -> broker.publish(other, 1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Topic[battery, float, Double]")
                .hasMessageContaining("Topic[battery, float, Long]");
        assertThatThrownBy(() -> broker.subscribe(other, value -> {})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> broker.input(other)).isInstanceOf(IllegalArgumentException.class);
        assertThat(broker.publish(Topic.state("battery", "float", Double.class), 2.0))
                .as("an equal one is the same")
                .isTrue();
    }

    @Test
    void topicsThatDifferInTheirCodecAloneAreTwo() {
        Topic<String> ofRecord = Topic.state("text", "text", new AsItIs());
        broker.publish(ofRecord, "1");

        assertThat(broker.publish(Topic.state("text", "text", new AsItIs()), "2"))
                .as("records are equal")
                .isTrue();
        Topic<String> ofGson = Topic.state("text", "text", String.class);
        assertThatThrownBy(() -> broker.publish(ofGson, "3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Topic[text, text, String] contradicts Topic[text, text, by ");
        assertThatThrownBy(() -> broker.subscribe(ofGson, value -> {})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> broker.input(ofGson)).isInstanceOf(IllegalArgumentException.class);
        stepped.settle();
        assertThatThrownBy(() -> broker.latest(ofGson)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCodecWithoutEqualsIsAnotherEachTimeAndTheErrorSaysWhatToDo() {
        broker.publish(Topic.state("text", "text", new JsonAsItIs()), "1");

        assertThatThrownBy(() -> broker.publish(Topic.state("text", "text", new JsonAsItIs()), "2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(
                        "their codecs are not equal: use one Topic everywhere, or make the codec a record");
    }

    @Test
    void genericTypesAreOneTopicHoweverOftenTheyAreSaid() {
        List<Message> messages = heard("path");
        broker.publish(Topic.state("path", "Path", new JsonCodec<List<Double>>() {}), List.of(1.0, 2.0));

        assertThat(broker.publish(Topic.state("path", "Path", new JsonCodec<List<Double>>() {}), List.of(3.0)))
                .isTrue();
        assertThat(json(messages, 2)).containsExactly("[1.0,2.0]", "[3.0]");
        assertThatThrownBy(() -> broker.publish(Topic.state("path", "Path", new JsonCodec<List<Long>>() {}), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.util.List<java.lang.Long>");
    }

    @Test
    void aPayloadNeedsNoDeclaration() {
        List<Message> messages = heard("#");
        assertThat(broker.publish("anything", Payload.of("n", "t", "{\"x\":1e400}")))
                .isTrue();
        stepped.await("a message", () -> size(messages) == 1);
        assertThat(messages.get(0).payload()).isEqualTo(Payload.of("n", "t", "{\"x\":1e400}"));
        assertThat(broker.publish("anything", Payload.of("n", "t", "NaN"))).isFalse();
    }

    @Test
    void aPayloadOfADeclaredTopicIsCheckedAsAClientsIs() {
        List<Message> messages = heard("battery");
        broker.publish(BATTERY, 1.0);

        assertThatThrownBy(() -> broker.publish("battery", Payload.of("battery", "int", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the payload is JSON of the type \"int\", and Topic[battery, float, Double] takes JSON of "
                        + "\"float\": publish that, or declare the topic uncheckedFromClients()");
        assertThatThrownBy(() -> broker.publish("battery", Payload.of("battery", "float", "[]")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the payload's JSON is no value of Topic[battery, float, Double]: ")
                .hasMessageEndingWith("; publish one that is, or declare the topic uncheckedFromClients()");
        assertThat(broker.publish("battery", Payload.of("battery", "float", "NaN")))
                .isFalse();
        assertThat(broker.publish("battery", Payload.of("b", "float", "null")))
                .as("what stands for NaN where robot code wrote it")
                .isTrue();
        assertThat(broker.publish("battery", Payload.of("b", "float", "2.50"))).isTrue();
        assertThat(json(messages, 3)).containsExactly("1.0", "null", "2.50");
    }

    @Test
    void aPayloadOfACommandTopicIsReadStrictly() {
        record Twist(double linear, double angular) {}
        broker.publish(Topic.command("cmd_vel", "Twist", Twist.class), new Twist(0, 0));

        assertThatThrownBy(() -> broker.publish("cmd_vel", Payload.of("cmd_vel", "Twist", "{\"lineer\":5}")))
                .hasMessageContaining("lineer is unknown; known are linear, angular; publish one that is");
    }

    @Test
    void whatACodecThrowsForAPayloadIsTheCause() {
        IOException fault = new IOException("not today");
        broker.subscribe(Topic.state("broken", "text", new Broken(fault)), value -> {});

        assertThatThrownBy(() -> broker.publish("broken", Payload.of("broken", "text", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its codec does not read it")
                .hasCause(fault);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a/+", "#", "a\u0000b", "server_logs", "$x"})
    void aPayloadsTopicHasToBeOneThatRobotCodeMayUse(String topic) {
        Payload payload = Payload.of("n", "t", "1");
        assertThatThrownBy(() -> broker.publish(topic, payload))
                .isInstanceOfAny(IllegalArgumentException.class, NullPointerException.class);
    }

    @Test
    void payloadsBringOnlySoManyTopicsIntoBeing() {
        for (int i = 0; i < 4; i++) {
            assertThat(broker.publish("t" + i, Payload.of("n", "t", "1"))).isTrue();
        }
        assertThat(broker.publish("t4", Payload.of("n", "t", "1"))).isFalse();
        assertThat(broker.publish("t0", Payload.of("n", "t", "1"))).isTrue();
        assertThat(broker.publish(BATTERY, 1.0))
                .as("declared topics always have room")
                .isTrue();
    }
}
