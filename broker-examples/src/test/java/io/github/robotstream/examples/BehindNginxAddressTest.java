package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.BehindNginx.Attempt;
import io.github.robotstream.examples.testing.Programs;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where clients behind a real nginx are, and how many of one address it lets through: clients at other addresses of this machine. */
class BehindNginxAddressTest {
    private static final String CLIENT = "127.0.0.2";
    private static final String CLAIMED = "203.0.113.9"; // RFC 5737: nobody has it

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private Served broker;
    private BehindNginx nginx;

    private void start(Map<String, String> changes, String... options) throws Exception {
        broker = Served.start(programs, folder, options);
        nginx = BehindNginx.start(
                programs, Files.createDirectory(folder.resolve("nginx")), URI.create(broker.url()), changes);
    }

    private void comesAndIsLetIn(String... lines) throws Exception {
        try (Attempt attempt = nginx.requestUpgrade(CLIENT, broker.token(), lines)) {
            assertThat(attempt.status()).isEqualTo(101);
        }
    }

    private List<String> logsOfTheBroker() throws Exception {
        broker.program().terminate();
        broker.program().awaitExit();
        return broker.program().allErr();
    }

    @Test
    void whereTheProxyIsTrustedLogsTellTheClientsOwnAddress() throws Exception {
        start(Map.of(), "--trusted-proxy", "10.1.0.0/16,127.0.0.1");
        comesAndIsLetIn();
        nginx.requestUpgrade(CLIENT, "no-token").close();

        programs.demoJar("listen", broker.url(), "--topic", "server_logs", "--token", broker.token())
                .awaitLine(
                        "the address in server_logs",
                        line -> line.contains("client_connected") && line.contains("\"address\":\"" + CLIENT + ":"));
        assertThat(logsOfTheBroker())
                .anyMatch(line -> line.contains("client_connected") && line.contains(CLIENT))
                .anyMatch(line -> line.contains("client_refused") && line.contains(CLIENT));
    }

    @Test
    void whatAClientClaimsOfItsAddressIsNotBelieved() throws Exception {
        start(Map.of(), "--trusted-proxy", "127.0.0.1");
        comesAndIsLetIn(
                "X-Forwarded-For: " + CLAIMED,
                "x-forwarded-for: 127.0.0.1, " + CLAIMED,
                "Forwarded: for=" + CLAIMED,
                "X-Real-IP: " + CLAIMED);

        assertThat(logsOfTheBroker())
                .anyMatch(line -> line.contains("client_connected") && line.contains(CLIENT))
                .noneMatch(line -> line.contains(CLAIMED));
    }

    @Test
    void withoutTheOptionNoHeaderCounts() throws Exception {
        start(Map.of());
        comesAndIsLetIn("X-Forwarded-For: " + CLAIMED);

        assertThat(logsOfTheBroker())
                .anyMatch(line -> line.contains("client_connected") && line.contains("127.0.0.1:"))
                .noneMatch(line -> line.contains(CLIENT) || line.contains(CLAIMED));
    }

    @Test
    void whoHasTooManyOpenIsTold429AndOthersAreLetIn() throws Exception {
        start(Map.of("rate=10r/s", "rate=1000r/s", "burst=20", "burst=1000"));
        String token = broker.token();
        List<Attempt> open = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            open.add(nginx.requestUpgrade(CLIENT, token));
        }
        assertThat(open).extracting(Attempt::status).containsOnly(101);

        assertThat(statusOf(CLIENT, token)).isEqualTo(429);
        assertThat(statusOf("127.0.0.3", token)).isEqualTo(101);
        open.remove(0).close();
        Awaitility.await().until(() -> statusOf(CLIENT, token) == 101);
        for (Attempt attempt : open) {
            attempt.close();
        }
        tellsNoToken(token);
    }

    @Test
    void whoComesTooOftenIsTold429AndOthersAreLetIn() throws Exception {
        start(Map.of("rate=10r/s", "rate=1r/m")); // so that none is earned while the test runs
        String token = broker.token();
        for (int i = 0; i < 21; i++) { // one, and 20 at once beyond the rate
            assertThat(statusOf(CLIENT, token)).isEqualTo(101);
        }
        assertThat(statusOf(CLIENT, token)).isEqualTo(429);
        assertThat(statusOf("127.0.0.3", token)).isEqualTo(101);
        tellsNoToken(token);
    }

    private int statusOf(String client, String token) throws Exception {
        try (Attempt attempt = nginx.requestUpgrade(client, token)) {
            return attempt.status();
        }
    }

    private void tellsNoToken(String token) throws Exception {
        Awaitility.await().until(() -> nginx.accesses().stream().anyMatch(line -> line.contains("\" 429 ")));
        assertThat(nginx.allLogs()).noneMatch(line -> line.contains(token.substring(token.lastIndexOf('.') + 1)));
    }
}
