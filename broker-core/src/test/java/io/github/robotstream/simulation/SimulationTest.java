package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker, whatever is done to it in whatever order, keeps what docs/protocol.md promises. Run {@code
 * -Drobotstream.simulation.runs=1000000 -Drobotstream.simulation.seed=17} for more. A seed that fails is told with the actions that are
 * needed for that, and fails again alone with {@code runs=1}.
 */
class SimulationTest {
    private static final int RUNS = Integer.getInteger("robotstream.simulation.runs", 1_200);
    private static final long SEED = Long.getLong("robotstream.simulation.seed", 1);
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"[^\"]+\"");

    @Test
    void schedules() {
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Schedule schedule = Schedule.of(seed);
        Throwable fault = faultOf(schedule);
        if (fault != null) {
            Schedule least = least(schedule);
            Throwable why = faultOf(least);
            throw new AssertionError(least + "\n" + why.getMessage(), why);
        }
    }

    private static Throwable faultOf(Schedule schedule) {
        try {
            Simulation.run(schedule);
            return null;
        } catch (Exception | AssertionError e) {
            return e;
        }
    }

    /** A part of a schedule that fails, of which no action can be left out. */
    private static Schedule least(Schedule failing) {
        Schedule least = failing;
        for (int count = 16; count > 0; count /= 2) {
            for (int i = 0; i < least.actions.size(); ) {
                Schedule less = least.without(i, count);
                if (faultOf(less) != null) {
                    least = less;
                } else {
                    i += count;
                }
            }
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 5, 8, 13, 21, 34, 55})
    void aSeedMakesTheSameHappenAgain(long seed) throws Exception {
        List<String> once = withoutEpochs(Simulation.run(Schedule.of(seed)));
        assertThat(withoutEpochs(Simulation.run(Schedule.of(seed)))).isEqualTo(once);
        assertThat(once).hasSizeGreaterThan(100);
    }

    /** Their names are chance: what is left is which they are. */
    private static List<String> withoutEpochs(List<String> transcript) {
        Map<String, String> numbers = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : transcript) {
            lines.add(EPOCH.matcher(line)
                    .replaceAll(
                            found -> numbers.computeIfAbsent(found.group(), epoch -> "\"epoch\":" + numbers.size())));
        }
        return lines;
    }
}
