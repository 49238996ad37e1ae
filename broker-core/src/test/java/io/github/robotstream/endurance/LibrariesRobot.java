package io.github.robotstream.endurance;

import io.github.robotstream.Input;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.jwt.JwtKey;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Tokens;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;

/** A robot on whatever libraries its class path has: it does what it is told to do first, starts, lets a client in and hears it. */
final class LibrariesRobot {
    record Twist(double linear, double angular) {}

    private LibrariesRobot() {}

    public static void main(String[] arguments) throws Exception {
        try {
            run(arguments.length == 0 ? "" : arguments[0]);
        } catch (IllegalStateException told) {
            System.out.println("refused: " + told.getMessage());
        }
    }

    private static void run(String first) throws Exception {
        byte[] secret = "thirty-two bytes that are shared".getBytes(StandardCharsets.US_ASCII);
        if (first.equals("publicKey")) {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(256);
            JwtKey.publicKey(keys.generateKeyPair().getPublic());
        } else if (first.equals("keySet")) {
            JwtTokenVerifier.builder()
                    .keySetUrl(URI.create("https://keys.example/set"))
                    .build();
        } else if (!first.equals("declare")) {
            RobotStreamBroker.builder().withoutNetwork().start().close();
        }
        Topic<Twist> commands = Topic.command("cmd_vel", "any", Twist.class);
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                        .port(0)
                        .tokenVerifier(JwtTokenVerifier.hmac(secret).build())
                        .start();
                Input<Twist> input = broker.input(commands)) {
            String token = new Tokens(secret).endingIn(Duration.ofMinutes(1), "operator");
            TestClient client = SocketTestClient.to(broker.address())
                    .target("/wss?token=" + token)
                    .connect();
            client.send(Requests.publish("cmd_vel", "{\"linear\":1,\"angular\":0}"));
            client.send("{\"action\":\"ping\",\"id\":1}");
            client.next();
            System.out.println("heard " + input.latestOr(new Twist(0, 0), Duration.ofMinutes(1)));
            client.close();
        }
    }
}
