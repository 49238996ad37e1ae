package io.github.robotstream.internal.json;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.json.JsonByGson.Digits;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the scan with gson's strict reader, text by text. {@link JsonByGson} tells where we mean to differ. */
class JsonDifferentialTest {
    private static final int TEXTS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readsWhatGsonReads(long seed) throws Exception {
        RandomJson random = new RandomJson(seed);
        int taken = 0;
        for (int i = 0; i < TEXTS; i++) {
            taken += compare(random.object()) ? 1 : 0;
        }
        assertThat(taken).as("texts without a key twice").isGreaterThan(TEXTS / 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void refusesWhatGsonRefuses(long seed) throws Exception {
        RandomJson random = new RandomJson(seed);
        int taken = 0;
        for (int i = 0; i < TEXTS; i++) {
            taken += compare(random.spoiled(random.object())) ? 1 : 0;
        }
        assertThat(taken).as("texts that the changes left valid").isBetween(TEXTS / 20, TEXTS / 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void theCursorTakesWhatTheScanTakesAndKeysThatStandTwice(long seed) {
        RandomJson random = new RandomJson(seed);
        for (int i = 0; i < TEXTS; i++) {
            byte[] text = i % 2 == 0 ? random.object() : random.spoiled(random.object());
            String byScan = outcome(() -> Texts.scan(text));
            if (!byScan.contains("stands twice")) {
                assertThat(outcome(() -> walk(text)))
                        .as(new String(text, UTF_8))
                        .isEqualTo(byScan);
            }
        }
    }

    private interface Reading {
        void read() throws JsonException;
    }

    private static String outcome(Reading reading) {
        try {
            reading.read();
            return "taken";
        } catch (JsonException refused) {
            return refused.getMessage();
        }
    }

    private static void walk(byte[] text) throws JsonException {
        JsonCursor cursor = new JsonCursor(text);
        cursor.skip();
        cursor.finish();
    }

    private static boolean compare(byte[] text) throws Exception {
        Object expected;
        try {
            expected = JsonByGson.read(text);
        } catch (IOException | IllegalStateException refused) {
            assertThat(accepts(text)).as(new String(text, UTF_8)).isFalse();
            return false;
        }
        assertThat(accepts(text)).as(new String(text, UTF_8)).isTrue();
        JsonScan scan = Texts.scan(text);
        if (expected instanceof Map<?, ?> members) {
            assertMembers(text, scan, ROOT, members);
        }
        return true;
    }

    private static boolean accepts(byte[] text) {
        try {
            Texts.scan(text);
            return true;
        } catch (JsonException refused) {
            return false;
        }
    }

    private static void assertMembers(byte[] text, JsonScan scan, int parent, Map<?, ?> expected) throws IOException {
        int member = scan.firstMember(parent);
        Iterator<? extends Map.Entry<?, ?>> entries = expected.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            assertThat(scan.key(member)).isEqualTo(entry.getKey());
            assertValue(text, scan, member, entry.getValue());
            if (parent == ROOT && entry.getValue() instanceof Map<?, ?> inner) {
                assertMembers(text, scan, member, inner);
            }
            member = scan.nextMember(member);
        }
        assertThat(member).isEqualTo(ABSENT);
    }

    private static void assertValue(byte[] text, JsonScan scan, int member, Object expected) throws IOException {
        byte[] value = Arrays.copyOfRange(text, scan.valueStart(member), scan.valueEnd(member));
        assertThat(JsonByGson.read(value)).isEqualTo(expected);
        switch (scan.kind(member)) {
            case STRING -> assertThat(scan.text(member)).isEqualTo(expected);
            case BOOLEAN -> assertThat(scan.isTrue(member)).isEqualTo(expected);
            case NUMBER -> assertInteger(scan, member, ((Digits) expected).text());
            default -> assertThat(scan.integer(member)).isEmpty();
        }
    }

    private static void assertInteger(JsonScan scan, int member, String digits) {
        boolean integer = digits.matches("-?\\d+")
                && new BigDecimal(digits).abs().compareTo(BigDecimal.valueOf(JsonNumbers.MAX_EXACT)) <= 0;
        assertThat(scan.integer(member).isPresent()).isEqualTo(integer);
        scan.integer(member).ifPresent(value -> assertThat(value).isEqualTo(Long.parseLong(digits)));
    }
}
