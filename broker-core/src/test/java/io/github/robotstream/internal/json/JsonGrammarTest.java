package io.github.robotstream.internal.json;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that RFC 8259 takes, texts that it does not, and those that it leaves to the reader. */
class JsonGrammarTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "-0",
                "true",
                "false",
                "null",
                " \t\r\n{ \t\r\n} \t\r\n",
                "[1,2]",
                "[ 1 , 2 ]",
                "[[],[[]],{}]",
                "{\"a\":{\"b\":{\"c\":[{\"d\":null}]}}}",
                "{\"\":0}",
                "{\"a\":1,\"A\":1}",
                "{\"a\":{\"a\":{\"a\":1}}}",
                "[{\"a\":1},{\"a\":1}]",
                "12345678901234567890123456789",
                "-1",
                "0.0",
                "-0.5",
                "1e1",
                "1E1",
                "1e+1",
                "1e-1",
                "1.5E-07",
                "0e00",
                "1e400",
                "123.456e789",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "\"\\u0000\\u001F\\u00e9\\uFFFF\"",
                "\"\\uD83E\\uDD16\"",
                "\"\\u005C\\u0022\"",
                "\"\u007f\u0080\u00e9\u07ff\u0800\u2028\u2029\ufeff\uffff\ud800\udc00\udbff\udfff\"",
                "\"/* no comment */ // none\"",
                "\"NaN\"",
            })
    void takesJson(String text) {
        assertThatCode(() -> Texts.scan(text)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "]",
                "{]",
                "[}",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[,]",
                "[1,,2]",
                "[1 2]",
                "[1:2]",
                "[1]]",
                "{}}",
                "{} {}",
                "{}x",
                "{}\u0000",
                "1 2",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\" 1}",
                "{\"a\"::1}",
                "{\"a\",1}",
                "{\"a\":1,}",
                "{,\"a\":1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1;\"b\":2}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{null:1}",
                "{[]:1}",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":",
                "{\"a\"",
                "{\"a",
                "\"a",
                "\"",
                "'a'",
                "\"a\\\"",
                "\"\\x\"",
                "\"\\'\"",
                "\"\\\n\"",
                "\"\\",
                "\"\\u",
                "\"\\u12",
                "\"\\u12\"",
                "\"\\u123g\"",
                "\"\\U0041\"",
                "\"\\u-123\"",
                "\"\\u00\u0664\u0661\"",
                "\"a\nb\"",
                "\"a\tb\"",
                "\"\u0000\"",
                "\"\u001f\"",
                "{\"a\tb\":1}",
                "tru",
                "t",
                "truee",
                "True",
                "TRUE",
                "nul",
                "nulll",
                "None",
                "undefined",
                "fals\u0000",
                "NaN",
                "-NaN",
                "Infinity",
                "-Infinity",
                "inf",
                "1.",
                ".1",
                "-.1",
                "1.e1",
                "1.x",
                "1e",
                "1e+",
                "1e-",
                "1ee1",
                "1e1.5",
                "1.2.3",
                "+1",
                "--1",
                "-",
                "- 1",
                "-a",
                "00",
                "01",
                "-01",
                "0x10",
                "1_000",
                "1,000",
                "1f",
                "\uff11",
                "\u00a01",
                "\u000b1",
                "\f1",
                "\u20281",
                "\ufeff{}",
                "{}\ufeff",
                "// c\n1",
                "/* c */1",
                "1 // c",
                "[1 /* c */]",
                "# c\n1",
                "\\u007b\\u007d",
                "(1)",
                "\u0000",
            })
    void refusesWhatOnlyLooksLikeJson(String text) {
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Texts.scan(text));
    }

    static byte[][] brokenUtf8() {
        return new byte[][] {
            Texts.quoted(0x80),
            Texts.quoted(0xBF),
            Texts.quoted(0xC3),
            Texts.quoted(0xC3, 0x28),
            Texts.quoted(0xC0, 0x80),
            Texts.quoted(0xC1, 0xBF),
            Texts.quoted(0xC0, 0xA2),
            Texts.quoted(0xE0, 0x80, 0x80),
            Texts.quoted(0xE0, 0x9F, 0xBF),
            Texts.quoted(0xE2, 0x82),
            Texts.quoted(0xE2, 0x28, 0xA1),
            Texts.quoted(0xE2, 0x82, 0x28),
            Texts.quoted(0xED, 0xA0, 0x80),
            Texts.quoted(0xED, 0xBF, 0xBF),
            Texts.quoted(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80),
            Texts.quoted(0xF0, 0x80, 0x80, 0x80),
            Texts.quoted(0xF0, 0x8F, 0xBF, 0xBF),
            Texts.quoted(0xF0, 0x9F, 0xA4),
            Texts.quoted(0xF0, 0x9F, 0x28, 0x96),
            Texts.quoted(0xF4, 0x90, 0x80, 0x80),
            Texts.quoted(0xF5, 0x80, 0x80, 0x80),
            Texts.quoted(0xF8, 0x88, 0x80, 0x80, 0x80),
            Texts.quoted(0xFC, 0x84, 0x80, 0x80, 0x80, 0x80),
            Texts.quoted(0xFE),
            Texts.quoted(0xFF),
            Texts.bytes('"', 0xC3),
            Texts.bytes('"', 0xF0, 0x9F, 0xA4),
            Texts.bytes(0xE9),
            Texts.bytes(0xFF, 0xFE, '{', 0, '}', 0),
            Texts.bytes('{', 0, '}', 0),
        };
    }

    @ParameterizedTest
    @MethodSource("brokenUtf8")
    void refusesWhatIsNotUtf8(byte[] text) {
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Texts.scan(text));
    }

    /** Strings are looked at eight bytes at a time: none of the eight may be overlooked, or tainted by its neighbour. */
    @Test
    void aByteThatCannotStandAloneIsFoundWhereverItStands() {
        for (int value = 0; value < 256; value++) {
            boolean plain = value >= ' ' && value < 0x80 && value != '"' && value != '\\';
            for (int at = 1; at < 20; at++) {
                byte[] text = Texts.utf8('"' + "x".repeat(20) + '"');
                text[at] = (byte) value;
                if (plain) {
                    assertThatCode(() -> Texts.scan(text)).doesNotThrowAnyException();
                } else {
                    assertThatExceptionOfType(JsonException.class)
                            .isThrownBy(() -> Texts.scan(text))
                            .withMessageStartingWith("at byte " + (value == '"' ? at + 1 : at) + ":");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\uD800\"",
                "\"\\uDFFF\"",
                "\"\\uDC00\\uD800\"",
                "\"\\uD800\\uD800\\uDC00\"",
                "\"\\uD83Ex\"",
                "\"\\uD83E\\n\"",
                "\"\\uD83E\\u0041\"",
                "\"\\uD83E\\u\"",
                "{\"\\uD800\":1}",
            })
    void refusesEscapedSurrogatesWithoutTheirPartnerAlthoughTheGrammarHasThem(String text) {
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Texts.scan(text));
    }

    @Test
    void nestsSixtyFourLevelsAndNotOneMore() {
        String objects = "{\"a\":".repeat(63) + "{}" + "}".repeat(63);
        assertThatCode(() -> Texts.scan(Texts.nested(64, ""))).doesNotThrowAnyException();
        assertThatCode(() -> Texts.scan(Texts.nested(64, "1"))).doesNotThrowAnyException();
        assertThatCode(() -> Texts.scan(objects)).doesNotThrowAnyException();
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Texts.scan(Texts.nested(65, "")));
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Texts.scan("[" + objects + "]"));
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Texts.scan("[".repeat(1_000_000)));
    }

    @Test
    void levelsThatAreEndedDoNotCount() {
        assertThatCode(() -> Texts.scan("[" + "[[]],{\"a\":[]},".repeat(1_000) + "1]"))
                .doesNotThrowAnyException();
    }

    @Test
    void looksOnlyAtItsSliceOfTheBuffer() {
        byte[] buffer = Texts.utf8("]]{\"a\":12}34\"");
        JsonScan scan = new JsonScan();
        assertThatCode(() -> scan.read(buffer, 2, 8)).doesNotThrowAnyException();
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> scan.read(buffer, 2, 7));
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> scan.read(buffer, 2, 9));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> scan.read(buffer, 2, 12));
    }
}
