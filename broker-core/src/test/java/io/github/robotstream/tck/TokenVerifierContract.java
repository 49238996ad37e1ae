package io.github.robotstream.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenRejectedException.Reason;
import io.github.robotstream.spi.TokenVerifier;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the broker relies on in a {@link TokenVerifier}. Extend it, with JUnit Jupiter and AssertJ on your test class path,
 * and hand in your verifier and tokens for it; the tests come along.
 *
 * <p>The tokens must be good, expired or bad whenever the tests run: make them when asked, or give the verifier a clock
 * that stands.
 *
 * <pre>{@code
 * class BadgesTest extends TokenVerifierContract {
 *     @Override
 *     protected TokenVerifier verifier() {
 *         return request -> request.token()
 *                 .filter("4711"::equals)
 *                 .map(badge -> ClientPrincipal.of("the night watch", expectedPermissions()))
 *                 .orElseThrow(() -> new TokenRejectedException(Reason.TOKEN_INVALID, "this badge is not known here"));
 *     }
 *
 *     @Override
 *     protected String goodToken() {
 *         return "4711";
 *     }
 *
 *     @Override
 *     protected String expectedName() {
 *         return "the night watch";
 *     }
 *
 *     @Override
 *     protected Permissions expectedPermissions() {
 *         return Permissions.none().subscribe("#");
 *     }
 *
 *     @Override
 *     protected Optional<String> expiredToken() {
 *         return Optional.empty();
 *     }
 *
 *     @Override
 *     protected List<String> badTokens() {
 *         return List.of("4712");
 *     }
 * }
 * }</pre>
 */
@NullMarked
@Timeout(50)
public abstract class TokenVerifierContract {
    private static final int THREADS = 8;
    private static final int ROUNDS = 50;

    /** A message may by chance have so many characters in a row in common with a token, but not more. */
    private static final int HARMLESS = 11;

    private TokenVerifier verifier = request -> {
        throw new IllegalStateException("no verifier yet");
    };

    /** For those who extend it. */
    protected TokenVerifierContract() {}

    /**
     * The verifier under test, asked for before each test.
     *
     * @return a verifier with the settings that your users have
     * @throws Exception if it cannot be made: the test fails
     */
    protected abstract TokenVerifier verifier() throws Exception;

    /**
     * A token that gets in.
     *
     * @return at least 16 characters
     */
    protected abstract String goodToken();

    /**
     * Who the owner of {@link #goodToken} is.
     *
     * @return the name of its principal
     */
    protected abstract String expectedName();

    /**
     * What the owner of {@link #goodToken} may do.
     *
     * @return the permissions of its principal
     */
    protected abstract Permissions expectedPermissions();

    /**
     * A token that got in once and is over by now.
     *
     * @return the token, or empty if your tokens never end
     */
    protected abstract Optional<String> expiredToken();

    /**
     * Tokens that must not get in, such as an attacker would make who knows all but the key: the interesting ones are
     * those that differ from a good one in little.
     *
     * @return at least one token
     */
    protected abstract List<String> badTokens();

    /**
     * What the broker hands over; override it if your verifier looks at address, path or origin.
     *
     * @param token the token, or empty if the client sent none
     * @return a request from this machine for {@code /wss}
     */
    protected AccessRequest request(Optional<String> token) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
        return new AccessRequest(token, address, "/wss", Optional.empty());
    }

    /**
     * Gets the verifier for the next test.
     *
     * @throws Exception if it cannot be made
     */
    @BeforeEach
    public final void makeVerifier() throws Exception {
        verifier = verifier();
    }

    /** A good token gives its owner's name, permissions and, if tokens end, the end. */
    @Test
    public void aGoodTokenGivesWhoItIsAndWhatItMayDo() throws Exception {
        ClientPrincipal principal = accept(goodToken());
        assertThat(principal.name()).isEqualTo(expectedName());
        assertThat(principal.permissions()).isEqualTo(expectedPermissions());
        if (expiredToken().isPresent()) {
            assertThat(principal.expiresAt())
                    .as("end of a principal whose token ends")
                    .isPresent();
        }
    }

    /** No token, or an empty one, is TOKEN_MISSING. */
    @Test
    public void noTokenIsRefusedAsMissing() {
        refuse(Optional.empty(), Reason.TOKEN_MISSING);
        refuse(Optional.of(""), Reason.TOKEN_MISSING);
    }

    /** An expired token is TOKEN_EXPIRED, so that the client knows to get a new one. */
    @Test
    public void anExpiredTokenIsRefusedAsExpired() {
        assumeTrue(expiredToken().isPresent(), "tokens of this verifier never end");
        refuse(expiredToken(), Reason.TOKEN_EXPIRED);
    }

    /** Each of {@link #badTokens} is TOKEN_INVALID. */
    @Test
    public void badTokensAreRefusedAsInvalid() {
        assertThat(badTokens()).isNotEmpty();
        for (String token : badTokens()) {
            refuse(Optional.of(token), Reason.TOKEN_INVALID);
        }
    }

    /** A good token with something missing, changed or added is TOKEN_INVALID. */
    @Test
    public void aGoodTokenThatWasTamperedWithIsRefusedAsInvalid() {
        String good = goodToken();
        int middle = good.length() / 2;
        char other = good.charAt(middle) == 'x' ? 'y' : 'x';
        List<String> tampered = List.of(
                good.substring(0, good.length() - 1),
                good.substring(1),
                good.substring(0, middle) + good.substring(middle + 1),
                good.substring(0, middle) + other + good.substring(middle + 1),
                good + "x",
                "x" + good,
                good + good,
                good + " ",
                good + "\u0000",
                "Bearer " + good);
        for (String token : tampered) {
            refuse(Optional.of(token), Reason.TOKEN_INVALID);
        }
    }

    /** What is no token at all, whatever characters it has, is TOKEN_INVALID and nothing worse. */
    @Test
    public void garbageIsRefusedAsInvalid() {
        List<String> garbage = List.of(
                " ",
                ".",
                "..",
                "...",
                "\u0000",
                "\r\n",
                "%00",
                "null",
                "{}",
                "\ud83e",
                "\ufeff",
                "\u202e\u00e9\ud83e\udd16",
                "=".repeat(64),
                "\uffff".repeat(64),
                "'; --" + "k3f9".repeat(8),
                "a.b.c",
                "eyJhbGciOiJub25lIn0.e30.");
        for (String token : garbage) {
            refuse(Optional.of(token), Reason.TOKEN_INVALID);
        }
    }

    /** A token of a megabyte is refused; none longer than 16 KiB comes from the broker. */
    @Test
    public void anOversizedTokenIsRefusedAsInvalid() {
        refuse(Optional.of("x".repeat(16 * 1024 + 1)), Reason.TOKEN_INVALID);
        refuse(Optional.of(".".repeat(1 << 20)), Reason.TOKEN_INVALID);
        refuse(Optional.of(goodToken() + "k3f9".repeat(1 << 18)), Reason.TOKEN_INVALID);
    }

    /** Neither verifier nor principal has the token in its text: both get into logs. */
    @Test
    public void aGoodTokenIsInNoText() throws Exception {
        ClientPrincipal principal = accept(goodToken());
        assertHidden(goodToken(), principal.toString() + principal.attributes());
        assertHidden(goodToken(), verifier.toString());
    }

    /** One verdict leaves nothing behind for the next, neither a good one nor a bad one. */
    @Test
    public void eachTokenIsJudgedByItself() throws Exception {
        for (String bad : badTokens()) {
            assertThat(accept(goodToken()).name()).isEqualTo(expectedName());
            refuse(Optional.of(bad), Reason.TOKEN_INVALID);
            refuse(Optional.empty(), Reason.TOKEN_MISSING);
        }
        assertThat(accept(goodToken()).name()).isEqualTo(expectedName());
    }

    /** The broker calls it from several threads at once. */
    @Test
    public void severalThreadsGetTheSameVerdicts() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> rounds = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                rounds.add(pool.submit((Callable<?>) () -> {
                    start.await();
                    judgeOften();
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> round : rounds) {
                round.get(40, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void judgeOften() throws Exception {
        List<String> bad = badTokens();
        for (int i = 0; i < ROUNDS; i++) {
            ClientPrincipal principal = accept(goodToken());
            assertThat(principal.name()).isEqualTo(expectedName());
            assertThat(principal.permissions()).isEqualTo(expectedPermissions());
            refuse(Optional.of(bad.get(i % bad.size())), Reason.TOKEN_INVALID);
        }
    }

    private ClientPrincipal accept(String token) throws Exception {
        ClientPrincipal principal = verifier.verify(request(Optional.of(token)));
        assertThat(principal).as("principal of a good token").isNotNull();
        return principal;
    }

    private void refuse(Optional<String> token, Reason reason) {
        assertThatThrownBy(() -> verifier.verify(request(token)))
                .as("refusal of %s", token)
                .isInstanceOfSatisfying(TokenRejectedException.class, refusal -> {
                    assertThat(refusal.reason())
                            .as("reason for refusing %s", token)
                            .isEqualTo(reason);
                    assertThat(refusal.getMessage()).as("message, for people").isNotBlank();
                    assertHidden(token.orElse(""), everyTextOf(refusal) + refusal.detail());
                });
    }

    /** All that a log could print of it: messages of causes and suppressed exceptions too. */
    private static String everyTextOf(Exception refusal) {
        StringWriter text = new StringWriter();
        refusal.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static void assertHidden(String token, String text) {
        for (int i = 0; i + HARMLESS < token.length() && i < 4_096; i++) {
            String piece = token.substring(i, i + HARMLESS + 1);
            if (text.contains(piece)) {
                throw new AssertionError("a piece of the token is in: " + text);
            }
        }
    }
}
