package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has no good token is told so by HTTP status 401, and the token is never repeated. */
class RefusedClientsTest {
    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Served broker;

    @BeforeEach
    void serve() throws Exception {
        broker = Served.start(programs, folder);
    }

    @Test
    void aMissingToken() throws Exception {
        refused(programs.demoJar("listen", broker.url(), "--topic", "pose"), "token_missing", "eyJ");
    }

    @Test
    void aTokenOfAnotherSecret() throws Exception {
        String token = new TokenMint(Secret.random(), Clock.systemUTC()).mint("intruder", Duration.ofHours(1));
        refused(listenWith(token), "token_invalid", token.substring(0, 10));
    }

    @Test
    void whatIsNoToken() throws Exception {
        refused(listenWith("not a token & more"), "token_invalid", "& more");
    }

    @Test
    void anExpiredToken() throws Exception {
        Clock yesterday = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
        Secret secret = new Secret.FromFile().convert(broker.secret().toString());
        String token = new TokenMint(secret, yesterday).mint("operator-3", Duration.ofHours(1));
        refused(listenWith(token), "token_expired", token.substring(0, 10));
    }

    @Test
    void aPathThatIsNoneIsToldAsSuch() throws Exception {
        Program listen = programs.demoJar("listen", broker.url() + "x", "--topic", "pose", "--token", broker.token());
        assertThat(listen.awaitExit()).isEqualTo(1);
        assertThat(listen.allErr())
                .singleElement()
                .asString()
                .endsWith("404: is it the path that the broker was started with?");
    }

    @Test
    void thePathOfAPageIsToldAsSuch() throws Exception {
        try (RobotStreamBroker robot = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .http(http -> http.page("/page", "text/plain", new byte[1]))
                .start()) {
            String url = "ws://127.0.0.1:" + robot.address().getPort() + "/page";
            Program listen = programs.demoJar("listen", url, "--topic", "pose");
            assertThat(listen.awaitExit()).isEqualTo(1);
            assertThat(listen.allErr()).singleElement().asString().contains("200: this path has a page", "/wss");
        }
    }

    @Test
    void theAddressOfThePageLeadsToTheBroker() throws Exception {
        Served page = Served.start(programs, folder, "--console");
        String address = page.url().replaceFirst("^ws:", "http:").replaceFirst("/wss$", "/");
        Program send = programs.demoJar("send", address, "focus", "1", "--token", page.token());
        assertThat(send.awaitExit()).as("%s", send.allErr()).isZero();
    }

    @ParameterizedTest
    @EnumSource(RealClients.class)
    void whatTheClientsInTheFieldSee(RealClients client) throws Exception {
        String token = new TokenMint(Secret.random(), Clock.systemUTC()).mint("intruder", Duration.ofHours(1));
        client.watch(programs, broker.url(), token).awaitLine("refused");
    }

    private Program listenWith(String token) throws Exception {
        return programs.demoJar("listen", broker.url(), "--topic", "pose", "--token", token);
    }

    private void refused(Program listen, String reason, String secretPart) throws InterruptedException {
        assertThat(listen.awaitExit()).isEqualTo(1);
        assertThat(listen.allOut()).isEmpty();
        assertThat(listen.allErr())
                .singleElement()
                .asString()
                .endsWith(
                        ": refused with HTTP status 401: no token, or none that is good there now; the broker's log says why")
                .doesNotContain(secretPart);
        broker.program().terminate();
        broker.program().awaitExit();
        assertThat(broker.program().allErr())
                .anyMatch(line -> line.contains(reason))
                .noneMatch(line -> line.contains(secretPart));
    }
}
