package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AddressCountsTest {
    private final AddressCounts counts = new AddressCounts(2, address -> address.getAddress()[3] == 99);

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void anAddressThatIsFullKeepsNoOtherOut() throws Exception {
        counts.add(address(1));
        assertThat(counts.hasRoom(address(1))).isTrue();
        counts.add(address(1));

        assertThat(counts.hasRoom(address(1))).isFalse();
        assertThat(counts.hasRoom(address(2))).isTrue();
    }

    @Test
    void allAddressesOfAnIpv6NetworkAreOne() throws Exception {
        AddressCounts counts = new AddressCounts(2, nobody -> false);
        counts.add(InetAddress.getByName("2001:db8:0:1::1"));
        counts.add(InetAddress.getByName("2001:db8:0:1:ffff::2"));

        assertThat(counts.hasRoom(InetAddress.getByName("2001:db8:0:1::3"))).isFalse();
        assertThat(counts.hasRoom(InetAddress.getByName("2001:db8:0:2::3"))).isTrue();
        counts.remove(InetAddress.getByName("2001:db8:0:1::1"));
        assertThat(counts.hasRoom(InetAddress.getByName("2001:db8:0:1::3"))).isTrue();
    }

    @Test
    void whoLeavesMakesRoom() throws Exception {
        counts.add(address(1));
        counts.add(address(1));
        counts.remove(address(1));

        assertThat(counts.hasRoom(address(1))).isTrue();
    }

    @Test
    void whoIsExemptIsNotCounted() throws Exception {
        for (int i = 0; i < 10; i++) {
            counts.add(address(99));
        }
        assertThat(counts.hasRoom(address(99))).isTrue();
    }

    @Test
    void theRobotsOwnComputerIsNotCounted() {
        for (int i = 0; i < 10; i++) {
            counts.add(InetAddress.getLoopbackAddress());
        }
        assertThat(counts.hasRoom(InetAddress.getLoopbackAddress())).isTrue();
    }
}
