package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting and stopping again and again, on one port, with clients connected. */
@Timeout(120)
class StartStopTest {
    private static final int CYCLES = 200;
    private static final long GROWTH_BYTES = 4L << 20; // 200 of the smallest broker that is not forgotten are more

    @Test
    void twoHundredLivesLeaveNothingBehind() throws Exception {
        Leftovers leftovers = new Leftovers();
        int port = live(0);
        for (int i = 0; i < CYCLES / 4; i++) {
            live(port);
        }
        long heap = usedHeap();
        long descriptors = Leftovers.descriptors();
        for (int i = CYCLES / 4; i < CYCLES; i++) {
            live(port); // which is free at once
        }

        leftovers.awaitNoThread();
        assertThat(Leftovers.descriptors()).isLessThanOrEqualTo(descriptors + 5);
        assertThat(usedHeap()).isLessThan(heap + GROWTH_BYTES);
    }

    private static int live(int port) throws IOException {
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none())
                .start()) {
            SocketTestClient client = SocketTestClient.connect(broker.address());
            client.send(Requests.subscribe("numbers"));
            client.send(Requests.publish("numbers", "1"));
            client.next();
            return broker.address().getPort();
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
