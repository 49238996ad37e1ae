package io.github.robotstream.endurance;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.Parent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A robot with little memory that sends each client another message of a megabyte, and a heartbeat to who wants it, as a program of its own.
 * Prints its port, waits for a line, publishes, prints how many heartbeats, waits for a line, prints how many clients it cut off, and ends.
 */
final class StuckClientsBroker {
    private static final int VALUE_BYTES = 1_000_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private StuckClientsBroker() {}

    /** Takes how many clients there are. */
    public static void main(String[] args) throws Exception {
        int clients = Integer.parseInt(args[0]);
        AtomicLong cut = new AtomicLong();
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(entry -> cut.addAndGet(tellsOfACut(entry) ? 1 : 0))
                .closeTimeout(Duration.ofSeconds(2))
                .start();
        Parent.tell("port", broker.address().getPort());
        Parent.awaitGoOn();
        for (int i = 0; i < clients; i++) {
            String text =
                    Integer.toString(i).repeat(VALUE_BYTES / Integer.toString(i).length());
            broker.publish("own/" + i, Payload.of("own", "text", "\"" + text + "\""));
            broker.publish("heart", Payload.of("heart", "int", Integer.toString(i)));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        Parent.tell("beats", clients);
        Parent.awaitGoOn();
        Parent.tell("cut", cut.get());
        broker.close();
    }

    private static boolean tellsOfACut(LogEntry entry) {
        return entry.event().equals("client_disconnected")
                && Integer.valueOf(1013).equals(entry.attributes().get("code"));
    }
}
