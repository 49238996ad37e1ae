package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However full the tables are, no request of a client holds up others. */
class WorstRequestsTest {
    private static final double LARGEST_MILLIS = 500; // ten times what is promised

    @Test
    @Timeout(120)
    void aClientThatDoesItsWorstMakesNoGapInAnothersTopic() throws Exception {
        assertThat(new WorstRequests(Duration.ofSeconds(4)).largestGapMillis(true))
                .isLessThan(LARGEST_MILLIS);
    }
}
