package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of filters: MQTT 5 section 4.7, with the broker's own topics kept out of wildcards. */
class TopicFilterTest {
    @ParameterizedTest
    @CsvSource({
        // The examples of MQTT 5, sections 4.7.1.2 and 4.7.1.3.
        "sport/tennis/player1/#, sport/tennis/player1",
        "sport/tennis/player1/#, sport/tennis/player1/ranking",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon",
        "sport/#, sport",
        "#, sport/tennis",
        "sport/tennis/+, sport/tennis/player1",
        "sport/tennis/+, sport/tennis/player2",
        "sport/+, sport/",
        "+, finance",
        "+/+, /finance",
        "/+, /finance",
        "+/tennis/#, sport/tennis",
        "sport/+/player1, sport/tennis/player1",
        // A level may be empty, blank, or hold any script.
        "/, /",
        "a//b, a//b",
        "a/+/b, a//b",
        "a/#, a//",
        "'a b/+', 'a b/ '",
        "관절/+, 관절/각도",
        "+, 🤖",
        // The broker's own topics, where they are named.
        "$SYS/#, $SYS/load",
        "$SYS/#, $SYS",
        "$SYS/+, $SYS/load",
        "server_logs, server_logs",
        "server_logs/#, server_logs",
        // Names that only look like the broker's own.
        "#, server_logs/x",
        "#, my/server_logs",
        "+/+, a/$b",
        "#, Server_Logs",
    })
    void aFilterMatches(String filter, String topic) {
        assertThat(TopicFilter.of(filter).matches(topic)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "sport/tennis/+, sport/tennis/player1/ranking",
        "sport/+, sport",
        "+, /finance",
        "+, a/b",
        "sport/#, sports",
        "sport/#, Sport",
        "sport, sport/",
        "sport/, sport",
        "a/b, a/c",
        "+/b/#, a/c",
        "관절/+, 관절",
        // Composed and decomposed letters are different names (MQTT 5 section 4.7.3).
        "\u00e9, e\u0301",
        // Wildcards in the first level do not see the broker's own topics (MQTT 5 section 4.7.2).
        "#, $SYS",
        "#, $SYS/load",
        "+, $SYS",
        "+/load, $SYS/load",
        "+/#, $SYS/load",
        "#, server_logs",
        "+, server_logs",
        "+/#, server_logs",
        "#, $",
    })
    void aFilterDoesNotMatch(String filter, String topic) {
        assertThat(TopicFilter.of(filter).matches(topic)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "#, a/b",
        "#, +",
        "#, +/#",
        "+/#, #",
        "a/#, a",
        "a/#, a/+/b/#",
        "a/+, a/+",
        "+/+, a/+",
        "$SYS/#, $SYS/+",
        "server_logs/#, server_logs",
        "#, server_logs/+",
        "#, server_logs/x",
    })
    void aFilterCoversWhatIsAsNarrow(String wide, String narrow) {
        assertThat(TopicFilter.of(wide).covers(TopicFilter.of(narrow))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a, +",
        "a/+, a/#",
        "a/+/#, a/#",
        "+, #",
        "+/+, #",
        "a/b, a/+",
        "+/a, a/+",
        "a/+, a/b/c",
        "#, $SYS",
        "#, $SYS/#",
        "+/load, $SYS/load",
        "#, server_logs",
        "+, server_logs",
    })
    void aFilterDoesNotCoverWhatIsWider(String wide, String narrow) {
        assertThat(TopicFilter.of(wide).covers(TopicFilter.of(narrow))).isFalse();
    }

    @Test
    void noWildcardReachesServerLogsThroughItsSubtree() {
        assertThat(TopicFilter.of("server_logs/#").matches("server_logs")).isTrue();
        assertThat(TopicFilter.of("#").covers(TopicFilter.of("server_logs/#"))).isFalse();
        assertThat(TopicFilter.of("+/#").covers(TopicFilter.of("server_logs/#")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sport/tennis#", "#/ranking", "sport/#/ranking", "sport+", "a/+b", "++", "##", "+#", "a/b+/c"})
    void aMisplacedWildcardIsRefusedWithTheFilterNamed(String text) {
        assertThatThrownBy(() -> TopicFilter.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "a\nb", "a/\u007f", "a\u0085", "\ud83e", "a\udd16/b"})
    void whatCannotBeSentAsATopicIsRefused(String text) {
        assertThatThrownBy(() -> TopicFilter.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void twoHundredBytesOfUtf8AreTheLimit() {
        String most = "é".repeat(100);
        assertThat(TopicFilter.of(most)).hasToString(most);
        assertThatThrownBy(() -> TopicFilter.of(most + "x")).hasMessageContaining("200 bytes");
        assertThatThrownBy(() -> TopicFilter.of("x".repeat(1 << 20))).hasMessageContaining("200 bytes");
    }

    @Test
    void thirtyTwoLevelsAreTheLimit() {
        String most = "a/".repeat(31) + "a";
        assertThat(TopicFilter.of(most)).hasToString(most);
        assertThat(TopicFilter.of("a/".repeat(31) + "#").matches(most)).isTrue();
        for (String tooMany : List.of(most + "/a", "/".repeat(199))) {
            assertThatThrownBy(() -> TopicFilter.of(tooMany)).hasMessageContaining("32 are the most");
            assertThatThrownBy(() -> Topic.state(tooMany, "int", Integer.class))
                    .hasMessageContaining("32 are the most");
            assertThatThrownBy(() -> Permissions.none().subscribe(tooMany)).hasMessageContaining("32 are the most");
        }
    }

    @Test
    void aControlCharacterIsNotRepeatedInTheError() {
        assertThatThrownBy(() -> TopicFilter.of("a\u001b[2J"))
                .hasMessageContaining("position 1")
                .message()
                .doesNotContain("\u001b");
    }

    @Test
    void onlyAFilterWithoutWildcardIsExact() {
        assertThat(TopicFilter.of("a/b").isExact()).isTrue();
        assertThat(TopicFilter.of("a/+").isExact()).isFalse();
        assertThat(TopicFilter.of("#").isExact()).isFalse();
    }

    @Test
    void levelsMayBeEmpty() {
        assertThat(TopicFilter.of("/a//+/").matches("/a//x/")).isTrue();
        assertThat(TopicFilter.of("/a//+/").matches("/a/x/")).isFalse();
    }

    @Test
    void filtersAreEqualByTheirText() {
        assertThat(TopicFilter.of("a/+")).isEqualTo(TopicFilter.of("a/+")).hasSameHashCodeAs(TopicFilter.of("a/+"));
        assertThat(TopicFilter.of("a/+")).isNotEqualTo(TopicFilter.of("a/#"));
    }
}
