package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Robot code that runs out of stack in a call of the broker has an error of its own, and takes nothing from the broker. */
@Timeout(200)
class DeepStackTest {
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-Xmixed"})
    void theBrokerServesThoughCallsOverflowTheStackAtEveryDepth(String compiler) throws Exception {
        try (ChildJvm robot = ChildJvm.start(DeepStackRobot.class, List.of(compiler, "-Xmx128m"))) {
            assertThat(robot.value("overflows")).isPositive();
            assertThat(robot.value("serves")).as("%s", robot.output()).isOne();
            assertThat(robot.value("accounted")).isEqualTo(robot.value("offered"));
            assertThat(robot.exitCode()).isZero();
        }
    }
}
