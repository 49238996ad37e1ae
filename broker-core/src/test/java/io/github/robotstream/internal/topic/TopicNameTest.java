package io.github.robotstream.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.robotstream.TopicFilter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may name a topic. */
class TopicNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "a\nb", "a/\u007f", "a\u0085", "\ud83e", "a\udd16/b"})
    void whatCannotBeSentAsATopicIsNoName(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TopicName.check(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/+/b", "a/#", "a+b"})
    void aWildcardIsNoPartOfAName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicName.check(text))
                .withMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({
        "pose/**, pose/#",
        "*, +",
        "**, #",
        "joints/*/angle, joints/+/angle",
        "joints/**/angle, joints/+/angle",
        "a/.*, a/#"
    })
    void theWildcardOfAnotherSystemIsRefusedWithTheRightSpelling(String text, String right) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicName.check(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("\"" + right + "\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicFilter.of(text))
                .withMessageContaining("\"" + right + "\"");
    }

    @Test
    void anAsteriskInsideOfALevelIsACharacter() {
        assertThat(TopicName.check("a*/b")).isEqualTo("a*/b");
    }

    @Test
    void twoHundredBytesOfUtf8AreTheLimit() {
        String most = "é".repeat(100);
        assertThat(TopicName.check(most)).isEqualTo(most);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TopicName.check(most + "x"))
                .withMessageContaining("200 bytes");
    }

    @Test
    void thirtyTwoLevelsAreTheLimit() {
        String most = "a/".repeat(31) + "a";
        assertThat(TopicName.check(most)).isEqualTo(most);
        for (String tooMany : List.of(most + "/a", "/".repeat(199))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TopicName.check(tooMany))
                    .withMessageContaining("32 are the most");
        }
    }

    @Test
    void theBrokersTopicsAreServerLogsAndAllThatBeginWithADollar() {
        assertThat(TopicName.isReserved("server_logs")).isTrue();
        assertThat(TopicName.isReserved("$SYS/load")).isTrue();
        assertThat(TopicName.isReserved("$")).isTrue();
        assertThat(TopicName.isReserved("server_logs/x")).isFalse();
        assertThat(TopicName.isReserved("a/$b")).isFalse();
    }
}
