package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.Settings;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {
    /** How many connections of one address are taken at once, if each has ended before the next. */
    private static int takenAtOnce(int connections, int newPerSecond) throws Exception {
        Settings settings = new Settings();
        settings.connectionsPerAddress = connections;
        settings.newConnectionsPerAddress = newPerSecond;
        OpenConnections open = new OpenConnections(settings, () -> 0);
        InetAddress address = InetAddress.getByName("192.0.2.1");
        int taken = 0;
        while (open.refusalOf(address).isEmpty()) {
            taken++;
        }
        return taken;
    }

    @Test
    void allClientsOfAnAddressMayComeBackAtOnce() throws Exception {
        assertThat(takenAtOnce(64, 50)).isEqualTo(100);
        assertThat(takenAtOnce(500, 50)).isEqualTo(500);
    }
}
