package io.github.robotstream.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static String string(String text, int max) {
        return new JsonWriter().string(text, max).toString();
    }

    @Test
    void commasStandBetweenMembersOnly() {
        JsonWriter json = new JsonWriter().beginObject().key("a").beginObject().endObject();
        assertThat(json.key("b")
                        .number(1)
                        .key("c")
                        .bool(true)
                        .key("d")
                        .raw("[]")
                        .endObject())
                .hasToString("{\"a\":{},\"b\":1,\"c\":true,\"d\":[]}");
    }

    @Test
    void whatEndsALineOrCannotBeSeenIsEscaped() {
        assertThat(string("a\"\\\n\r\t\b\u0000\u007f\u009f\u2028\u2029\u00a0/\ud83e\udd16", 100))
                .isEqualTo("\"a\\\"\\\\\\n\\r\\t\\u0008\\u0000\\u007f\\u009f\\u2028\\u2029\u00a0/\ud83e\udd16\"");
    }

    @Test
    void halvesOfPairsAreReplaced() {
        assertThat(string("\ud83ea\udd16\ud83e", 100)).isEqualTo("\"\uFFFDa\uFFFD\uFFFD\"");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        assertThat(string("abcd", 4)).isEqualTo("\"abcd\"");
        assertThat(string("abcde", 4)).isEqualTo("\"abc…\"");
        assertThat(string("ab\ud83e\udd16e", 4)).isEqualTo("\"ab…\"");
    }
}
