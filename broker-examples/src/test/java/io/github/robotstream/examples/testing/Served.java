package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bare broker in a process of its own, on a port that was free, with a secret of its own. */
public final class Served {
    private final Programs programs;
    private final Path secret;
    private final Program program;
    private final String url;

    private Served(Programs programs, Path secret, Program program, String url) {
        this.programs = programs;
        this.secret = secret;
        this.program = program;
        this.url = url;
    }

    /** Starts it and waits until it listens. */
    public static Served start(Programs programs, Path folder, String... options)
            throws IOException, InterruptedException {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        List<String> command = new ArrayList<>(List.of("serve", "--port", "0", "--secret-file", secret.toString()));
        command.addAll(Arrays.asList(options));
        Program program = programs.demoJar(command.toArray(String[]::new));
        return new Served(programs, secret, program, address(program));
    }

    /** The address in the line that says that a broker listens. */
    public static String address(Program program) throws InterruptedException {
        return program.awaitLine("listening ").replaceFirst("^listening ", "");
    }

    /** A token that the jar's own command mints. */
    public String token(String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("token", "--subject", "tester", "--secret-file", secret.toString()));
        command.addAll(Arrays.asList(options));
        return programs.demoJar(command.toArray(String[]::new)).awaitLine(".");
    }

    public Path secret() {
        return secret;
    }

    public Program program() {
        return program;
    }

    public String url() {
        return url;
    }
}
