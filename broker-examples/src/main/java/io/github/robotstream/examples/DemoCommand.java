package io.github.robotstream.examples;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.HttpSettings;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.examples.robot.HeadCamera;
import io.github.robotstream.examples.robot.RobotTopics;
import io.github.robotstream.examples.robot.SimulatedRobot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A robot without a robot. */
@Command(
        name = "demo",
        description = {
            "Runs a simulated robot until it is told to end (SIGTERM, Ctrl-C). It publishes battery_voltage, pose,"
                    + " joint_states, velocity, is_balancing, current_focus and camera, and drives as cmd_vel tells it;"
                    + " half a second after the last command it stops.",
            "It serves a page that shows and drives it, whose address is in the line that begins with \"open\".",
            "Without --secret-file, --jwks-file and --anonymous it makes a secret for this run. It prints its address and, unless"
                    + " everybody gets in or only an issuer makes tokens, a token for these topics, valid for an hour. The token is also"
                    + " in a file that its owner alone may read and that is gone when the robot ends."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws IOException {
        Optional<Secret> secret =
                options.secret().or(() -> options.needsNoSecret() ? Optional.empty() : Optional.of(Secret.random()));
        HeadCamera camera = new HeadCamera();
        BrokerBuilder builder = options.broker(secret)
                .name("demo-robot")
                .http(HttpSettings::console)
                .listener(camera);
        RobotTopics.declare(builder);
        try (RobotStreamBroker broker = options.start(builder)) {
            SimulatedRobot robot = new SimulatedRobot(broker, camera);
            Optional<String> token = secret.map(this::token);
            Optional<Path> folder =
                    token.isPresent() ? Optional.of(Files.createTempDirectory("robotstream-demo")) : Optional.empty();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> end(robot, broker, folder), "robotstream-demo-close"));
            if (token.isPresent()) {
                SmallFile.create(tokenFile(folder.orElseThrow()), token.get() + "\n", "rw-------");
                options.out().println("token " + token.get());
            }
            options.printPage(broker, token);
            new Hints(options.urls(broker), options.certificate(), options.access(folder.map(DemoCommand::tokenFile)))
                    .print(options.out());
            options.out().flush();
            robot.run();
        }
        return 0;
    }

    /** For what there is to try: it stands on a screen, and may be left in a log or a history. */
    private String token(Secret key) {
        List<String> readable = Stream.concat(
                        RobotTopics.names().stream(), Stream.of("server_logs", "$clients", "$stats", "$leases"))
                .toList();
        return new TokenMint(key, Clock.systemUTC(), options.audience())
                .mint(
                        "demo",
                        TOKEN_LIFETIME,
                        readable,
                        List.of(RobotTopics.CMD_VEL.name(), RobotTopics.STOP.name()),
                        RobotTopics.SERVICES);
    }

    private static Path tokenFile(Path folder) {
        return folder.resolve("token");
    }

    private static void end(SimulatedRobot robot, RobotStreamBroker broker, Optional<Path> folder) {
        robot.stop();
        broker.close();
        folder.ifPresent(DemoCommand::remove);
    }

    private static void remove(Path folder) {
        try {
            Files.deleteIfExists(tokenFile(folder));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // The token in it ends within the hour.
        }
    }
}
