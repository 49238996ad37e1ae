package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Sources;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Tokens;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module, with everything on the module path and nothing on the class path, as docs/embedding.md says. */
class ModulePathTest {
    private static final String REQUIRES = "requires io.github.robotstream;";
    private static final String OPENS = "opens com.example.robot to com.google.gson;";
    private static final String SECRET = "thirty-two bytes that are shared";
    private static final String ROBOT = """
            package com.example.robot;

            import io.github.robotstream.*;
            import io.github.robotstream.file.FileTopicStore;
            import io.github.robotstream.jwt.JwtTokenVerifier;
            import io.github.robotstream.spi.LogSink;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.Path;

            public final class Robot {
                record Twist(double linear, double angular) {}

                public static void main(String[] args) throws Exception {
                    Topic<Twist> velocity = Topic.state("velocity", "Twist", Twist.class);
                    Topic<Twist> commands = Topic.command("cmd_vel", "any", Twist.class);
                    byte[] secret = args[0].getBytes(StandardCharsets.US_ASCII);
                    RobotStreamBroker broker = RobotStreamBroker.builder()
                            .port(0)
                            .tokenVerifier(JwtTokenVerifier.hmac(secret).build())
                            .store(FileTopicStore.builder(Path.of(args[1])).build())
                            .logSink(LogSink.none())
                            .subscribe(commands, twist -> System.out.println("heard " + twist))
                            .start();
                    broker.publish(velocity, new Twist(0.5, 0.25));
                    System.out.println("port=" + broker.address().getPort());
                    System.in.read();
                    broker.close();
                    System.out.println("closed " + Robot.class.getModule() + " on " + broker.getClass().getModule());
                }
            }
            """;

    @TempDir
    Path folder;

    /** Where this library is a folder of classes without a module descriptor, this test has nothing to look at. */
    @BeforeEach
    void needsTheDescriptor() {
        assumeTrue(Files.exists(Sources.classFolder().resolve("module-info.class")), "Maven's build makes it");
    }

    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).equals(Sources.classFolder())
                        || Path.of(entry)
                                .getFileName()
                                .toString()
                                .matches("(Java-WebSocket|nimbus-jose-jwt|gson|slf4j-api|jspecify)-.*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Path application(String moduleInfo) throws Exception {
        Path info = Files.writeString(folder.resolve("module-info.java"), moduleInfo);
        Path robot = Files.writeString(folder.resolve("Robot.java"), ROBOT);
        Path classes = folder.resolve("classes");
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-Xlint:-options",
                        "--module-path",
                        libraries(),
                        "-d",
                        classes.toString(),
                        info.toString(),
                        robot.toString());
        assertThat(code).isZero();
        return classes;
    }

    @Test
    void itServesAClientAndEndsInGoodOrder() throws Exception {
        assertThat(Sources.text(Sources.project().resolve("docs/embedding.md")))
                .contains("`" + REQUIRES + "`", "`" + OPENS + "`");
        Path classes = application("module com.example.robot { " + REQUIRES + " " + OPENS + " }");
        String modulePath = classes + File.pathSeparator + libraries();
        String store = folder.resolve("store").toString();
        try (ChildJvm robot =
                ChildJvm.startModule(modulePath, "com.example.robot/com.example.robot.Robot", SECRET, store)) {
            String token =
                    new Tokens(SECRET.getBytes(StandardCharsets.US_ASCII)).endingIn(Duration.ofMinutes(1), "operator");
            TestClient client = SocketTestClient.to(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port")))
                    .target("/wss?token=" + token)
                    .connect();
            client.send(Requests.publish("cmd_vel", "{\"linear\":1,\"angular\":0}"));
            client.send(Requests.subscribe("velocity"));
            assertThat(client.next()).contains("\"data\":{\"linear\":0.5,\"angular\":0.25}");
            robot.goOn();
            assertThat(client.closeCode()).isEqualTo(1001);
            assertThat(robot.exitCode()).isZero();
            assertThat(robot.output())
                    .contains("heard Twist[linear=1.0, angular=0.0]")
                    .contains("closed module com.example.robot on module io.github.robotstream");
        }
    }
}
