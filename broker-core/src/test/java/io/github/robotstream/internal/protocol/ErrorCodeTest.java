package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    /** Clients hold on to these: a change here is a change of the protocol. */
    @Test
    void codesAreAContract() {
        String codes = Arrays.stream(ErrorCode.values())
                .map(code -> code.word() + " " + code.status() + (code.retry() ? " retry" : ""))
                .collect(Collectors.joining("\n"));
        assertThat(codes).isEqualTo("""
            bad_json 400
            bad_request 400
            unknown_action 400
            bad_topic 400
            unauthorized 401
            token_expired 401
            forbidden 403
            not_subscribed 404
            unknown_service 404
            stale 408
            history_gap 410
            too_large 413
            type_mismatch 422
            lease_held 423 retry
            lease_required 428
            too_many_subscriptions 429
            too_many_topics 429 retry
            rate_limited 429 retry
            cancelled 499
            internal 500
            call_failed 500
            overloaded 503 retry
            timeout 504\
            """);
    }
}
