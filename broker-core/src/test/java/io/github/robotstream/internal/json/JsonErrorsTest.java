package io.github.robotstream.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonErrorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``| at byte 0: the text ends where a value should stand; send the whole value
        {"a":1,"b":| at byte 11: the text ends where a value should stand; send the whole value
        {"a":NaN}| at byte 5: NaN is not JSON; Python's json.dumps writes it by default; use allow_nan=False or null
        [1,Infinity]| at byte 3: Infinity is not JSON; Python's json.dumps writes it by default; use allow_nan=False or null
        [-Infinity]| at byte 1: -Infinity is not JSON; Python's json.dumps writes it by default; use allow_nan=False or null
        {"a":True}| at byte 5: True is not JSON; write true, false or null, and put strings in double quotes
        {"a":undefined}| at byte 5: undefined is not JSON; write true, false or null, and put strings in double quotes
        {"a":'b'}| at byte 5: expected a value but found '''; strings stand in double quotes
        [1,]| at byte 3: expected a value but found ']'; remove the comma too many or add the value
        [,1]| at byte 1: expected a value but found ','; remove the comma too many or add the value
        {"a":}| at byte 5: expected a value but found '}'; remove the comma too many or add the value
        {"a":/*1*/2}| at byte 5: expected a value but found '/'; JSON has no comments
        [+1]| at byte 1: expected a value but found '+'; a number begins with a digit or a minus sign
        [.5]| at byte 1: expected a value but found '.'; a number begins with a digit or a minus sign
        [-.5]| at byte 1: expected a value but found '-'; a number begins with a digit or a minus sign
        [é]| at byte 1: expected a value but found byte 0xc3; send JSON (RFC 8259)
        {"a":1,}| at byte 7: expected a key but found '}'; remove the comma too many
        {a:1}| at byte 1: expected a key but found 'a'; keys stand in double quotes
        {"a":1,| at byte 7: expected a key but the text ends; keys stand in double quotes
        {"a" 1}| at byte 5: expected ':' after a key but found '1'; add it
        {"a"| at byte 4: expected ':' after a key but the text ends; add it
        {"a":1 "b":2}| at byte 7: expected ',' or '}' after a value but found '"'; send the whole text, without comments
        [1 2]| at byte 3: expected ',' or ']' after a value but found '2'; send the whole text, without comments
        {"a":1| at byte 6: expected ',' or '}' after a value but the text ends; send the whole text, without comments
        {}{}| at byte 2: found '{' after the end of the value; send one value and nothing after it
        {"a":1,"b":2,"\\u0061":3}| at byte 13: the key "a" stands twice in one object; keep one of them
        {"abc| at byte 1: this string does not end; close it with a double quote
        ["\\q"]| at byte 2: unknown escape; a backslash takes one of " \\ / b f n r t, or u and four hexadecimal digits
        ["\\u12g4"]| at byte 2: unknown escape; a backslash takes one of " \\ / b f n r t, or u and four hexadecimal digits
        ["\\ud800"]| at byte 2: escaped surrogate without its partner, which UTF-8 cannot say; cut texts between characters
        [007]| at byte 1: a number has no zeros in front; remove them
        [1.]| at byte 3: expected a digit but found ']'; write numbers like -0.5e3
        1e| at byte 2: expected a digit but the text ends; write numbers like -0.5e3
        """)
    void saysWhatIsWrongWhereAndWhatToDo(String text, String message) {
        assertThat(errorOf(Texts.utf8(text))).isEqualTo(message);
    }

    @Test
    void namesWhatDoesNotShow() {
        assertThat(errorOf(Texts.utf8("\uFEFF{}")))
                .isEqualTo("at byte 0: a byte order mark is not JSON; send the text without it");
        assertThat(errorOf(Texts.utf8("\"a\nb\"")))
                .isEqualTo("at byte 2: bare control character in a string; write it as \\u000a");
        assertThat(errorOf(Texts.quoted('a', 0xC3, 'b')))
                .isEqualTo("at byte 2: not UTF-8; encode the text as UTF-8 (RFC 3629)");
        assertThat(errorOf(Texts.utf8("{}\0"))).startsWith("at byte 2: found byte 0x00 after the end");
        assertThat(errorOf(Texts.utf8(Texts.nested(65, ""))))
                .isEqualTo("at byte 64: nested deeper than 64 levels; flatten the data");
    }

    @Test
    void countsFromTheBeginOfTheText() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> new JsonScan().read(Texts.utf8("0123{x"), 4, 2))
                .withMessageStartingWith("at byte 1: ");
    }

    @Test
    void showsNoMoreThanAShortExcerpt() {
        String key = "\\u0000" + "k".repeat(100_000);
        assertThat(errorOf(Texts.utf8("{\"" + key + "\":1,\"" + key + "\":2}")))
                .isEqualTo("at byte 100012: the key \"?" + "k".repeat(31) + "…\" stands twice in one object;"
                        + " keep one of them");
        assertThat(errorOf(Texts.utf8("x".repeat(100_000)))).startsWith("at byte 0: xxxxxxxxxxxx is not JSON;");
    }

    @Test
    void showsNothingOfStringValues() {
        assertThat(errorOf(Texts.utf8("{\"token\":\"secret\\x\"}"))).doesNotContain("secret");
        assertThat(errorOf(Texts.utf8("{\"token\":\"secret}"))).doesNotContain("secret");
        assertThat(errorOf(Texts.utf8("{\"token\":\"secret\"\"secret\"}"))).doesNotContain("secret");
    }

    private static String errorOf(byte[] text) {
        try {
            Texts.scan(text);
            throw new AssertionError("taken as JSON");
        } catch (JsonException e) {
            return e.getMessage();
        }
    }
}
