package io.github.robotstream.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenRejectedException.Reason;
import io.github.robotstream.spi.TokenVerifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** One secret, one moment, and what happens to a token then. */
final class VerifierFixture {
    static final byte[] SECRET = TokenForge.bytes("a secret for tests of 32 bytes..");
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final long EXP = NOW.getEpochSecond() + 3600;
    static final TokenForge FORGE = TokenForge.with(SECRET, "HmacSHA256");

    private VerifierFixture() {}

    static JwtTokenVerifierBuilder settings() {
        return JwtTokenVerifier.hmac(SECRET).clock(CLOCK);
    }

    /** Settings for keys that others have too, with what they make necessary. */
    static JwtTokenVerifierBuilder publicSettings(JwtKey key) {
        return publicSettings(JwtTokenVerifier.builder().key(key));
    }

    static JwtTokenVerifierBuilder publicSettings(JwtTokenVerifierBuilder settings) {
        return settings.clock(CLOCK).audience("robot-17").defaultPermissions(Permissions.none());
    }

    /** Claims with a good {@code exp} and some more members. */
    static String claims(String members) {
        return "{\"exp\":" + EXP + (members.isEmpty() ? "" : ",") + members + "}";
    }

    static AccessRequest request(String token) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
        return new AccessRequest(Optional.of(token), address, "/wss", Optional.empty());
    }

    static ClientPrincipal accept(TokenVerifier verifier, String token) throws Exception {
        return verifier.verify(request(token));
    }

    /** Checks that the owner of a token is told nothing of what it should be, and returns what the log is told. */
    static String untold(TokenVerifier verifier, String token) {
        TokenRejectedException refusal = refuse(verifier, token, Reason.TOKEN_INVALID);
        assertThat(refusal).hasMessage(Rejections.MESSAGE);
        return refusal.detail().orElseThrow();
    }

    /** Checks that a token is refused for a reason and that no piece of it gets into the message. */
    static TokenRejectedException refuse(TokenVerifier verifier, String token, Reason reason) {
        TokenRejectedException refusal =
                catchThrowableOfType(TokenRejectedException.class, () -> verifier.verify(request(token)));
        assertThat(refusal).as("refusal of %s", token).isNotNull();
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal).hasNoCause().hasNoSuppressedExceptions();
        for (String part : token.split("\\.", -1)) {
            if (part.length() >= 8) {
                assertThat(refusal.getMessage() + refusal.detail()).doesNotContain(part);
            }
        }
        return refusal;
    }
}
