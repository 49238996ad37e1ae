package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.Texts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawPayloadTest {
    @Test
    void isWrittenFromWhatRobotCodePublishes() throws JsonException {
        RawPayload payload = RawPayload.of("a\"\\\u0001é🤖\u2028\u007f/", "ty\tpe", " [1.50,{\"data\":0}] ");
        assertThat(payload)
                .hasToString("{\"name\":\"a\\\"\\\\\\u0001é🤖\\u2028\\u007f/\",\"type\":\"ty\\tpe\","
                        + "\"data\": [1.50,{\"data\":0}] }");
        assertThat(payload.name()).isEqualTo("a\"\\\u0001é🤖\u2028\u007f/");
        assertThat(payload.type()).isEqualTo("ty\tpe");
        assertThat(payload.value()).isEqualTo("[1.50,{\"data\":0}]");
    }

    @Test
    void readsBackEveryCharacterThatItWrites() throws JsonException {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 0x101) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.appendCodePoint(c);
            }
        }
        assertThat(RawPayload.of(all.toString(), "t", "0").name()).isEqualTo(all.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``          | at byte 0: expected a value but found '}'; remove the comma too many or add the value
        [1,NaN]     | at byte 3: NaN is not JSON; Python's json.dumps writes it by default; use allow_nan=False or null
        1 2         | at byte 2: expected ',' or '}' after a value but found '2'; send the whole text, without comments
        1,"extra":2 | at byte 1: found ',' after the end of the value; send one value and nothing after it
        1,"name":2  | at byte 2: the key "name" stands twice in one object; keep one of them
        1}          | at byte 2: found '}' after the end of the value; send one value and nothing after it
        """)
    void refusesAValueOfRobotCodeThatIsNoJson(String json, String message) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> RawPayload.of("né", "t", json))
                .withMessage(message);
    }

    @Test
    void refusesAValueThatNestsTooDeepForAFrame() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> RawPayload.of("n", "t", Texts.nested(JsonScan.MAX_DEPTH - 1, "")));
    }
}
