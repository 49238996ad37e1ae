package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.IpLiteral;
import io.github.robotstream.testing.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedAttemptsTest {
    private static final InetAddress PROXY = address("10.0.0.1");
    private static final InetAddress ONE = address("203.0.113.1");

    private final ManualClock clock = new ManualClock();
    private final FailedAttempts attempts = new FailedAttempts(clock, 10, PROXY::equals);

    private static InetAddress address(String literal) {
        return IpLiteral.parse(literal).orElseThrow();
    }

    private void fail(InetAddress address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(attempts.oneMore(address)).as("attempt %d", i + 1).isZero();
        }
    }

    @Test
    void theEleventhFailureInASecondIsOneTooMany() {
        fail(ONE, 10);
        assertThat(attempts.oneMore(ONE)).isEqualTo(100);
        assertThat(attempts.oneMore(ONE)).isEqualTo(100);

        clock.advance(Duration.ofMillis(100));
        fail(ONE, 1);
        assertThat(attempts.oneMore(ONE)).isPositive();
        clock.advance(Duration.ofSeconds(1));
        fail(ONE, 10);
        assertThat(attempts.oneMore(ONE)).isPositive();
    }

    @Test
    void nobodyPaysForTheFailuresOfAnother() {
        fail(ONE, 10);
        fail(address("203.0.113.2"), 10);
        fail(address("2001:db8::1"), 10);
        assertThat(attempts.oneMore(ONE)).isPositive();
    }

    @Test
    void allAddressesOfAnIpv6NetworkAreOne() {
        for (int i = 0; i < 10; i++) {
            fail(address("2001:db8:0:1::" + i), 1);
        }
        assertThat(attempts.oneMore(address("2001:db8:0:1:ffff::"))).isPositive();
        fail(address("2001:db8:0:2::"), 10);
    }

    @Test
    void thisComputerAndTheProxiesMayFail() {
        fail(address("127.0.0.1"), 1000);
        fail(address("::1"), 1000);
        fail(PROXY, 1000);
        assertThat(attempts.known()).isZero();
    }

    @Test
    void howeverManyAddressesFailTheLastFewAreKnown() throws UnknownHostException {
        for (int i = 0; i < 100_000; i++) {
            InetAddress address = InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(0x4000_0000 + i).array());
            fail(address, 1);
            if (i % 4000 == 0) {
                attempts.oneMore(ONE); // it goes on, and is not forgotten
            }
        }
        assertThat(attempts.known()).isEqualTo(FailedAttempts.MOST);
        assertThat(attempts.oneMore(ONE)).isPositive();
    }
}
