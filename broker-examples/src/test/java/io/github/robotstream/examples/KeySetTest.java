package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} and {@code demo} let in who has a token of an identity provider, whose public keys they have in a file. */
class KeySetTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private final ECKey key = key("1");

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(id)
                    .algorithm(JWSAlgorithm.ES256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String keySet(ECKey of) throws IOException {
        return Files.writeString(folder.resolve("keys.json"), new JWKSet(of.toPublicJWK()).toString())
                .toString();
    }

    /** A token of the provider's that may publish on the topic focus, for an application of it. */
    @SuppressWarnings("JavaUtilDate") // the JWT library takes no other
    private static String token(ECKey key, String application) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .subject("operator-3")
                        .audience(application)
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .claim("topics", Map.of("subscribe", List.of(), "publish", List.of("focus", "cmd_vel")))
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private String serve(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("serve", "--port", "0"));
        command.addAll(Arrays.asList(options));
        return Served.address(programs.demoJar(command.toArray(String[]::new)));
    }

    /** How {@code send} ends: 0 when it has done it, 1 when it was refused. */
    private int send(String url, String topic, String token) throws Exception {
        return programs.demoJar("send", url, topic, "\"ball\"", "--token", token)
                .awaitExit();
    }

    @Test
    void tokensOfItsKeysForThisRobotGetInAndDoWhatTheySay() throws Exception {
        String url = serve("--jwks-file", keySet(key), "--audience", "robot-17");

        assertThat(send(url, "focus", token(key, "robot-17"))).isZero();
        assertThat(send(url, "pose", token(key, "robot-17"))).isEqualTo(1);
        assertThat(send(url, "focus", token(key, "the-canteen"))).isEqualTo(1);
        assertThat(send(url, "focus", token(key("1"), "robot-17"))).isEqualTo(1);
    }

    @Test
    void anyAudienceIsADeliberateChoice() throws Exception {
        String url = serve("--jwks-file", keySet(key), "--any-audience");

        assertThat(send(url, "focus", token(key, "the-canteen"))).isZero();
    }

    @Test
    void aSecretMayBeBesideIt() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        String url = serve("--jwks-file", keySet(key), "--audience", "robot-17", "--secret-file", secret.toString());

        assertThat(send(url, "focus", token(key, "robot-17"))).isZero();
        assertThat(send(url, "focus", minted(secret, "--audience", "robot-17", "--publish", "focus")))
                .isZero();
        assertThat(send(url, "focus", minted(secret, "--publish", "focus"))).isEqualTo(1);
        assertThat(send(url, "focus", minted(secret, "--audience", "robot-17"))).isEqualTo(1);
    }

    private String minted(Path secret, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("token", "--secret-file", secret.toString(), "--subject", "operator-4"));
        command.addAll(Arrays.asList(options));
        return programs.demoJar(command.toArray(String[]::new)).allOut().get(0);
    }

    @Test
    void theDemoTakesItToo() throws Exception {
        Program demo = programs.demoJar("demo", "--port", "0", "--jwks-file", keySet(key), "--audience", "robot-17");
        String url = Served.address(demo);

        Program send = programs.demoJar(
                "send",
                url,
                "cmd_vel",
                "{\"linear\":0.1,\"angular\":0}",
                "--type",
                "Twist",
                "--token",
                token(key, "robot-17"));
        assertThat(send.awaitExit()).isZero();
        demo.terminate();
        demo.awaitExit();
        assertThat(demo.allOut()).noneMatch(line -> line.startsWith("token "));
    }

    @Test
    void aSetWithAPrivateKeyIsRefusedAndNotQuoted() throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), new JWKSet(key).toString(false));
        Program serve = programs.demoJar("serve", "--port", "0", "--jwks-file", file.toString(), "--any-audience");

        assertThat(serve.awaitExit()).isEqualTo(1);
        assertThat(serve.allErr())
                .noneMatch(line -> line.startsWith("\tat "))
                .noneMatch(line -> line.contains(key.getD().toString()))
                .last()
                .asString()
                .startsWith("robotstream-demo serve: ")
                .contains("private");
    }
}
