package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ChildJvm;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "192.168.1.255, 192.168.1.255",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "fe80::, fe80:0:0:0:0:0:0:0",
        "2001:DB8::0008:800:200c:417a, 2001:db8:0:0:8:800:200c:417a",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
        "1:2:3:4:5:6:192.0.2.33, 1:2:3:4:5:6:c000:221",
        "::ffff:192.0.2.33, 192.0.2.33",
        "::ffff:c000:221, 192.0.2.33",
    })
    void anAddressIsRead(String text, String address) {
        assertThat(IpLiteral.parse(text)).map(InetAddress::getHostAddress).hasValue(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ":",
                ":::",
                ".a:b",
                ".:",
                "a.b:c",
                "localhost",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "0x1.2.3.4",
                "1.2.3.4 ",
                "١.2.3.4",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4::5:6:7:8",
                "1::2::3",
                "12345::",
                ":1::2",
                "1::2:",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1%eth0",
                "[::1]",
                "::g",
                "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"
            })
    void anythingElseIsNone(String text) {
        assertThat(IpLiteral.parse(text)).isEmpty();
    }

    @Test
    void whatTheJdkWritesIsReadAsTheSameAddress() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            InetAddress address = InetAddress.getByAddress(bytes);
            assertThat(IpLiteral.parse(address.getHostAddress())).hasValue(address);
        }
    }

    /** In a JVM whose resolver knows a name that looks like an address. */
    @Test
    void noNameIsEverLookedUp(@TempDir Path folder) throws Exception {
        Path names = Files.writeString(folder.resolve("hosts"), "192.0.2.1 .a:b\n");
        try (ChildJvm child = ChildJvm.start(LooksUp.class, List.of("-Djdk.net.hosts.file=" + names), ".a:b")) {
            assertThat(child.exitCode()).as("%s", child.output()).isZero();
            assertThat(child.output()).containsExactly("Optional.empty");
        }
    }

    static final class LooksUp {
        private LooksUp() {}

        public static void main(String[] args) {
            System.out.println(IpLiteral.parse(args[0]));
        }
    }
}
