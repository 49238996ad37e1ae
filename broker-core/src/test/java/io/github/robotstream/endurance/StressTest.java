package io.github.robotstream.endurance;

import io.github.robotstream.testing.Campaign;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds whatever happens at once: see {@link StressRun}. A few seeds in the build; by hand, for as long as one likes,
 * {@code -Dtest=StressTest -Drobotstream.stress.runs=1000 -Drobotstream.stress.seed=17}.
 */
class StressTest {
    private static final int RUNS = Campaign.length("stress.runs", 2, 6);
    private static final long FIRST_SEED = Campaign.firstSeed("stress.seed");
    private static final int MESSAGES = Campaign.length("stress.messages", 20_000, 20_000);

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + RUNS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void orderReplayAndCountsHold(long seed) throws Exception {
        new StressRun(seed, MESSAGES).run();
    }
}
