package io.github.robotstream.internal.transport.jws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Where the system has no more threads to give. */
@Timeout(120)
class ThreadShortageTest {

    @Test
    @EnabledOnOs(OS.LINUX) // the limit is one of the shell's there
    void aTransportThatFindsNoThreadStartsNotAtAllAndLeavesNothing() throws Exception {
        try (ChildJvm child = ChildJvm.startWithAddressSpace(
                4_000_000, ThreadShortageProgram.class, List.of("-Xmx48m", "-XX:+UseSerialGC", "-Xss64m"))) {
            assertThat(child.exitCode()).as("%s", child.output()).isZero();
            assertThat(child.value("failed")).isEqualTo(ThreadShortageProgram.THREADS);
            assertThat(child.value("threadsLeft")).isZero();
            assertThat(child.value("portsLeft")).isZero();
            assertThat(child.value("started")).isEqualTo(1);
        }
    }
}
