package io.github.robotstream.jwt;

import static java.lang.Thread.State.TIMED_WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.spi.LogEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When keys are fetched from a provider, and what happens while it is down. */
class KeySetUrlTest {
    private static final KeyForge EC = KeyForge.of(JwtAlgorithm.ES256);
    private static final String FIRST = EC.jwk("\"kid\":\"1\",");
    private static final String SECOND =
            KeyForge.named("another", JwtAlgorithm.ES256).jwk("\"kid\":\"2\",");

    private KeyProvider provider;

    @BeforeEach
    void startAProvider() throws IOException {
        provider = new KeyProvider().publishes(FIRST);
    }

    @AfterEach
    void stopIt() {
        provider.close();
    }

    private static boolean has(KeySetUrl keys, String kid) throws IOException {
        return !keys.keysFor("ES256", Optional.of(kid)).isEmpty();
    }

    @Test
    void nothingIsFetchedBeforeATokenNeedsIt() throws Exception {
        KeySetUrl keys = provider.keys();
        for (String alg : List.of("HS256", "none", "", "RSA-OAEP", "ES256K")) {
            assertThat(keys.keysFor(alg, Optional.empty()).isEmpty()).isTrue();
        }
        assertThat(provider.requests).hasValue(0);
        assertThat(has(keys, "1")).isTrue();
        assertThat(provider.requests).hasValue(1);
    }

    @Test
    void keysAreKeptForFiveMinutes() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        provider.passes(Duration.ofMinutes(3));
        for (int i = 0; i < 100; i++) {
            assertThat(has(keys, "1")).isTrue();
        }
        assertThat(provider.requests).hasValue(1);
        provider.publishes(SECOND).passes(Duration.ofMinutes(3));
        assertThat(has(keys, "1")).as("a key that was taken back").isFalse();
        assertThat(has(keys, "2")).isTrue();
    }

    @Test
    void beforeTheyAreTooOldTheyAreFetchedWhileTokensAreJudgedByTheOldOnes() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        CountDownLatch mayAnswer = new CountDownLatch(1);
        provider.answers(exchange -> {
            awaitQuietly(mayAnswer);
            KeyProvider.send(exchange, 200, KeyForge.keySet(FIRST, SECOND));
        });
        provider.passes(Duration.ofMinutes(4));
        assertThat(has(keys, "1")).as("not waited for").isTrue();
        await().until(() -> provider.requests.get() == 2);
        assertThat(has(keys, "1")).isTrue();
        mayAnswer.countDown();
        await().until(() -> keys.keysFor("ES256", Optional.empty()).keys().size() == 2);
        assertThat(provider.requests).hasValue(2);
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aKeyThatTheProviderMadeSinceIsFetchedAtOnce() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        provider.publishes(FIRST, SECOND);
        assertThat(has(keys, "2")).isTrue();
        assertThat(provider.requests).hasValue(2);
    }

    @Test
    void keyIdsThatStrangersMakeUpHardlyEverReachTheProvider() throws Exception {
        KeySetUrl keys = provider.keys();
        for (int i = 0; i < 1_000; i++) {
            assertThat(has(keys, "made-up-" + i)).isFalse();
            assertThat(has(keys, "1")).isTrue();
        }
        assertThat(provider.requests).hasValueLessThanOrEqualTo(3);
        // And a new key is found ten seconds later, whatever they do.
        provider.publishes(SECOND).passes(Duration.ofSeconds(10));
        assertThat(has(keys, "made-up")).isFalse();
        assertThat(has(keys, "2")).isTrue();
    }

    @Test
    void whileTheProviderIsDownTheOldKeysServeForHoursAndItIsToldOnce() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        provider.fails();
        int told = 0;
        for (int i = 0; i < 30; i++) {
            provider.passes(Duration.ofMinutes(7));
            assertThat(has(keys, "1")).isTrue();
            Optional<KeySetEvent> event = keys.takeEvent();
            told += event.isPresent() ? 1 : 0;
            event.ifPresent(told1 -> {
                assertThat(told1.level()).isEqualTo(LogEntry.Level.WARN);
                assertThat(told1.message()).contains("HTTP status 500").doesNotContain("hunter2");
            });
        }
        assertThat(told).isEqualTo(1);
        provider.publishes(FIRST).passes(Duration.ofMinutes(7));
        assertThat(has(keys, "1")).isTrue();
        assertThat(keys.takeEvent()).get().extracting(KeySetEvent::level).isEqualTo(LogEntry.Level.INFO);
    }

    @Test
    void anEmptiedSetRevokesAllItsKeysAndIsToldOnce() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        provider.publishes();
        for (int i = 0; i < 3; i++) {
            provider.passes(Duration.ofMinutes(6));
            assertThat(has(keys, "1")).isFalse();
            Optional<KeySetEvent> event = keys.takeEvent();
            assertThat(event.isPresent()).as("told once").isEqualTo(i == 0);
            event.ifPresent(told -> {
                assertThat(told.level()).isEqualTo(LogEntry.Level.WARN);
                assertThat(told.message()).contains("no usable key").doesNotContain("hunter2");
            });
        }
        provider.publishes(FIRST).passes(Duration.ofMinutes(6));
        assertThat(has(keys, "1")).isTrue();
        assertThat(keys.takeEvent()).get().extracting(KeySetEvent::level).isEqualTo(LogEntry.Level.INFO);
    }

    @Test
    void aSetThatIsEmptyFromTheFirstFetchRefusesTokensAndDoesNotPutThemOff() throws Exception {
        provider.publishes("7", "{\"kty\":\"EC\"}");
        KeySetUrl keys = provider.keys();
        for (int i = 0; i < 100; i++) {
            assertThat(has(keys, "1")).isFalse();
        }
        assertThat(provider.requests).hasValueLessThanOrEqualTo(3);
        assertThat(keys.takeEvent()).get().extracting(KeySetEvent::level).isEqualTo(LogEntry.Level.WARN);
    }

    @Test
    void afterTooLongAnOutageNobodyIsJudgedAnyMore() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        provider.fails().passes(Duration.ofHours(4).plusSeconds(1));
        assertUnavailable(keys, "1");
    }

    @Test
    void whileTheProviderIsDownATokenOfANewKeyIsNotCalledBad() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        provider.fails();
        assertUnavailable(keys, "2");
    }

    @Test
    void aProviderThatWasNeverThereMakesClientsComeBack() throws Exception {
        KeySetUrl keys = provider.keys();
        provider.close();
        assertUnavailable(keys, "1");
        assertThat(keys.takeEvent())
                .get()
                .satisfies(event -> assertThat(event.message())
                        .contains("127.0.0.1", "/keys")
                        .doesNotContain("hunter2"));
        assertThat(keys).asString().doesNotContain("hunter2").contains("/keys");
    }

    @Test
    void aProviderThatIsDownDoesNotKeepOutTokensOfAnother() throws Exception {
        try (KeyProvider down = new KeyProvider().fails()) {
            JwtTokenVerifier verifier = VerifierFixture.publicSettings(
                            JwtTokenVerifier.builder().keySetUrl(down.address()).keySetUrl(provider.address()))
                    .build();
            VerifierFixture.accept(verifier, EC.withKid("1", VerifierFixture.claims("\"aud\":\"robot-17\"")));
            String unknown = EC.withKid("2", VerifierFixture.claims("\"aud\":\"robot-17\""));
            assertThatThrownBy(() -> VerifierFixture.accept(verifier, unknown))
                    .as("the key may be one of the provider that is down")
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void oneFailureIsTriedAgainAtOnce() throws Exception {
        KeySetUrl keys = provider.keys();
        provider.answers(exchange ->
                KeyProvider.send(exchange, provider.requests.get() == 1 ? 503 : 200, KeyForge.keySet(FIRST)));
        assertThat(has(keys, "1")).isTrue();
        assertThat(provider.requests).hasValue(2);
    }

    @Test
    void whileKeysAreAskedForOnlyTwoStrangersWaitAndOthersAreToldToComeBack() throws Exception {
        KeySetUrl keys = provider.keys();
        assertThat(has(keys, "1")).isTrue();
        CountDownLatch mayAnswer = new CountDownLatch(1);
        provider.answers(exchange -> {
            awaitQuietly(mayAnswer);
            KeyProvider.send(exchange, 200, KeyForge.keySet(FIRST));
        });
        Thread[] strangers = new Thread[2];
        for (int i = 0; i < strangers.length; i++) {
            strangers[i] =
                    new Thread(() -> assertThatCode(() -> has(keys, "made-up")).doesNotThrowAnyException());
            strangers[i].start();
        }
        await().until(() -> Stream.of(strangers).allMatch(stranger -> stranger.getState() == TIMED_WAITING));
        assertThatThrownBy(() -> has(keys, "made-up-too"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("by others");
        assertThat(has(keys, "1")).as("who has a known key does not wait").isTrue();
        mayAnswer.countDown();
        for (Thread stranger : strangers) {
            stranger.join();
        }
    }

    private static void assertUnavailable(KeySetUrl keys, String kid) {
        assertThatThrownBy(() -> has(keys, kid))
                .isInstanceOf(IOException.class)
                .message()
                .doesNotContain("hunter2");
    }
}
