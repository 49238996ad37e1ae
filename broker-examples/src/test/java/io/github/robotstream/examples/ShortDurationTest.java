package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ShortDurationTest {
    private final ShortDuration converter = new ShortDuration();

    @ParameterizedTest
    @CsvSource({"90s,PT90S", "15m,PT15M", "8h,PT8H", "1d,P1D", "3650d,P3650D"})
    void readsWhatPeopleWrite(String text, Duration duration) {
        assertThat(converter.convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "s", "-1s", "1.5h", "1 h", "1H", "PT1S", "9999999999s"})
    void refusesOtherFormsAndShowsTheRightOnes(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("\"" + text + "\" is no duration: write 90s, 15m, 8h or 1d");
    }

    @Test
    void refusesNothingAndMoreThanTenYears() {
        for (String text : new String[] {"0s", "3651d", "999999999d"}) {
            assertThatThrownBy(() -> converter.convert(text))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("1s to 3650d");
        }
    }
}
