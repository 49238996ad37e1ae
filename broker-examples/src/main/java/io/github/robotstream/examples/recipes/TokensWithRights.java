package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.jwt.JwtKey;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.io.IOException;
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
     * @param key made of what robot and issuer share
     */
    public static RobotStreamBroker start(int port, JwtKey key) throws IOException {
        return RobotStreamBroker.builder()
                .port(port)
                .tokenVerifier(JwtTokenVerifier.builder()
                        .key(key)
                        .defaultPermissions(Permissions.none()) // of a token without that claim
                        .build())
                .start();
    }

    /** Takes the file with the secret, 32 bytes or more and a line end, as {@code openssl rand -hex 32} writes it. */
    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = start(Integer.getInteger("port", 8765), JwtKey.hmacFile(Path.of(args[0])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        broker.awaitClose();
    }
}
