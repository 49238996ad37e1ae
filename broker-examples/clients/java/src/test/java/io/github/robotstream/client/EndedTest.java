package io.github.robotstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What follows from the end of a connection: the table of close codes, and the wait. */
class EndedTest {
    @Test
    void theTableOfCloseCodesIsFollowed() {
        for (int code : new int[] {1000, 1002, 1007, 1008, 1009, 4403, 4409}) {
            assertThat(Ended.closed(code, "").again()).as("%d", code).isFalse();
        }
        for (int code : new int[] {1001, 1005, 1006, 1011, 1012, 1013, 4401, 4408, 4429}) {
            assertThat(Ended.closed(code, "").again()).as("%d", code).isTrue();
        }
        assertThat(Ended.closed(4401, "token_expired: x").tokenRefused()).isTrue();
        assertThat(Ended.closed(1013, "overloaded retry_after_ms=4000").afterMillis())
                .isEqualTo(4000);
    }

    @Test
    void theTableOfStatusesIsFollowed() {
        for (int status : new int[] {301, 400, 403, 404, 405, 426, 431}) {
            assertThat(Ended.refused(status, "").again()).as("%d", status).isFalse();
        }
        for (int status : new int[] {401, 408, 429, 500, 502, 503}) {
            assertThat(Ended.refused(status, "").again()).as("%d", status).isTrue();
        }
        assertThat(Ended.refused(401, "").tokenRefused()).isTrue();
        assertThat(Ended.refused(503, "2").afterMillis()).isEqualTo(2000);
        assertThat(Ended.refused(503, "Fri, 31 Dec 1999 23:59:59 GMT").afterMillis())
                .isZero();
    }

    @Test
    void theWaitGrowsAndBeginsAnewAfterAConnectionThatLasted() {
        Backoff backoff = new Backoff(() -> 1);
        List<Long> waits =
                LongStream.range(0, 8).mapToObj(n -> backoff.delayMillis(0)).toList();
        assertThat(waits).containsExactly(250L, 500L, 1000L, 2000L, 4000L, 8000L, 15000L, 15000L);
        backoff.lasted(1000);
        assertThat(backoff.delayMillis(0)).isEqualTo(15000);
        backoff.lasted(6000);
        assertThat(backoff.delayMillis(4000)).isEqualTo(4250);
        assertThat(new Backoff(() -> 0).delayMillis(0)).isEqualTo(125);
    }
}
