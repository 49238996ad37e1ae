package io.github.robotstream.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogRecordEncoderTest {
    private static final Instant TIME = Instant.parse("2026-11-24T05:30:00.123456Z");

    private static LogEntry.Builder entry(String message) {
        return LogEntry.of(Level.WARN, "messages_dropped", message);
    }

    private static String encode(LogEntry.Builder entry) {
        return LogRecordEncoder.encode(entry.at(TIME));
    }

    private static JsonObject parsed(String json) {
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        return JsonParser.parseReader(reader).getAsJsonObject();
    }

    private static JsonObject attributes(LogEntry.Builder entry) {
        return parsed(encode(entry)).getAsJsonObject("attrs");
    }

    @Test
    void anEntryWithEverythingIsTheDocumentedRecord() {
        assertThat(encode(entry("c-17 fell behind on pose")
                        .client("c-17", "operator-3")
                        .topic("pose")
                        .attribute("dropped", 42)))
                .isEqualTo("{\"time\":\"2026-11-24T05:30:00.123Z\",\"level\":\"WARN\",\"severity\":13,"
                        + "\"event\":\"messages_dropped\",\"message\":\"c-17 fell behind on pose\","
                        + "\"client\":\"c-17\",\"subject\":\"operator-3\",\"topic\":\"pose\","
                        + "\"attrs\":{\"dropped\":42}}");
    }

    @Test
    void whatAnEntryDoesNotHaveIsLeftOut() {
        assertThat(LogRecordEncoder.encode(
                        LogEntry.of(Level.TRACE, "e", "m").fromRobot().at(TIME)))
                .isEqualTo("{\"time\":\"2026-11-24T05:30:00.123Z\",\"level\":\"TRACE\",\"severity\":1,"
                        + "\"event\":\"e\",\"message\":\"m\"}");
    }

    @Test
    void theDetailIsForSinksAlone() {
        assertThat(encode(entry("m").detail("for the robot's own people"))).isEqualTo(encode(entry("m")));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T05:30:00Z, 2026-11-24T05:30:00.000Z",
        "2026-11-24T05:30:00.1Z, 2026-11-24T05:30:00.100Z",
        "2026-11-24T05:30:00.999999999Z, 2026-11-24T05:30:00.999Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000Z",
        "1969-12-31T23:59:59.9991Z, 1969-12-31T23:59:59.999Z"
    })
    void theTimeAlwaysHasThreeDigitsOfMilliseconds(Instant time, String written) {
        String json = LogRecordEncoder.encode(entry("m").at(time));
        assertThat(parsed(json).get("time").getAsString()).isEqualTo(written);
    }

    @Test
    void attributesKeepTheirKindAndDigits() {
        JsonObject attributes = attributes(entry("m")
                .attribute("int", 42)
                .attribute("long", Long.MIN_VALUE)
                .attribute("counter", new AtomicLong(7))
                .attribute("double", 0.1)
                .attribute("float", 0.1f)
                .attribute("decimal", new BigDecimal("1.50"))
                .attribute("big", new BigInteger("123456789012345678901234567890"))
                .attribute("yes", true)
                .attribute("text", "a"));
        assertThat(attributes)
                .hasToString("{\"int\":42,\"long\":-9223372036854775808,\"counter\":7,\"double\":0.1,\"float\":0.1,"
                        + "\"decimal\":1.50,\"big\":123456789012345678901234567890,\"yes\":true,\"text\":\"a\"}");
    }

    @Test
    void whatIsNoNumberInJsonIsNull() {
        JsonObject attributes = attributes(entry("m")
                .attribute("nan", Double.NaN)
                .attribute("infinity", Double.NEGATIVE_INFINITY)
                .attribute("float", Float.NaN));
        assertThat(attributes.asMap().values()).hasSize(3).allMatch(value -> value.isJsonNull());
    }

    @Test
    void aNumberOfAForeignClassCannotBreakTheText() {
        assertThat(attributes(entry("m").attribute("n", new OddNumber()))
                        .get("n")
                        .getAsDouble())
                .isEqualTo(1.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"quoted\" \\ /",
                "two\nlines\r\n\ttabbed",
                "\u0000\u0001\u001b[31m\u007f\u0085\u009f",
                "\u2028\u2029",
                "ä 🤖 \ufeff"
            })
    void anyTextComesBackAsItWas(String text) {
        String json = encode(entry(text).client(text, text).topic(text).attribute(text, text));
        assertThat(json.chars()).noneMatch(Character::isISOControl);
        JsonObject record = parsed(json);
        assertThat(record.get("message").getAsString()).isEqualTo(text);
        assertThat(record.get("client").getAsString()).isEqualTo(text);
        assertThat(record.get("subject").getAsString()).isEqualTo(text);
        assertThat(record.get("topic").getAsString()).isEqualTo(text);
        assertThat(record.getAsJsonObject("attrs").get(text).getAsString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83e", "a\ud83eb", "\udd16\ud83e", "\ud83e\ud83e\udd16"})
    void halvesOfPairsAreReplacedSoThatTheTextIsUtf8(String text) {
        String json = encode(entry(text));
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(json)).isTrue();
        assertThat(parsed(json).get("message").getAsString()).contains("\uFFFD").hasSameSizeAs(text);
    }

    @Test
    void aLongMessageIsCutBetweenCharacters() {
        assertThat(message("x".repeat(2_000))).isEqualTo("x".repeat(2_000));
        assertThat(message("x".repeat(2_001))).isEqualTo("x".repeat(1_999) + "…");
        assertThat(message("x" + "🤖".repeat(1_000)))
                .as("the pair fits as a whole")
                .isEqualTo("x" + "🤖".repeat(999) + "…");
        assertThat(message("🤖".repeat(1_001)))
                .as("the pair does not fit as a whole")
                .isEqualTo("🤖".repeat(999) + "…");
    }

    private static String message(String text) {
        return parsed(encode(entry(text))).get("message").getAsString();
    }

    @Test
    void theWholeRecordIsBounded() {
        String text = "\u0001".repeat(10_000);
        LogEntry.Builder entry = LogEntry.of(Level.INFO, text, text)
                .fromRobot()
                .client(text, text)
                .topic(text);
        for (int i = 0; i < 1_000; i++) {
            entry.attribute("a" + i + "\u0001".repeat(400), text);
        }
        String json = encode(entry);
        assertThat(json.length()).isLessThan(250_000);
        JsonObject record = parsed(json);
        assertThat(record.getAsJsonObject("attrs").size()).isEqualTo(LogRecordEncoder.MAX_ATTRIBUTES);
        assertThat(record.get("omitted").getAsInt()).isEqualTo(1_000 - LogRecordEncoder.MAX_ATTRIBUTES);
    }

    @Test
    void namesThatWouldBeCutAreLeftOutSoThatNoTwoBecomeOne() {
        String name = "n".repeat(600);
        JsonObject record = parsed(
                encode(entry("m").attribute(name + 1, 1).attribute("short", 1).attribute(name + 2, 2)));
        assertThat(record.getAsJsonObject("attrs").keySet()).containsExactly("short");
        assertThat(record.get("omitted").getAsInt()).isEqualTo(2);
    }

    private static final class OddNumber extends Number {
        private static final long serialVersionUID = 1L;

        @Override
        public int intValue() {
            return 1;
        }

        @Override
        public long longValue() {
            return 1;
        }

        @Override
        public float floatValue() {
            return 1.5f;
        }

        @Override
        public double doubleValue() {
            return 1.5;
        }

        @Override
        public String toString() {
            return "1.5} , oops";
        }
    }
}
