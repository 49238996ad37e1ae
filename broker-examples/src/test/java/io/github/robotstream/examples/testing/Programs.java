package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts programs for one test, ends them all after it, and shows what they wrote if it failed. */
public final class Programs implements AfterEachCallback {
    private final List<Program> started = new ArrayList<>();

    /** The jar under test with these arguments, on the Java that runs the tests, told to start rather than run fast. */
    public Program demoJar(String... arguments) throws IOException {
        String jar = System.getProperty("robotstream.demo.jar");
        if (jar == null) {
            throw new IllegalStateException("robotstream.demo.jar is not set: run these tests with mvn verify");
        }
        List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-jar", jar));
        command.addAll(Arrays.asList(arguments));
        return start(arguments.length == 0 ? "demo" : arguments[0], command, Map.of());
    }

    /**
     * The jar under test as a user for whom permissions of files count; for root they do not.
     *
     * @param folder that everybody may read; the jar is copied into it
     */
    public Program demoJarAsNobody(Path folder, String... arguments) throws IOException, InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return demoJar(arguments);
        }
        List<String> nobody =
                List.of(Installed.orSkip("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups", java());
        Path jar = folder.resolve("demo.jar");
        if (!Files.exists(jar)) {
            Files.copy(Path.of(System.getProperty("robotstream.demo.jar")), jar);
        }
        Program java = start(
                "java", Stream.concat(nobody.stream(), Stream.of("-version")).toList(), Map.of());
        Assumptions.assumeTrue(java.awaitExit() == 0, "this Java is for root alone");
        Stream<String> command =
                Stream.concat(Stream.of("-XX:TieredStopAtLevel=1", "-jar", jar.toString()), Stream.of(arguments));
        return start(arguments[0], Stream.concat(nobody.stream(), command).toList(), Map.of());
    }

    /** Any program. */
    public Program start(String name, List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        // All traffic stays on this machine, whatever proxy it is told to use.
        builder.environment()
                .keySet()
                .removeIf(key -> key.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        Program program = new Program(name, builder.start());
        started.add(program);
        return program;
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        for (Program program : started) {
            program.kill();
        }
        if (context.getExecutionException().isPresent()) {
            started.forEach(program -> System.err.println("---- " + program.transcript()));
        }
    }

    /** The Java that runs the tests. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
