package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a session can go from each state, whatever comes together. */
class SessionStateTest {
    @ParameterizedTest
    @CsvSource({
        "NEW,     OPEN",
        "OPEN,    OPEN CLOSING LEFT",
        "CLOSING, CLOSING ENDED",
        "LEFT,    LEFT ENDED",
        "ENDED,   ENDED"
    })
    void noOtherWayCanBeTaken(SessionState from, String ways) {
        Set<SessionState> reached = EnumSet.noneOf(SessionState.class);
        for (int facts = 0; facts < 16; facts++) {
            reached.add(from.next((facts & 1) != 0, (facts & 2) != 0, (facts & 4) != 0, (facts & 8) != 0));
        }
        assertThat(reached).map(SessionState::name).containsExactlyInAnyOrder(ways.split(" "));
    }

    @Test
    void whatTheBrokerHasEndedDoesNothingMoreThoughItsClientHasLeftToo() {
        assertThat(SessionState.OPEN.next(true, true, false, false)).isEqualTo(SessionState.CLOSING);
        assertThat(SessionState.CLOSING.next(true, true, false, false)).isEqualTo(SessionState.ENDED);
        assertThat(SessionState.LEFT.next(true, true, false, false)).isEqualTo(SessionState.ENDED);
    }

    @Test
    void aClientThatHasLeftIsDoneWithWhenItsRequestsAre() {
        assertThat(SessionState.OPEN.next(false, true, true, false)).isEqualTo(SessionState.LEFT);
        assertThat(SessionState.LEFT.next(false, true, false, false)).isEqualTo(SessionState.LEFT);
        assertThat(SessionState.LEFT.next(false, true, true, false)).isEqualTo(SessionState.ENDED);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSING", "LEFT"})
    void whatWaitsForOthersDoesNotWaitForEver(SessionState waiting) {
        assertThat(waiting.isOnItsWayOut()).isTrue();
        assertThat(waiting.next(false, false, false, false)).isEqualTo(waiting);
        assertThat(waiting.next(false, false, false, true)).isEqualTo(SessionState.ENDED);
    }
}
