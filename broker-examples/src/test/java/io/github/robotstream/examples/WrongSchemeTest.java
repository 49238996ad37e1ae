package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.client.ConnectionEndedException;
import io.github.robotstream.client.RobotStreamClient;
import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A client that takes {@code ws} for {@code wss}, or the other way round, is told so in one sentence, and does not try again. */
class WrongSchemeTest {
    private static final Path CLIENTS = Path.of("clients").toAbsolutePath();
    private static final String WITHOUT_TLS = "the robot does not speak TLS at this port: use ws://";
    /** Each client says how it waits for another attempt; none of them is to get there in this time. */
    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private String plainWithTls() throws Exception {
        return Served.start(programs, folder).url().replace("ws://", "wss://");
    }

    private String tlsWithoutTls() throws Exception {
        Certified robot = Certified.make(programs, folder, "robot", "127.0.0.1");
        return Served.start(programs, folder, robot.options()).url().replace("wss://", "ws://");
    }

    private void assertToldByPython(String url, String told) throws Exception {
        List<String> command = List.of(RealClients.pythonOrSkip("websockets"), "-m", "robotstream", "topics", url);
        Map<String, String> environment =
                Map.of("PYTHONPATH", CLIENTS.resolve("python").toString(), "PYTHONDONTWRITEBYTECODE", "1");
        assertTold(programs.start("python", new ArrayList<>(command), environment), told);
    }

    private void assertToldByJavaScript(String url, String told) throws Exception {
        String script = "import { connect } from '"
                + CLIENTS.resolve("javascript/robotstream.js").toUri() + "';"
                + "import { createRequire } from 'node:module';"
                + "const WebSocket = createRequire('" + RealClients.modulesOrSkip("ws") + "/x.js')('ws');"
                + "connect('" + url + "', { WebSocket, timeoutMs: " + LONG.toMillis() + ", onState: (state, robot) => {"
                + "  if (state === 'waiting') console.error('it would try again:', robot.reason); } })"
                + ".catch((e) => { console.error(e.message); process.exit(1); });";
        assertTold(programs.start("node", List.of("node", "--input-type=module", "-e", script), Map.of()), told);
    }

    private static void assertTold(Program client, String told) throws InterruptedException {
        assertThat(client.awaitExit()).isEqualTo(1);
        assertThat(client.allErr()).singleElement().asString().contains(told);
    }

    private static void assertToldByJava(String url, String told) {
        assertThatThrownBy(() -> RobotStreamClient.at(url).timeout(LONG).connect())
                .isInstanceOf(ConnectionEndedException.class)
                .hasMessageContaining(told);
    }

    private void assertToldByTheJar(String url, String told) throws Exception {
        assertTold(programs.demoJar("listen", url, "--topic", "pose"), told);
    }

    @Test
    void tlsToAPlainPort() throws Exception {
        String url = plainWithTls();
        assertToldByJava(url, WITHOUT_TLS);
        assertToldByPython(url, WITHOUT_TLS);
        assertToldByJavaScript(url, WITHOUT_TLS);
        assertToldByTheJar(url, "ws://");
    }

    @Test
    void noTlsToAPortOfTls() throws Exception {
        String url = tlsWithoutTls();
        assertToldByJava(url, "if the robot serves TLS, use wss://");
        assertToldByPython(url, "this port speaks TLS: connect to wss:// here");
        assertToldByJavaScript(url, "this port speaks TLS: connect to wss:// here");
        assertToldByTheJar(url, "wss://");
    }
}
