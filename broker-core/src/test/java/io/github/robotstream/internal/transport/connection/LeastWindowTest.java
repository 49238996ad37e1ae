package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The least window shrinks as long as that costs no throughput. */
class LeastWindowTest {
    private final LeastWindow least = new LeastWindow();
    private long read;
    private int seconds;

    LeastWindowTest() {
        least.read(0, 0);
    }

    @Test
    void isNotMadeSmallerBeforeASecondTellsHowMuchTheClientReads() {
        LeastWindow late = new LeastWindow();
        late.wants(100);
        late.read(10_000, TimeUnit.HOURS.toNanos(1));

        assertThat(late.bytes()).isEqualTo(LeastWindow.MOST_BYTES);
    }

    @Test
    void whereWhatWaitsIsConflatedItBeginsSmallAndIsLargerOnlyAfterThatCostThroughput() {
        least.reset(true);
        second(10_000, true);
        second(10_000, true);
        assertThat(least.bytes()).isEqualTo(LeastWindow.LEAST_BYTES);
        second(5000, true);

        assertThat(least.bytes()).isEqualTo(LeastWindow.MOST_CONFLATED_BYTES);
    }

    @Test
    void staysAsItIsWhileNoPongIsLate() {
        second(10_000, false);
        second(10_000, false);

        assertThat(least.bytes()).isEqualTo(LeastWindow.MOST_BYTES);
    }

    @Test
    void shrinksToItsLeastWhileASlowClientReadsAsMuchAsBefore() {
        second(10_000, true);
        second(10_000, true);
        assertThat(least.bytes()).isEqualTo(LeastWindow.LEAST_BYTES);
        second(7500, true);

        assertThat(least.bytes()).isEqualTo(LeastWindow.LEAST_BYTES);
    }

    @Test
    void isAsLargeAsEverForTenSecondsWhereItCostsThroughput() {
        second(10_000, true);
        assertThat(least.bytes()).isEqualTo(LeastWindow.MOST_BYTES / 4);
        for (int i = 0; i < 11; i++) {
            second(5000, true);
            assertThat(least.bytes()).as("after %d s", i).isEqualTo(LeastWindow.MOST_BYTES);
        }
        second(5000, true);

        assertThat(least.bytes()).isEqualTo(LeastWindow.MOST_BYTES / 4);
    }

    @Test
    void restsTwiceAsLongAtEachFurtherTime() {
        int changes = 0;
        int at = 0;
        long before = least.bytes();
        int[] pauses = new int[8];
        while (changes < pauses.length) {
            second(least.bytes(), true); // what a slow way carries
            at++;
            if (least.bytes() != before) {
                pauses[changes++] = at;
                at = 0;
                before = least.bytes();
            }
        }

        assertThat(pauses).containsExactly(1, 1, 11, 1, 21, 1, 41, 1);
    }

    @Test
    void doesNotTakeARobotThatPublishesLessForASlowWay() {
        second(10_000, true);
        second(1000, false);

        assertThat(least.bytes()).isEqualTo(LeastWindow.MOST_BYTES / 4);
    }

    private void second(long bytes, boolean late) {
        if (late) {
            least.wants(100);
        }
        read += bytes;
        seconds++;
        least.read(read, TimeUnit.SECONDS.toNanos(seconds));
    }
}
