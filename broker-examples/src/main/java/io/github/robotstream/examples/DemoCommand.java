package io.github.robotstream.examples;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.examples.robot.RobotTopics;
import io.github.robotstream.examples.robot.SimulatedRobot;
import java.io.IOException;
import java.io.PrintWriter;
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
        try (RobotStreamBroker broker = builder.start()) {
            SimulatedRobot robot = new SimulatedRobot(broker);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(robot, broker), "robotstream-demo-close"));
            introduce(options.out(), options.url(broker), secret.map(this::token));
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

    private static void introduce(PrintWriter out, String url, Optional<String> token) {
        out.println("listening " + url);
        token.ifPresent(t -> out.println("token " + t));
        String option = token.isPresent() ? " --token \"$TOKEN\"" : "";
        String jar = "java -jar broker-examples/target/robotstream-demo.jar";
        out.println();
        out.println("Try in another shell:");
        token.ifPresent(t -> out.println("  TOKEN=" + t));
        out.println("  " + jar + " listen " + url + " --topic pose" + option);
        out.println("  " + jar + " send " + url + " cmd_vel '{\"linear\":0.5,\"angular\":0.2}' --type Twist" + option);
        out.println("or, with python3 and its package websockets:");
        out.println("  python3 -m websockets \"" + url + (token.isPresent() ? "?token=$TOKEN" : "") + "\"");
        out.println("  {\"action\":\"subscribe\",\"topic\":\"battery_voltage\"}");
        out.flush();
    }
}
