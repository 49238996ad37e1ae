package io.github.robotstream.internal.protocol;

/** What an error frame may say. The word is the contract with clients, the status borrows HTTP's numbers. */
public enum ErrorCode {
    BAD_JSON("bad_json", 400, false),
    BAD_REQUEST("bad_request", 400, false),
    UNKNOWN_ACTION("unknown_action", 400, false),
    BAD_TOPIC("bad_topic", 400, false),
    UNAUTHORIZED("unauthorized", 401, false),
    TOKEN_EXPIRED("token_expired", 401, false),
    FORBIDDEN("forbidden", 403, false),
    NOT_SUBSCRIBED("not_subscribed", 404, false),
    UNKNOWN_SERVICE("unknown_service", 404, false),
    STALE("stale", 408, false),
    HISTORY_GAP("history_gap", 410, false),
    TOO_LARGE("too_large", 413, false),
    TYPE_MISMATCH("type_mismatch", 422, false),
    LEASE_HELD("lease_held", 423, true),
    LEASE_REQUIRED("lease_required", 428, false),
    TOO_MANY_SUBSCRIPTIONS("too_many_subscriptions", 429, false),
    /** Topics that nobody uses expire, so there may be room later. */
    TOO_MANY_TOPICS("too_many_topics", 429, true),
    RATE_LIMITED("rate_limited", 429, true),
    /** The client gave the call up, or its session may not call the service any more. */
    CANCELLED("cancelled", 499, false),
    INTERNAL("internal", 500, false),
    CALL_FAILED("call_failed", 500, false),
    OVERLOADED("overloaded", 503, true),
    /** What was asked may have been done all the same. */
    TIMEOUT("timeout", 504, false);

    private final String word;
    private final int status;
    private final boolean retry;

    ErrorCode(String word, int status, boolean retry) {
        this.word = word;
        this.status = status;
        this.retry = retry;
    }

    public String word() {
        return word;
    }

    /** The number that HTTP would use. */
    public int status() {
        return status;
    }

    /** Whether the same request can succeed later, without the client doing anything but wait. */
    public boolean retry() {
        return retry;
    }

    /**
     * Whether the request is to blame, and not the time that it took, what other clients do, or the robot: a client whose requests are right
     * meets with those as well.
     */
    public boolean isFault() {
        return switch (this) {
            case STALE, HISTORY_GAP, LEASE_REQUIRED, CANCELLED, INTERNAL, CALL_FAILED, TIMEOUT -> false;
            default -> !retry;
        };
    }
}
