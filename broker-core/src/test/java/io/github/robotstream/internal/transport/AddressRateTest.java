package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.ManualClock;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AddressRateTest {
    private static final InetAddress PROXY = address("10.0.0.1");
    private static final InetAddress ONE = address("203.0.113.1");

    private final ManualClock clock = new ManualClock();
    private final AddressRate rate = new AddressRate(10, 10, PROXY::equals, clock::nanoTime);

    private static InetAddress address(String literal) {
        return IpLiteral.parse(literal).orElseThrow();
    }

    private void take(InetAddress address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(rate.oneMore(address)).as("time %d", i + 1).isZero();
        }
    }

    @Test
    void theEleventhOfASecondIsOneTooMany() {
        take(ONE, 10);
        assertThat(rate.oneMore(ONE)).isEqualTo(100);
        assertThat(rate.oneMore(ONE)).isEqualTo(100);

        clock.advance(Duration.ofMillis(100));
        take(ONE, 1);
        assertThat(rate.oneMore(ONE)).isPositive();
        clock.advance(Duration.ofSeconds(1));
        take(ONE, 10);
        assertThat(rate.oneMore(ONE)).isPositive();
    }

    @Test
    void nobodyPaysForAnother() {
        take(ONE, 10);
        take(address("203.0.113.2"), 10);
        take(address("2001:db8::1"), 10);
        assertThat(rate.oneMore(ONE)).isPositive();
    }

    @Test
    void allAddressesOfAnIpv6NetworkAreOne() {
        for (int i = 0; i < 10; i++) {
            take(address("2001:db8:0:1::" + i), 1);
        }
        assertThat(rate.oneMore(address("2001:db8:0:1:ffff::"))).isPositive();
        take(address("2001:db8:0:2::"), 10);
    }

    @Test
    void anIpv4AddressInTheFormOfIpv6IsTheIpv4Address() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(ONE.getAddress(), 0, mapped, 12, 4);
        take(ONE, 10);
        assertThat(rate.oneMore(Inet6Address.getByAddress("", mapped, 1))).isPositive();
        mapped[15]++;
        take(Inet6Address.getByAddress("", mapped, 1), 10);
    }

    @Test
    void afterAPauseMoreMayComeAtOnce() {
        AddressRate bursts = new AddressRate(10, 25, PROXY::equals, clock::nanoTime);
        for (int i = 0; i < 25; i++) {
            assertThat(bursts.oneMore(ONE)).isZero();
        }
        assertThat(bursts.oneMore(ONE)).isEqualTo(100);
    }

    @Test
    void thisComputerAndTheProxiesAreNotCounted() {
        take(address("127.0.0.1"), 1000);
        take(address("::1"), 1000);
        take(PROXY, 1000);
        assertThat(rate.known()).isZero();
    }

    @Test
    void howeverManyAddressesThereAreTheLastFewAreKnown() throws UnknownHostException {
        for (int i = 0; i < 100_000; i++) {
            InetAddress address = InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(0x4000_0000 + i).array());
            take(address, 1);
            if (i % 4000 == 0) {
                rate.oneMore(ONE); // it goes on, and is not forgotten
            }
        }
        assertThat(rate.known()).isEqualTo(AddressRate.MOST);
        assertThat(rate.oneMore(ONE)).isPositive();
    }
}
