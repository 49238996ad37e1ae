package io.github.robotstream.client;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a connection ended, or why there was none, and what to do: the table of close codes of {@code docs/protocol.md}.
 *
 * @param code close code or HTTP status; 1006 if the connection was lost, 0 if there was none
 * @param again whether to come back
 * @param tokenRefused whether to come back only with another token
 * @param afterMillis how long to wait at the least
 */
record Ended(int code, String reason, boolean again, boolean tokenRefused, long afterMillis) {
    private static final Set<Integer> STOP_CODES = Set.of(1000, 1002, 1003, 1007, 1008, 1009, 1010, 4403, 4409);
    private static final Set<Integer> STOP_STATUSES = Set.of(400, 403, 404, 405, 410, 426, 431, 501);
    private static final Pattern RETRY_AFTER = Pattern.compile("retry_after_ms=(\\d{1,9})");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

    static Ended closed(int code, String reason) {
        Matcher wait = RETRY_AFTER.matcher(reason);
        return new Ended(
                code,
                reason,
                !STOP_CODES.contains(code),
                code == 4401,
                wait.find() ? Long.parseLong(wait.group(1)) : 0);
    }

    static Ended refused(int status, String retryAfter) {
        long wait = SECONDS.matcher(retryAfter).matches() ? 1000 * Long.parseLong(retryAfter) : 0;
        boolean again = !STOP_STATUSES.contains(status) && status >= 400;
        // The JDK's client does not show what is written beside the status.
        String hint = status == 400 ? ": if the robot serves TLS, use wss://" : "";
        return new Ended(status, "refused with HTTP status " + status + hint, again, status == 401, wait);
    }

    static Ended lost(String reason) {
        return new Ended(1006, reason, true, false, 0);
    }

    static Ended unreached(String reason) {
        return new Ended(0, reason, true, false, 0);
    }

    Ended forGood() {
        return new Ended(code, reason, false, tokenRefused, afterMillis);
    }
}
