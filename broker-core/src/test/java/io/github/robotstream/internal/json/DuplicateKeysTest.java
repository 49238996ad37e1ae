package io.github.robotstream.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicateKeysTest {
    private static final int MEBIBYTE = 1 << 20;
    /** Ten times what a mebibyte of the worst kind may take on a small robot computer. */
    private static final Duration GENEROUS = Duration.ofSeconds(2);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"\":1,\"\":2}",
                "{\"a\":1,\"b\":2,\"a\":3}",
                "{\"data\":{\"a\":1,\"a\":1}}",
                "{\"data\":{\"x\":[0,{\"y\":{\"a\":1,\"b\":{\"a\":1},\"a\":1}}]}}",
                "[[[{\"a\":1,\"a\":1}]]]",
                "{\"a\":1,\"\\u0061\":1}",
                "{\"\\u0061\":1,\"\\u0061\":1}",
                "{\"é\":1,\"\\u00E9\":1}",
                "{\"\\n\":1,\"\\u000a\":1}",
                "{\"/\":1,\"\\/\":1}",
                "{\"🤖\":1,\"\\uD83E\\uDD16\":1}",
            })
    void refusesAKeyThatStandsTwiceInOneObjectHoweverItIsSpelled(String text) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Texts.scan(text))
                .withMessageContaining("twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}",
                "{\"a\":1,\"aa\":1,\"A\":1,\"\":1,\" \":1}",
                "{\"a\":1,\"\\\\u0061\":1}",
                "{\"é\":1,\"e\u0301\":1}",
                "{\"ab\":1,\"ba\":1,\"AaAa\":1,\"AaBB\":1,\"BBAa\":1,\"BBBB\":1}",
            })
    void letsDifferentKeysPass(String text) {
        assertThatCode(() -> Texts.scan(text)).doesNotThrowAnyException();
    }

    @Test
    void refusesTheTwinAtEachLevel() {
        for (int level = 1; level <= JsonScan.MAX_DEPTH; level++) {
            String text = "{\"a\":".repeat(level - 1) + "{\"a\":1,\"a\":2}" + "}".repeat(level - 1);
            assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Texts.scan(text));
        }
    }

    @Test
    void findsTheTwinAmongManyKeys() throws JsonException {
        String keys = members(100_000, "k%05d"::formatted);
        Texts.scan("{" + keys + "}");
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Texts.scan("{" + keys + ",\"k0\\u00317\\u0031\\u0032\":1}"))
                .withMessage("at byte 1100001: the key \"k01712\" stands twice in one object; keep one of them");
    }

    @Test
    void manyKeysTakeNoLongerThanTheirBytes() {
        assertRead(members(110_000, "%04x"::formatted));
        assertRead(members(90_000, i -> "\\u%04x%x".formatted(i % 0x800, i)));
    }

    @Test
    void keysOfOneHashCodeTakeNoLonger() {
        assertRead(members(40_000, i -> sameHashCode(i, 16)));
    }

    @Test
    void longKeysWithACommonBeginTakeNoLonger() {
        String begin = "x".repeat(1_000);
        assertRead(members(1_000, i -> begin + i));
    }

    @Test
    void manySmallObjectsTakeNoLonger() {
        assertRead("\"list\":[" + "{\"a\":0,\"b\":0},".repeat(65_000) + "0]");
    }

    private static void assertRead(String members) {
        byte[] text = Texts.utf8("{" + members + "}");
        assertThat(text.length).isBetween(MEBIBYTE / 2, 2 * MEBIBYTE);
        long start = System.nanoTime();
        assertThatCode(() -> Texts.scan(text)).doesNotThrowAnyException();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GENEROUS);
    }

    private static String members(int count, IntFunction<String> key) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + key.apply(i) + "\":0")
                .collect(Collectors.joining(","));
    }

    /** Texts of which all have one {@link String#hashCode}. */
    private static String sameHashCode(int number, int bits) {
        return IntStream.range(0, bits)
                .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                .collect(Collectors.joining());
    }
}
