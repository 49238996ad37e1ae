package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.KeyForge.keySet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key set in a file is read again when it changes; an empty one revokes, one that cannot be read keeps the keys for a time. */
class KeySetFileTest {
    private static final KeyForge EC = KeyForge.of(JwtAlgorithm.ES256);
    private static final KeyForge OTHER = KeyForge.named("another", JwtAlgorithm.ES256);

    private static final Duration TOLERANCE = Duration.ofHours(4);

    // Close below the greatest value, so that comparing instead of subtracting shows.
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeASet() throws IOException {
        file = folder.resolve("keys.json");
        write(keySet(EC.jwk("\"kid\":\"1\",")));
    }

    private void write(String set) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, set);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean has(KeySetFile keys, String kid) throws IOException {
        return !keys.keysFor("ES256", Optional.of(kid)).isEmpty();
    }

    private void aSecondGoesBy() {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aNewSetIsInForceASecondLaterAtMost() throws Exception {
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        assertThat(has(keys, "1")).isTrue();
        write(keySet(OTHER.jwk("\"kid\":\"2\",")));
        assertThat(has(keys, "2")).as("read once a second, not for each token").isFalse();
        aSecondGoesBy();
        assertThat(has(keys, "2")).isTrue();
        assertThat(has(keys, "1")).as("a key that was taken out").isFalse();
        assertThat(keys.takeEvent()).get().satisfies(event -> {
            assertThat(event.level()).isEqualTo(LogEntry.Level.INFO);
            assertThat(event.message()).contains(file.toString(), "1 keys");
        });
        assertThat(keys.takeEvent()).isEmpty();
    }

    @Test
    void aChangeThatKeepsSizeAndTimeIsSeen() throws Exception {
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        var time = Files.getLastModifiedTime(file);
        Files.writeString(file, keySet(EC.jwk("\"kid\":\"2\",")));
        Files.setLastModifiedTime(file, time);
        aSecondGoesBy();
        assertThat(has(keys, "2")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "{\"keys\":{}}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\"}]}"
            })
    void aBrokenFileKeepsTheOldKeysAndIsToldOnce(String broken) throws Exception {
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        write(broken);
        for (int i = 0; i < 3; i++) {
            aSecondGoesBy();
            assertThat(has(keys, "1")).isTrue();
            Optional<KeySetEvent> event = keys.takeEvent();
            assertThat(event.isPresent()).as("told once").isEqualTo(i == 0);
            event.ifPresent(told -> {
                assertThat(told.level()).isEqualTo(LogEntry.Level.WARN);
                assertThat(told.message()).contains(file.toString()).doesNotContain("c2Vj");
            });
        }
        write(keySet(EC.jwk("\"kid\":\"1\",")));
        aSecondGoesBy();
        assertThat(has(keys, "1")).isTrue();
        assertThat(keys.takeEvent())
                .as("mended, which is told even if the keys are the old ones")
                .isPresent();
    }

    @Test
    void aFileThatIsGoneKeepsTheOldKeysAndIsToldOnce() throws Exception {
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        Files.delete(file);
        aSecondGoesBy();
        assertThat(has(keys, "1")).isTrue();
        assertThat(keys.takeEvent()).isPresent();
        aSecondGoesBy();
        assertThat(has(keys, "1")).isTrue();
        assertThat(keys.takeEvent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"keys\":[]}", "{\"keys\":[7,null,{},{\"kty\":\"EC\"}]}"})
    void aSetWithoutUsableKeysTakesTheOldKeysAwayAndIsToldOnce(String empty) throws Exception {
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        write(empty);
        for (int i = 0; i < 3; i++) {
            aSecondGoesBy();
            assertThat(has(keys, "1")).isFalse();
            Optional<KeySetEvent> event = keys.takeEvent();
            assertThat(event.isPresent()).as("told once").isEqualTo(i == 0);
            event.ifPresent(told -> {
                assertThat(told.level()).isEqualTo(LogEntry.Level.WARN);
                assertThat(told.message()).contains(file.toString(), "no usable key");
            });
        }
        write(keySet(EC.jwk("\"kid\":\"1\",")));
        aSecondGoesBy();
        assertThat(has(keys, "1")).isTrue();
        assertThat(keys.takeEvent()).get().extracting(KeySetEvent::level).isEqualTo(LogEntry.Level.INFO);
    }

    @Test
    void tokensAreRefusedAndNotPutOffWhileASetIsEmpty() throws Exception {
        write("{\"keys\":[]}");
        var verifier = VerifierFixture.publicSettings(JwtTokenVerifier.builder().keySetFile(file))
                .build();
        String token = EC.withKid("1", VerifierFixture.claims("\"aud\":\"robot-17\""));
        assertThat(VerifierFixture.untold(verifier, token)).contains("has no usable key");
    }

    @Test
    void aSetThatWasEmptyWhenTheBrokerStartedIsTold() throws Exception {
        write("{\"keys\":[]}");
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        assertThat(keys.takeEvent()).get().extracting(KeySetEvent::level).isEqualTo(LogEntry.Level.WARN);
    }

    @Test
    void afterTheOutageToleranceABrokenFileLetsNobodyIn() throws Exception {
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        write("{");
        passes(TOLERANCE.minusSeconds(1));
        assertThat(has(keys, "1")).isTrue();
        assertThat(keys.takeEvent()).isPresent();
        aSecondGoesBy();
        assertThatThrownBy(() -> has(keys, "1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PT4H")
                .message()
                .doesNotContain("strict JSON");
        assertThat(keys.takeEvent()).get().satisfies(event -> {
            assertThat(event.level()).isEqualTo(LogEntry.Level.WARN);
            assertThat(event.message()).contains(file.toString(), "PT4H");
        });
        aSecondGoesBy();
        assertThatThrownBy(() -> has(keys, "1")).isInstanceOf(IOException.class);
        assertThat(keys.takeEvent()).as("told once").isEmpty();
        write(keySet(EC.jwk("\"kid\":\"1\",")));
        aSecondGoesBy();
        assertThat(has(keys, "1")).isTrue();
    }

    @Test
    void aFileThatIsReadAgainAndAgainIsGoodForAnyTime() throws Exception {
        KeySetFile keys = new KeySetFile(file, TOLERANCE, nanos::get);
        for (int i = 0; i < 3; i++) {
            passes(Duration.ofHours(3));
            assertThat(has(keys, "1")).isTrue();
        }
        assertThat(keys.takeEvent()).isEmpty();
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        Files.writeString(file, keySet(EC.jwk("")) + " ".repeat(KeySetFile.MAX_BYTES));
        assertThatThrownBy(() -> new KeySetFile(file, TOLERANCE, nanos::get)).hasMessageContaining("262144 bytes");
    }

    @Test
    void aVerifierIsNotBuiltWithoutAGoodFile() throws Exception {
        Path missing = folder.resolve("missing.json");
        assertThatThrownBy(() -> JwtTokenVerifier.builder().keySetFile(missing).build())
                .hasMessage("key set " + missing + " cannot be used: there is no such file");
        write("{\"keys\":[" + EC.jwk("\"d\":\"c2VjcmV0\",") + "]}");
        assertThatThrownBy(() -> JwtTokenVerifier.builder().keySetFile(file).build())
                .hasMessageContainingAll(file.toString(), "private or secret key")
                .message()
                .doesNotContain("c2VjcmV0");
    }
}
