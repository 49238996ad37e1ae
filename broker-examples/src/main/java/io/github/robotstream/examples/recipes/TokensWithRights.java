package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Clients with a JWT may do what its claim {@code topics} says, and nothing else. {@code robotstream-demo.jar token --subscribe pose} makes
 * such tokens.
 */
public final class TokensWithRights {
    private TokensWithRights() {}

    /**
     * Starts the broker.
     *
     * @param secret what robot and issuer share, 32 bytes or more
     */
    public static RobotStreamBroker start(int port, byte[] secret) throws IOException {
        return RobotStreamBroker.builder()
                .port(port)
                .tokenVerifier(JwtTokenVerifier.hmac(secret)
                        .defaultPermissions(Permissions.none()) // of a token without that claim
                        .build())
                .start();
    }

    /** Takes the file with the secret. */
    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = start(8765, Files.readAllBytes(Path.of(args[0])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        broker.awaitClose();
    }
}
