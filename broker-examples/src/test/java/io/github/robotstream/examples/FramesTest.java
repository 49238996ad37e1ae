package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.examples.Frames.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    @Test
    void publishLeavesTheValueAsItWasWritten() {
        assertThat(Frames.publish(1, "a\"b", "n", "float", "25.10e0"))
                .isEqualTo("{\"action\":\"publish\",\"id\":1,\"topic\":\"a\\\"b\","
                        + "\"data\":{\"name\":\"n\",\"type\":\"float\",\"data\":25.10e0}}");
    }

    @Test
    void subscribeAsksForAReply() {
        assertThat(Frames.subscribe(7, "pose")).isEqualTo("{\"action\":\"subscribe\",\"id\":7,\"topic\":\"pose\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "25.1|float",
                "-5|float",
                "true|bool",
                "\"ball\"|string",
                "[1,2]|list",
                "{\"linear\":0.5}|object",
                "null|null"
            })
    void theTypeWordFollowsTheValue(String json, String word) {
        assertThat(Frames.typeWord(json)).hasValue(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ball", "'ball'", "NaN", "{a:1}", "{\"a\":1", "1 2", "[1,]", "/**/1", "TRUE"})
    void whatIsNotJsonHasNoTypeWord(String text) {
        assertThat(Frames.typeWord(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"action\":\"publish\",\"topic\":\"t\",\"data\":{}}|MESSAGE",
                "{\"name\":\"ack\",\"type\":\"string\",\"data\":\"error\"}|MESSAGE",
                "{\"action\":\"ack\",\"id\":1}|ACK",
                "{\"action\":\"error\",\"code\":\"forbidden\"}|ERROR"
            })
    void tellsMessagesFromReplies(String frame, Kind kind) throws IOException {
        assertThat(Frames.kind(frame)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "[]", "1", "{\"action\":{}}", "{\"action\":[]}", "{\"action\":null}"})
    void whatNoBrokerSendsIsAFailure(String frame) {
        assertThatThrownBy(() -> Frames.kind(frame))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no frame");
    }
}
