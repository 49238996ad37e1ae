package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By which hosts clients are told to connect. */
class ReachTest {
    @TempDir
    Path folder;

    private CertificateFile certificate(String... hosts) {
        StringWriter said = new StringWriter();
        String file = folder.resolve("c.pem").toString();
        String[] command = Stream.concat(
                        Stream.of("certificate", "--certificate", file, "--key", file + ".key"), Stream.of(hosts))
                .toArray(String[]::new);
        assertThat(RobotStreamDemo.run(new PrintWriter(said), new PrintWriter(said), command))
                .as(said.toString())
                .isZero();
        return new CertificateFile.FromFile().convert(file);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "192.0.2.7", "robot.local", "::1"})
    void withoutTlsItIsWhatItListensOn(String host) {
        assertThat(new Reach(host, Optional.empty()).hosts()).containsExactly(host);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0,127.0.0.1", "::,::1", "0:0:0:0:0:0:0:0,::1"})
    void onAllInterfacesThisMachineComesFirstAndNoWildcardIsAmongThem(String any, String first) {
        List<String> hosts = new Reach(any, Optional.empty()).hosts();
        assertThat(hosts).startsWith(first).doesNotContain(any).doesNotHaveDuplicates();
        assertThat(hosts).allSatisfy(host -> assertThat(host).doesNotContain("%"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1 | localhost 127.0.0.1 | 127.0.0.1 localhost",
                "127.0.0.1 | LOCALHOST robot     | localhost",
                "127.0.0.1 | robot.local 10.0.0.7|",
                "::1       | robot 0:0::1        | ::1",
                "localhost | 127.0.0.1           | 127.0.0.1",
                "10.0.0.7  | robot.local 10.0.0.7| 10.0.0.7",
                "robot     | Robot 10.0.0.7      | robot",
                "0.0.0.0   | robot 10.0.0.7      | robot 10.0.0.7",
                "0.0.0.0   | robot localhost     | localhost robot",
                "::        | robot 127.0.0.1 ::1 | ::1 127.0.0.1 robot"
            })
    void throughTlsItIsWhatTheCertificateIsFor(String host, String named, String told) {
        Reach reach = new Reach(host, Optional.of(certificate(named.split(" ", -1))));
        assertThat(reach.hosts()).isEqualTo(told == null ? List.of() : List.of(told.split(" ", -1)));
    }

    @Test
    void aCertificateForOtherHostsIsComplainedOf() {
        Reach reach = new Reach("127.0.0.1", Optional.of(certificate("robot", "::1")));
        assertThat(reach.complaint())
                .contains("c.pem is for [robot, ::1], not for 127.0.0.1", "robotstream-demo certificate 127.0.0.1");
    }
}
