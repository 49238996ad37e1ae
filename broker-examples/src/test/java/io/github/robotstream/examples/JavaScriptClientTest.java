package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.examples.testing.RealClients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The package {@code robotstream} for JavaScript: its own tests, and the examples of its README as installed from what {@code npm pack} makes. */
class JavaScriptClientTest {
    private static final Path PACKAGE = Path.of("clients", "javascript").toAbsolutePath();

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    @Test
    void thePackagePassesItsTests() throws Exception {
        Program tests = programs.start(
                "node --test",
                List.of(
                        "node",
                        "--test",
                        PACKAGE.resolve("test/robotstream.test.mjs").toString()),
                Map.of(
                        "ROBOTSTREAM_NODE_MODULES",
                                RealClients.modulesOrSkip("ws").toString(),
                        "ROBOTSTREAM_JAVA", Programs.java(),
                        "ROBOTSTREAM_DEMO_JAR", System.getProperty("robotstream.demo.jar")));
        assertThat(tests.awaitExit(Duration.ofMinutes(5))).isZero(); // each of them has a patience of its own
    }

    @Test
    void aProgramInTypeScriptThatUsesAllOfItIsTaken() throws Exception {
        Path compiler = RealClients.modulesOrSkip("typescript").resolve("typescript/lib/tsc.js");
        List<String> options = List.of(
                "--noEmit", "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler");
        List<String> command = new ArrayList<>(List.of("node", compiler.toString()));
        command.addAll(options);
        command.addAll(
                List.of("--lib", "es2022,dom", PACKAGE.resolve("test/types.ts").toString()));
        Program check = programs.start("tsc", command, Map.of());
        assertThat(check.awaitExit()).as("%s", check.allOut()).isZero();
    }

    @Test
    void theExamplesOfItsReadmeWorkWithThePackageInstalled() throws Exception {
        install();
        Served broker = Served.demo(programs, folder);
        List<String> examples = Pattern.compile("(?ms)^```js\\R(.*?)^```$")
                .matcher(Files.readString(PACKAGE.resolve("README.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(examples).hasSize(4);
        for (int i = 0; i < examples.size(); i++) {
            Path script = Files.writeString(
                    folder.resolve("example" + i + ".mjs"),
                    examples.get(i)
                            .replace("ws://127.0.0.1:8765/wss", broker.url())
                            .replace("your_jwt_token_here", broker.token()));
            Program example = programs.start("example " + i, List.of("node", script.toString()), Map.of());
            assertThat(example.awaitExit()).as(examples.get(i)).isZero();
            assertThat(example.allOut()).isNotEmpty();
        }
    }

    /** As {@code npm install} does, without a registry. */
    private void install() throws Exception {
        Path modules = Files.createDirectory(folder.resolve("node_modules"));
        Files.createSymbolicLink(
                modules.resolve("ws"), RealClients.modulesOrSkip("ws").resolve("ws"));
        Program pack = programs.start(
                "npm pack",
                List.of("npm", "pack", PACKAGE.toString(), "--pack-destination", folder.toString()),
                Map.of("npm_config_cache", folder.resolve("npm").toString()));
        assertThat(pack.awaitExit()).isZero();
        Path unpacked = Files.createDirectory(modules.resolve("robotstream"));
        Program tar = programs.start(
                "tar",
                List.of(
                        "tar",
                        "-xzf",
                        folder.resolve("robotstream-0.1.0.tgz").toString(),
                        "--strip-components=1",
                        "-C",
                        unpacked.toString()),
                Map.of());
        assertThat(tar.awaitExit()).isZero();
    }
}
