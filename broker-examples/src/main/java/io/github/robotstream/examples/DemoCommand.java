package io.github.robotstream.examples;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.examples.robot.RobotTopics;
import io.github.robotstream.examples.robot.SimulatedRobot;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A robot without a robot. */
@Command(
        name = "demo",
        description = {
            "Runs a simulated robot until it is told to end (SIGTERM, Ctrl-C). It publishes battery_voltage, pose,"
                    + " joint_states, velocity, is_balancing and current_focus, and drives as cmd_vel tells it;"
                    + " half a second after the last command it stops.",
            "Without --secret-file, --jwks-file and --anonymous it makes a secret for this run. It prints its address and a token for"
                    + " all topics, valid for 8 hours."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(8);

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws IOException {
        Optional<Secret> secret =
                options.secret().or(() -> options.needsNoSecret() ? Optional.empty() : Optional.of(Secret.random()));
        BrokerBuilder builder = options.broker(secret).name("demo-robot");
        RobotTopics.ALL.forEach(builder::topic);
        try (RobotStreamBroker broker = options.start(builder)) {
            SimulatedRobot robot = new SimulatedRobot(broker);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(robot, broker), "robotstream-demo-close"));
            introduce(options.urls(broker), secret.map(this::token));
            robot.run();
        }
        return 0;
    }

    /** For everything, and said so, as beside a key set a token without topics may do nothing. */
    private String token(Secret key) {
        return new TokenMint(key, Clock.systemUTC(), options.audience())
                .mint("demo", TOKEN_LIFETIME, List.of("#", "server_logs"), List.of("#"));
    }

    private static void end(SimulatedRobot robot, RobotStreamBroker broker) {
        robot.stop();
        broker.close();
    }

    private void introduce(List<String> urls, Optional<String> token) {
        token.ifPresent(t -> options.out().println("token " + t));
        new Hints(urls, options.certificate(), options.access(token)).print(options.out());
        options.out().flush();
    }
}
