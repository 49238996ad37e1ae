package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process for which the system has no threads any more. */
@EnabledOnOs(OS.LINUX)
@Timeout(200)
class NoThreadTest {
    private static final long ADDRESS_SPACE = 16L << 20;
    private static final List<String> OPTIONS = List.of(
            "-Xss1g", // so that a few threads use up the address space, and all else still finds some
            "-Xmx64m",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:CompressedClassSpaceSize=64m",
            "-XX:+UseSerialGC");

    @Test
    void aListenerIsRunOnceThereAreThreadsAgainAndCloseNeedsNone() throws Exception {
        try (ChildJvm robot = ChildJvm.startWithAddressSpace(ADDRESS_SPACE, NoThreadRobot.class, OPTIONS)) {
            assertThat(robot.value("heardWithoutThread"))
                    .as("else it is no test")
                    .isZero();
            assertThat(robot.value("heardLater")).as("%s", robot.output()).isOne();
            assertThat(robot.value("closed")).as("%s", robot.output()).isOne();
            assertThat(robot.exitCode()).isZero();
        }
    }
}
