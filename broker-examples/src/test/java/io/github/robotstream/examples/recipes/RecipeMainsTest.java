package io.github.robotstream.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.client.ClientBuilder;
import io.github.robotstream.client.RobotStreamClient;
import io.github.robotstream.examples.recipes.FollowTheLeader.Position;
import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.jwt.JwtKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each recipe's main starts as a program of its own, serves on the port that it is given, and ends in good order when it is told to. */
@Timeout(120)
class RecipeMainsTest {
    private static final Pattern LISTENS = Pattern.compile("broker_started.*:(\\d+)");
    private static final int TERMINATED = 128 + 15; // as a shell tells SIGTERM

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Program start(Class<?> recipe, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Programs.java(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-Dport=0",
                "-Dorg.slf4j.simpleLogger.logFile=System.out",
                "-cp",
                System.getProperty("java.class.path"),
                recipe.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return programs.start(recipe.getSimpleName(), command, Map.of());
    }

    private static int port(Program recipe) throws InterruptedException {
        Matcher listens = LISTENS.matcher(recipe.awaitLine("broker_started"));
        assertThat(listens.find()).isTrue();
        return Integer.parseInt(listens.group(1));
    }

    @Test
    void eachServesUntilItIsTerminated() throws Exception {
        Certified robot = Certified.make(programs, folder, "robot", "127.0.0.1");
        Path secret = Files.write(folder.resolve("secret"), RecipesTest.SECRET);
        Program badges = start(BadgeVerifier.class);
        List<Program> open = List.of(
                start(QuickStart.class),
                start(SafeDrive.class),
                start(SelectiveStore.class, folder.resolve("store")),
                start(AlarmSink.class),
                start(RequestAndReply.class),
                start(CameraOnDemand.class),
                start(MetricsForPrometheus.class),
                start(MetricsInMicrometer.class));
        Program tokens = start(TokensWithRights.class, secret);
        Program encrypted = start(EncryptedSockets.class, robot.certificate(), robot.key());

        for (Program recipe : open) {
            letsIn(RobotStreamClient.at(URI.create("ws://127.0.0.1:" + port(recipe))));
        }
        letsIn(RobotStreamClient.at(URI.create("ws://127.0.0.1:" + port(badges)))
                .token("4711"));
        letsIn(RobotStreamClient.at(URI.create("ws://127.0.0.1:" + port(tokens)))
                .token(RecipesTest.token(List.of("position"), List.of())));
        letsIn(RobotStreamClient.at(URI.create("wss://127.0.0.1:" + port(encrypted)))
                .trust(robot.certificate()));
        open.get(1).awaitLine("motors: Twist[linear=0.0, angular=0.0]");
        open.get(3).awaitLine("alarm: motor_hot");
        open.get(6).awaitLine("0 lost");
        open.get(7).awaitLine("robotstream.sessions");

        List<Program> all = new ArrayList<>(open);
        all.addAll(List.of(badges, tokens, encrypted));
        all.forEach(Program::terminate);
        for (Program recipe : all) {
            recipe.awaitLine("broker_stopping");
            assertThat(recipe.awaitExit()).isEqualTo(TERMINATED);
        }
    }

    private static void letsIn(ClientBuilder client) throws Exception {
        client.connect().close();
    }

    @Test
    void theOneThatFollowsHearsTheLeader() throws Exception {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (RobotStreamBroker leader = TokensWithRights.start(0, JwtKey.hmac(RecipesTest.SECRET))) {
            ScheduledFuture<?> drives = clock.scheduleAtFixedRate(
                    () -> leader.publish(FollowTheLeader.POSITION, new Position(3, 4)), 0, 50, TimeUnit.MILLISECONDS);
            Program follower = start(
                    FollowTheLeader.class,
                    "ws://127.0.0.1:" + leader.address().getPort(),
                    RecipesTest.token(List.of("position"), List.of()));
            follower.awaitLine("drive to Optional[Position[x=3.0, y=4.0]]");
            drives.cancel(false);
            follower.awaitLine("drive to Optional.empty");
            follower.terminate();
            assertThat(follower.awaitExit()).isEqualTo(TERMINATED);
        } finally {
            clock.shutdownNow();
        }
    }
}
