package io.github.robotstream.examples;

import io.github.robotstream.examples.testing.Program;
import io.github.robotstream.examples.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bare broker in a process of its own, on a port that was free, with a secret of its own. */
final class Served {
    private final Path secret;
    private final Program program;
    private final String url;

    private Served(Path secret, Program program, String url) {
        this.secret = secret;
        this.program = program;
        this.url = url;
    }

    /** Starts it and waits until it listens. */
    static Served start(Programs programs, Path folder, String... options) throws IOException, InterruptedException {
        return start("serve", programs, folder, options);
    }

    /** The demo's robot in its place. */
    static Served demo(Programs programs, Path folder) throws IOException, InterruptedException {
        return start("demo", programs, folder);
    }

    private static Served start(String what, Programs programs, Path folder, String... options)
            throws IOException, InterruptedException {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        List<String> command = new ArrayList<>(List.of(what, "--port", "0", "--secret-file", secret.toString()));
        command.addAll(Arrays.asList(options));
        Program program = programs.demoJar(command.toArray(String[]::new));
        return new Served(secret, program, address(program));
    }

    /** The address in the line that says that a broker listens. */
    static String address(Program program) throws InterruptedException {
        return program.awaitLine("listening ").replaceFirst("^listening ", "");
    }

    /** A token for it with every right of a client. */
    String token() {
        Secret key = new Secret.FromFile().convert(secret.toString());
        return new TokenMint(key, Clock.systemUTC()).mint("tester", Duration.ofHours(1));
    }

    Path secret() {
        return secret;
    }

    Program program() {
        return program;
    }

    String url() {
        return url;
    }
}
