package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.ManualClock;
import io.github.robotstream.testing.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is told what of a token that is refused: its owner the word, the robot's log sink the rest. */
class ProtocolRefusedTokenTest extends ProtocolContract {
    private static final byte[] SECRET = "a secret of thirty-two characters".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER_SECRET = "another secret of thirty-two chars".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> FROM_A_PAGE = Map.of("Origin", "https://a.example");
    private static final long END = ManualClock.BEGIN.getEpochSecond() + 3600;
    private static final String COARSE = "this robot does not take the token; the robot's log says why";

    private final FakeSink sink = new FakeSink();

    private void startForRobot17() throws Exception {
        Clock clock = Clock.fixed(ManualClock.BEGIN, ZoneOffset.UTC);
        startGuarded(settings -> settings.logSink(sink)
                .tokenVerifier(JwtTokenVerifier.hmac(SECRET)
                        .clock(clock)
                        .issuer("https://id.example")
                        .audience("robot-17")
                        .build()));
    }

    private static String token(byte[] secret, String claims) {
        return new Tokens(secret).signed(json(claims));
    }

    private static String good() {
        return token(SECRET, "{'sub':'logs','exp':" + END + ",'iss':'https://id.example','aud':'robot-17'}");
    }

    private static String claims(String issuer, String audience) {
        return "{'sub':'x','exp':" + END + ",'iss':'" + issuer + "','aud':'" + audience + "'}";
    }

    private LogEntry inSink(String event) {
        return test.await(() -> {
            List<LogEntry> entries = sink.entries().stream()
                    .filter(entry -> entry.event().equals(event))
                    .toList();
            assertThat(entries).isNotEmpty();
            return entries.get(0);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "https://id.example, robot-16, token's claim aud is 'robot-16': this robot expects robot-17",
        "https://evil.example, robot-17, token's claim iss is 'https://evil.example': this robot expects https://id.example",
    })
    void whatTheTokenShouldHaveBeenIsInTheLogSinkAlone(String issuer, String audience, String detail) throws Exception {
        startForRobot17();
        ContractClient logs = test.connect("token=" + good()).send(subscribe("server_logs"));
        logs.frames();
        ContractClient other = test.connect("token=" + good());
        String bad = token(SECRET, claims(issuer, audience));

        assertThat(test.connect("token=" + bad, FROM_A_PAGE).closeReason()).isEqualTo("token_invalid: " + COARSE);
        assertThat(other.ask(json("{'action':'auth','id':1,'token':'" + bad + "'}")))
                .contains(json("'code':'unauthorized'"), COARSE);

        assertThat(logs.frames())
                .anyMatch(entry -> entry.contains("client_refused"))
                .noneMatch(entry -> entry.contains("robot-17") || entry.contains("id.example"));
        assertThat(inSink("client_refused").detail()).contains(detail);
        assertThat(inSink("token_refused").detail()).contains(detail);
        assertThat(sink.entries()).noneMatch(entry -> (entry.message() + entry.detail()).contains(bad.substring(0, 8)));
    }

    @Test
    void nobodyFindsOutByTryingWhatARobotIsSetToTake() throws Exception {
        startForRobot17();
        String signed = token(SECRET, claims("https://id.example", "robot-16"));
        String[] parts = signed.split("\\.", -1);
        String header = "eyJhbGciOiJSUzI1NiJ9"; // {"alg":"RS256"}
        for (String bad : List.of(
                signed,
                token(SECRET, claims("https://evil.example", "robot-17")),
                token(SECRET, "{'iss':'https://id.example','aud':'robot-17'}"), // for ever
                token(OTHER_SECRET, claims("https://id.example", "robot-17")),
                header + "." + parts[1] + "." + parts[2])) {
            assertThat(test.connect("token=" + bad, FROM_A_PAGE).closeReason()).isEqualTo("token_invalid: " + COARSE);
        }
    }

    @Test
    void aDetailThatQuotesTheTokenIsCleared() throws Exception {
        startGuarded(settings -> settings.logSink(sink).tokenVerifier(request -> {
            throw new TokenRejectedException(
                    TokenRejectedException.Reason.TOKEN_INVALID,
                    "no",
                    "not " + request.token().orElseThrow());
        }));
        test.connect("token=s3cr3t-token", FROM_A_PAGE).closeCode();

        assertThat(inSink("client_refused").detail()).contains("not …");
    }
}
