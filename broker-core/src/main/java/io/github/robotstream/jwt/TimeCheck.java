package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_EXPIRED;

import io.github.robotstream.spi.TokenRejectedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a token is good (RFC 7519 sections 4.1.4 to 4.1.6). A clock before {@code clockIsSetFrom} was never set and judges
 * nothing.
 */
record TimeCheck(
        Clock clock,
        Duration skew,
        boolean expiryRequired,
        Optional<Duration> maxLifetime,
        Instant clockIsSetFrom,
        boolean trustedUntilThen) {

    /** The first instant at which the token is no longer good, which has not come yet; none if it has no expiry. */
    Optional<Instant> end(TokenClaims claims) throws TokenRejectedException, IOException {
        Optional<Instant> issued = claims.date("iat");
        Optional<Instant> notBefore = claims.date("nbf");
        Optional<Instant> expiry = claims.date("exp");
        if (expiryRequired && expiry.isEmpty()) {
            throw Rejections.because("token has no claim exp: tokens that never expire are not accepted");
        }
        Instant now = clock.instant();
        if (now.isBefore(clockIsSetFrom)) {
            if (!trustedUntilThen) {
                throw new IOException("the robot's clock shows " + now + ", so it is not set and cannot tell whether a"
                        + " token has expired: set it, or deliberately trustTokensUntilClockIsSet()");
            }
        } else {
            check(issued, notBefore, expiry, now);
        }
        return expiry.map(last -> last.plus(skew));
    }

    private void check(Optional<Instant> issued, Optional<Instant> notBefore, Optional<Instant> expiry, Instant now)
            throws TokenRejectedException {
        if (notBefore.isPresent() && now.plus(skew).isBefore(notBefore.get())) {
            throw Rejections.malformed(
                    "token is not valid before " + notBefore.get() + ": come back then, or set the clock");
        }
        if (expiry.isEmpty()) {
            return;
        }
        if (maxLifetime.isPresent()) {
            checkLifetime(issued, expiry.get(), now, maxLifetime.get());
        }
        if (!now.isBefore(expiry.get().plus(skew))) {
            throw new TokenRejectedException(TOKEN_EXPIRED, "token expired at " + expiry.get() + ": get a new one");
        }
    }

    /** Looks at what is left too: a claim iat may be missing, or a date to come. */
    private void checkLifetime(Optional<Instant> issued, Instant expiry, Instant now, Duration most)
            throws TokenRejectedException {
        if (expiry.isAfter(issued.orElse(now).plus(most))
                || expiry.isAfter(now.plus(skew).plus(most))) {
            throw Rejections.because("token is good for longer than " + most + ": get one of a shorter life");
        }
    }
}
