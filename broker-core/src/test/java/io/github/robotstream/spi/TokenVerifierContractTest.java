package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.TokenRejectedException.Reason;
import io.github.robotstream.tck.TokenVerifierContract;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract finds the faults it is there for. */
class TokenVerifierContractTest {
    private static final String GOOD = "good-Zx81kQw07PmN";
    private static final String EXPIRED = "over-Tt55aBc92LkJ";
    private static final String BAD = "evil-Hh33vUy48RsD";
    private static final Permissions POSE = Permissions.none().subscribe("pose");
    private static final ClientPrincipal OWNER =
            ClientPrincipal.of("operator-3", POSE).expiringAt(Instant.MAX);

    private static final TokenVerifier SOUND = request -> {
        String token = request.token().orElse("");
        return switch (token) {
            case GOOD -> OWNER;
            case EXPIRED -> throw new TokenRejectedException(Reason.TOKEN_EXPIRED, "get a new one");
            case "" -> throw new TokenRejectedException(Reason.TOKEN_MISSING, "send one");
            default -> throw new TokenRejectedException(Reason.TOKEN_INVALID, "send a good one");
        };
    };

    /** The contract's run for one verifier. */
    private static final class Run extends TokenVerifierContract {
        private final TokenVerifier verifier;

        Run(TokenVerifier verifier) throws Exception {
            this.verifier = verifier;
            makeVerifier();
        }

        @Override
        protected TokenVerifier verifier() {
            return verifier;
        }

        @Override
        protected String goodToken() {
            return GOOD;
        }

        @Override
        protected String expectedName() {
            return "operator-3";
        }

        @Override
        protected Permissions expectedPermissions() {
            return POSE;
        }

        @Override
        protected Optional<String> expiredToken() {
            return Optional.of(EXPIRED);
        }

        @Override
        protected List<String> badTokens() {
            return List.of(BAD);
        }
    }

    /** A verifier that is sound but for one token. */
    private static Run soundBut(String token, TokenVerifier fault) throws Exception {
        return new Run(request -> (request.token().orElse("").equals(token) ? fault : SOUND).verify(request));
    }

    private static void finds(ThrowingCallable test) {
        assertThatThrownBy(test).isInstanceOf(AssertionError.class);
    }

    @Test
    void aSoundVerifierPasses() throws Exception {
        Run run = new Run(SOUND);
        List<ThrowingCallable> tests = List.of(
                run::aGoodTokenGivesWhoItIsAndWhatItMayDo,
                run::noTokenIsRefusedAsMissing,
                run::anExpiredTokenIsRefusedAsExpired,
                run::badTokensAreRefusedAsInvalid,
                run::aGoodTokenThatWasTamperedWithIsRefusedAsInvalid,
                run::garbageIsRefusedAsInvalid,
                run::anOversizedTokenIsRefusedAsInvalid,
                run::aGoodTokenIsInNoText,
                run::eachTokenIsJudgedByItself,
                run::severalThreadsGetTheSameVerdicts);
        for (ThrowingCallable test : tests) {
            assertThatCode(test).doesNotThrowAnyException();
        }
    }

    @Test
    void itFindsWrongNamePermissionsOrEnd() throws Exception {
        finds(
                soundBut(GOOD, request -> ClientPrincipal.of("other", POSE).expiringAt(Instant.MAX))
                        ::aGoodTokenGivesWhoItIsAndWhatItMayDo);
        finds(
                soundBut(
                        GOOD,
                        request -> ClientPrincipal.of("operator-3", Permissions.all())
                                .expiringAt(Instant.MAX))::aGoodTokenGivesWhoItIsAndWhatItMayDo);
        finds(soundBut(GOOD, request -> ClientPrincipal.of("operator-3", POSE))::aGoodTokenGivesWhoItIsAndWhatItMayDo);
    }

    @Test
    void itFindsAVerifierThatLetsEverybodyIn() throws Exception {
        Run run = new Run(request -> OWNER);
        finds(run::noTokenIsRefusedAsMissing);
        finds(run::anExpiredTokenIsRefusedAsExpired);
        finds(run::badTokensAreRefusedAsInvalid);
        finds(run::aGoodTokenThatWasTamperedWithIsRefusedAsInvalid);
        finds(run::garbageIsRefusedAsInvalid);
        finds(run::anOversizedTokenIsRefusedAsInvalid);
        finds(run::eachTokenIsJudgedByItself);
        finds(() -> unwrap(run::severalThreadsGetTheSameVerdicts));
    }

    @Test
    void itFindsAVerifierThatTrimsTokens() throws Exception {
        finds(soundBut(GOOD + " ", request -> OWNER)::aGoodTokenThatWasTamperedWithIsRefusedAsInvalid);
    }

    @Test
    void itFindsAWrongReason() throws Exception {
        TokenVerifier invalid = request -> {
            throw new TokenRejectedException(Reason.TOKEN_INVALID, "no");
        };
        finds(soundBut("", invalid)::noTokenIsRefusedAsMissing);
        finds(soundBut(EXPIRED, invalid)::anExpiredTokenIsRefusedAsExpired);
    }

    @Test
    void itFindsAnExceptionThatIsNoRefusal() throws Exception {
        finds(soundBut("..", request -> {
            throw new ArrayIndexOutOfBoundsException(1);
        })::garbageIsRefusedAsInvalid);
    }

    @Test
    void itFindsATokenInTheMessageTheDetailOrACause() throws Exception {
        finds(soundBut(BAD, request -> {
            throw new TokenRejectedException(Reason.TOKEN_INVALID, "no: " + BAD.substring(2));
        })::badTokensAreRefusedAsInvalid);
        finds(soundBut(BAD, request -> {
            throw new TokenRejectedException(Reason.TOKEN_INVALID, "no", "no: " + BAD.substring(2));
        })::badTokensAreRefusedAsInvalid);
        finds(soundBut(BAD, request -> {
            TokenRejectedException refusal = new TokenRejectedException(Reason.TOKEN_INVALID, "no");
            refusal.initCause(new IllegalArgumentException(BAD));
            throw refusal;
        })::badTokensAreRefusedAsInvalid);
    }

    @Test
    void itFindsATokenInThePrincipal() throws Exception {
        finds(soundBut(GOOD, request -> OWNER.withAttributes(Map.of("raw", GOOD)))::aGoodTokenIsInNoText);
    }

    @Test
    void itFindsAVerifierThatRemembersTheLastOne() throws Exception {
        AtomicReference<ClientPrincipal> last = new AtomicReference<>();
        finds(new Run(request -> {
            ClientPrincipal present = last.get();
            if (present == null || request.token().isEmpty()) {
                present = SOUND.verify(request);
                last.set(present);
            }
            return present;
        })::eachTokenIsJudgedByItself);
    }

    /** A thread's fault comes wrapped. */
    private static void unwrap(ThrowingCallable test) throws Throwable {
        try {
            test.call();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
