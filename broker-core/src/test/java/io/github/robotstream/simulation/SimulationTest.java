package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.Campaign;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker, whatever is done to it in whatever order, keeps what docs/protocol.md promises. Run {@code
 * -Drobotstream.simulation.runs=1000000 -Drobotstream.simulation.seed=17} for more. A seed that fails is told with the actions that are
 * needed for that, and fails again alone with {@code runs=10}.
 */
class SimulationTest {
    private static final int RUNS = Campaign.length("simulation.runs", 240, 1_200);
    private static final long SEED = Campaign.firstSeed("simulation.seed");

    @Test
    void schedules() {
        check(RUNS, BrokerActions::of);
    }

    @Test
    void commandSchedules() {
        check(RUNS / 6, CommandActions::of);
    }

    @Test
    void historySchedules() {
        check(RUNS / 6, HistoryActions::of);
    }

    @Test
    void listenerSchedules() {
        check(RUNS, ListenerActions::of);
    }

    @Test
    void tokenSchedules() {
        check(RUNS / 3, TokenActions::of);
    }

    @Test
    void storeSchedules() {
        check(RUNS / 12, StoreActions::of);
    }

    private static void check(int runs, LongFunction<Schedule<?>> schedules) {
        for (long seed = SEED; seed < SEED + runs; seed++) {
            schedules.apply(seed).check();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 5, 8, 13, 21, 34, 55})
    void aSeedMakesTheSameHappenAgain(long seed) throws Exception {
        for (LongFunction<Schedule<?>> schedules : List.<LongFunction<Schedule<?>>>of(
                BrokerActions::of,
                CommandActions::of,
                HistoryActions::of,
                ListenerActions::of,
                StoreActions::of,
                TokenActions::of)) {
            List<String> once = schedules.apply(seed).run();
            assertThat(schedules.apply(seed).run()).isEqualTo(once);
            assertThat(once).hasSizeGreaterThan(60);
        }
    }
}
