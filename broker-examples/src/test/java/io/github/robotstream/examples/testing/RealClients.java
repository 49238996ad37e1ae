package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The clients in the field: Python's websockets, Node's ws, and the WebSocket of Node itself. What is not installed skips
 * its test, unless {@code robotstream.require.clients} is true: then it fails.
 */
public enum RealClients {
    /** Python 3 with the package websockets. */
    PYTHON {
        @Override
        Program run(Programs programs, Map<String, String> environment, Path script, String... arguments)
                throws IOException {
            return programs.start(
                    "python",
                    command(List.of(pythonOrSkip()), script, arguments),
                    with(environment, "PYTHONUNBUFFERED", "1"));
        }
    },
    /** Node.js with the package ws in the place of the browser's WebSocket. */
    NODE_WS {
        @Override
        Program run(Programs programs, Map<String, String> environment, Path script, String... arguments)
                throws IOException {
            modulesOrSkip("ws");
            List<String> node = List.of(
                    "node",
                    "--require",
                    SCRIPTS.resolve("node/ws-as-browser.cjs").toString());
            return programs.start(
                    "node (ws)", command(node, script, arguments), with(environment, "NODE_PATH", MODULES.toString()));
        }
    },
    /** Node.js with the WebSocket that it has itself from version 20 on, written after the browsers'. */
    NODE_OWN {
        @Override
        Program run(Programs programs, Map<String, String> environment, Path script, String... arguments)
                throws IOException {
            List<String> node = List.of("node", "--experimental-websocket");
            Assumptions.assumeTrue(
                    succeeds("node", "--experimental-websocket", "--version"), "this node has no WebSocket of its own");
            return programs.start("node (own)", command(node, script, arguments), environment);
        }
    };

    static final Path SCRIPTS = Path.of("src", "test").toAbsolutePath();
    static final Path MODULES = Path.of(System.getProperty("robotstream.node.modules", "node_modules"))
            .toAbsolutePath();

    private static final Map<List<String>, Boolean> SUCCEEDED = new ConcurrentHashMap<>();

    /** Runs a script in this client's language. */
    abstract Program run(Programs programs, Map<String, String> environment, Path script, String... arguments)
            throws IOException;

    /** The example that the README shows in this client's language, subscribed to a topic of the test's. */
    public Program readmeExample(Programs programs, Path folder, String url, String token, String topic)
            throws IOException {
        return readmeExample(programs, Map.of(), folder, url, token, topic);
    }

    /** The same, which trusts a certificate by the variables that the README names. */
    public Program readmeExample(
            Programs programs, Certified robot, Path folder, String url, String token, String topic)
            throws IOException {
        String file = robot.certificate().toString();
        String variable = this == PYTHON ? "SSL_CERT_FILE" : "NODE_EXTRA_CA_CERTS";
        return readmeExample(programs, Map.of(Readme.named(variable), file), folder, url, token, topic);
    }

    private Program readmeExample(
            Programs programs, Map<String, String> environment, Path folder, String url, String token, String topic)
            throws IOException {
        String language = this == PYTHON ? "python" : "javascript";
        Path script = folder.resolve(name().toLowerCase(java.util.Locale.ROOT) + "-" + topic + suffix());
        Files.writeString(script, Readme.client(language, url, token, topic));
        return run(programs, environment, script);
    }

    /** A program that publishes one value as the document says, and ends. */
    public Program publish(Programs programs, String url, String token, String topic, String json) throws IOException {
        return run(programs, Map.of(), script("publish"), url + "?token=" + token, topic, json);
    }

    /** A program that prints {@code open}, and {@code closed}, code and reason when the other side closes. */
    public Program watch(Programs programs, String url, String token) throws IOException {
        return run(programs, Map.of(), script("watch"), url + "?token=" + token);
    }

    /**
     * A program that takes 50 messages a second of a topic whose values are times in ms, and prints how old the oldest was after the first
     * second, and how many it got, was told that it lost, and lost without being told.
     *
     * @param options of its subscription, JSON; {@code meta} is what it counts by
     * @param more for Python {@code sync}, the client without asyncio
     */
    public Program slow(
            Programs programs, String url, String token, String topic, Duration time, String options, String... more)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(url + "?token=" + token, topic, String.valueOf(time.toSeconds()), options));
        arguments.addAll(List.of(more));
        return run(programs, Map.of(), script("slow"), arguments.toArray(String[]::new));
    }

    private Path script(String name) {
        return SCRIPTS.resolve(this == PYTHON ? "python" : "node").resolve(name + suffix());
    }

    private String suffix() {
        return this == PYTHON ? ".py" : ".cjs";
    }

    private static String python() {
        return System.getProperty("robotstream.python", "python3");
    }

    /** A Python that has websockets, and these modules. */
    public static String pythonOrSkip(String... modules) {
        String all = String.join(
                ", ",
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("websockets"), java.util.stream.Stream.of(modules))
                        .toList());
        need(succeeds(python(), "-c", "import " + all), python() + " cannot import all of " + all);
        return python();
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(name, value);
        return all;
    }

    /** Where npm's packages are, these among them, on a machine that has Node.js. */
    public static Path modulesOrSkip(String... packages) {
        need(succeeds("node", "--version"), "node is not installed");
        for (String name : packages) {
            need(Files.isDirectory(MODULES.resolve(name)), "the npm package " + name + " is not in " + MODULES);
        }
        return MODULES;
    }

    private static List<String> command(List<String> runtime, Path script, String... arguments) {
        return java.util.stream.Stream.of(runtime, List.of(script.toString()), List.of(arguments))
                .flatMap(List::stream)
                .toList();
    }

    static void need(boolean there, String otherwise) {
        if (!there && Boolean.getBoolean("robotstream.require.clients")) {
            throw new AssertionError(otherwise + ", and robotstream.require.clients is true");
        }
        Assumptions.assumeTrue(there, otherwise);
    }

    /** Whether a command that finds out what is installed succeeds; run once. */
    static boolean succeeds(String... command) {
        return SUCCEEDED.computeIfAbsent(List.of(command), RealClients::runs);
    }

    private static boolean runs(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false; // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
