package io.github.robotstream.jwt;

import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;

import io.github.robotstream.spi.TokenRejectedException;

/**
 * Refuses a token that is not what this robot takes. Its owner is told the same whatever the cause, so that nobody finds out by
 * trying which algorithms, keys, issuers or audiences would do; the robot's log is told what would.
 */
final class Rejections {
    /** All that the client is told. */
    static final String MESSAGE = "this robot does not take the token; the robot's log says why";

    private static final int MOST_QUOTED = 100;

    private Rejections() {}

    /** A refusal; {@code why} is for the log, and may quote nothing whose signature was not found good. */
    static TokenRejectedException because(String why) {
        return new TokenRejectedException(TOKEN_INVALID, MESSAGE, why);
    }

    /** A refusal of which the token's owner is told all there is to tell. */
    static TokenRejectedException malformed(String message) {
        return new TokenRejectedException(TOKEN_INVALID, message);
    }

    /** What a claim says, and no more of it than a log should hold. */
    static String quoted(String claim) {
        return "'" + (claim.length() <= MOST_QUOTED ? claim : claim.substring(0, MOST_QUOTED) + "…") + "'";
    }
}
