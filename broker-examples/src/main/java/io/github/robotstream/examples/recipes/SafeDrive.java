package io.github.robotstream.examples.recipes;

import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import java.io.IOException;
import java.time.Duration;

/** Typed commands with a watchdog: when the client that drives falls silent or is gone, the loop reads a standstill. */
public final class SafeDrive {
    /** Speeds in m/s and rad/s. */
    public record Twist(double linear, double angular) {}

    static final Topic<Twist> CMD_VEL = Topic.command("cmd_vel", "Twist", Twist.class);
    static final Twist STOP = new Twist(0, 0);

    private SafeDrive() {}

    /** Starts the broker, with a watchdog of 200 ms on its command topic. */
    public static RobotStreamBroker start(int port) throws IOException {
        return RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.all())
                .topic(CMD_VEL, topic -> topic.watchdog(Duration.ofMillis(200), STOP))
                .start();
    }

    public static void main(String[] args) throws Exception {
        try (RobotStreamBroker broker = start(Integer.getInteger("port", 8765));
                Input<Twist> commands = broker.input(CMD_VEL)) {
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
            while (!Thread.currentThread().isInterrupted()) {
                Twist now = commands.latestOr(STOP, Duration.ofSeconds(1));
                System.out.println("motors: " + now);
                Thread.sleep(100);
            }
        }
    }
}
