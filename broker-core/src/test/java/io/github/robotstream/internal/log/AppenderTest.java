package io.github.robotstream.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Robot code whose appender hands log lines to the broker has each line once. */
@Timeout(120)
class AppenderTest {
    @ParameterizedTest
    @ValueSource(strings = {"inline", "queued"})
    void anAppenderThatLogsThroughTheBrokerDoesNotFeedOnItself(String appender) throws Exception {
        List<String> provider = List.of("-Dslf4j.provider=" + AppenderProvider.class.getName());
        try (ChildJvm robot = ChildJvm.start(AppendingRobot.class, provider, appender)) {
            assertThat(robot.exitCode()).isZero();
            assertThat(robot.output())
                    .filteredOn(line -> line.contains("battery"))
                    .singleElement()
                    .asString()
                    .matches("io\\.github\\.robotstream\\.robot - battery: low \\[origin=robot run=[0-9a-f]{8}]");
            assertThat(robot.output())
                    .as("a line of the broker's comes back once at most")
                    .noneMatch(line -> line.indexOf("origin=robot") < line.lastIndexOf("origin=robot"));
        }
    }
}
