package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} and {@code demo} let in who has a token of an identity provider, whose public keys they have in a file. */
class KeySetTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private final IssuerKey key = new IssuerKey();

    /** A token of the provider's that may publish on two topics, for an application of it. */
    private static String token(IssuerKey key, String application) throws JOSEException {
        return key.token(application, List.of(), List.of("focus", "cmd_vel"));
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
        String url = serve("--jwks-file", key.publicFile(folder), "--audience", "robot-17");

        assertThat(send(url, "focus", token(key, "robot-17"))).isZero();
        assertThat(send(url, "pose", token(key, "robot-17"))).isEqualTo(1);
        assertThat(send(url, "focus", token(key, "the-canteen"))).isEqualTo(1);
        assertThat(send(url, "focus", token(new IssuerKey(), "robot-17"))).isEqualTo(1);
    }

    @Test
    void anyAudienceIsADeliberateChoice() throws Exception {
        String url = serve("--jwks-file", key.publicFile(folder), "--any-audience");

        assertThat(send(url, "focus", token(key, "the-canteen"))).isZero();
    }

    @Test
    void aSecretMayBeBesideIt() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        String url = serve(
                "--jwks-file", key.publicFile(folder), "--audience", "robot-17", "--secret-file", secret.toString());

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
        Program demo = programs.demoJar(
                "demo", "--port", "0", "--jwks-file", key.publicFile(folder), "--audience", "robot-17");
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
        String file = key.privateFile(folder);
        Program serve = programs.demoJar("serve", "--port", "0", "--jwks-file", file, "--any-audience");

        assertThat(serve.awaitExit()).isEqualTo(2);
        assertThat(serve.allErr())
                .hasSize(2)
                .noneMatch(line -> line.contains(key.secret()))
                .element(0)
                .asString()
                .startsWith("robotstream-demo serve: ")
                .contains("private");
    }
}
