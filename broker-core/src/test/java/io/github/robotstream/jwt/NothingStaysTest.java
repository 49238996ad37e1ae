package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.TokenForge.base64Url;
import static io.github.robotstream.jwt.VerifierFixture.CLOCK;
import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.SECRET;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenRejectedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a token that was judged nothing stays: not in memory, not in a text, not in a log, not even the JDK's. */
class NothingStaysTest {
    private static final KeyForge EC = KeyForge.of(JwtAlgorithm.ES256);
    private static final int GARBAGE = 10_000;
    private static final long ROOM = 24L << 20;

    private final List<LogEntry> told = Collections.synchronizedList(new ArrayList<>());
    private KeyProvider provider;

    @BeforeEach
    void startAProvider() throws IOException {
        provider = new KeyProvider().publishes(EC.jwk("\"kid\":\"1\","));
    }

    @AfterEach
    void stopIt() {
        provider.close();
    }

    private JwtTokenVerifier verifier() {
        return JwtTokenVerifier.hmac(SECRET)
                .key(JwtKey.publicKey(KeyForge.of(JwtAlgorithm.ED25519).publicKey()))
                .keySetUrl(provider.address())
                .clock(CLOCK)
                .defaultPermissions(Permissions.none())
                .build()
                .forBroker(Optional.of("robot-17"), entry -> told.add(entry.at(Instant.EPOCH)));
    }

    /** About 8 KiB, each another one, and each gets a little further than the one before. */
    private static String garbage(int i, Random random) {
        byte[] noise = new byte[6_000];
        random.nextBytes(noise);
        String rest = base64Url("{\"noise\":\"" + base64Url(noise) + "\"}") + "." + base64Url("signature-of-" + i);
        return switch (i % 5) {
            case 0 -> new String(noise, StandardCharsets.ISO_8859_1);
            case 1 -> base64Url(noise) + "." + rest;
            case 2 -> base64Url("{\"alg\":\"HS256\"}") + "." + rest;
            case 3 -> base64Url("{\"alg\":\"ES256\",\"kid\":\"1\"}") + "." + rest;
            default -> base64Url("{\"alg\":\"EdDSA\",\"kid\":\"made-up-" + i + "\"}") + "." + rest;
        };
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void tenThousandGarbageTokensLeaveMemoryWhereItWas() throws Exception {
        JwtTokenVerifier verifier = verifier();
        Random random = new Random(4711);
        String honest = EC.withKid("1", claims("\"aud\":\"robot-17\""));
        accept(verifier, honest);
        long before = used();
        int refused = 0;
        for (int i = 0; i < GARBAGE; i++) {
            try {
                verifier.verify(request(garbage(i, random)));
            } catch (TokenRejectedException e) {
                refused++;
            }
        }
        assertThat(refused).isEqualTo(GARBAGE);
        // Kept, they would take three times as much.
        assertThat(used() - before).isLessThan(ROOM);
        accept(verifier, honest);
        assertThat(provider.requests).hasValueLessThanOrEqualTo(5);
        assertThat(told).isEmpty();
    }

    @Test
    void noTextHoldsATokenOrAKeyNotEvenTheLogsOfTheJdkAtTheirFinest() throws Exception {
        StringWriter texts = new StringWriter();
        List<String> secrets = new ArrayList<>(List.of(new String(SECRET, StandardCharsets.UTF_8), base64Url(SECRET)));
        Logger root = Logger.getLogger("");
        Level usual = root.getLevel();
        Handler handler = new Collecting(texts);
        root.setLevel(Level.ALL);
        root.addHandler(handler);
        try {
            JwtTokenVerifier verifier = verifier();
            texts.append(verifier.toString());
            for (String token : List.of(
                    FORGE.token(claims("\"sub\":\"operator-3\"")),
                    EC.withKid("1", claims("\"aud\":\"robot-17\"")),
                    EC.withKid("9", claims("\"aud\":\"robot-17\"")),
                    KeyForge.named("thief", JwtAlgorithm.ES256).withKid("1", claims("\"aud\":\"robot-17\"")),
                    FORGE.token(claims("\"topics\":7")),
                    FORGE.token("{\"exp\":1}"),
                    FORGE.token("{\"exp\":1,\"exp\":1}"),
                    garbage(1, new Random(1)),
                    garbage(2, new Random(2)))) {
                secrets.addAll(List.of(token.split("\\.")));
                judge(verifier, token, texts);
                if (provider.requests.get() > 0) {
                    provider.fails();
                }
            }
            told.forEach(entry -> texts.append(entry.toString()));
        } finally {
            root.removeHandler(handler);
            root.setLevel(usual);
        }
        String all = texts.toString();
        assertThat(all).contains("operator-3");
        // The JDK logs the provider's whole address, at FINEST; we never.
        assertThat(told)
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.message()).doesNotContain("hunter2"));
        assertThat(secrets)
                .filteredOn(secret -> secret.length() >= 12)
                .allSatisfy(secret -> assertThat(all).doesNotContain(secret));
    }

    private static void judge(JwtTokenVerifier verifier, String token, StringWriter texts) {
        try {
            texts.append(accept(verifier, token).toString());
        } catch (Exception e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            texts.append(trace.toString());
        }
    }

    private static final class Collecting extends Handler {
        private final StringWriter texts;

        Collecting(StringWriter texts) {
            this.texts = texts;
            setLevel(Level.ALL);
            setFormatter(new SimpleFormatter());
        }

        @Override
        public void publish(LogRecord record) {
            texts.append(getFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
