package io.github.robotstream.examples.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A running program: what it writes, how it ends. {@link Programs} starts it and sees to it that it ends. */
public final class Program {
    /** Ten times what anything here may take on a slow machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final Lines out;
    private final Lines err;

    Program(String name, Process process) {
        this.name = name;
        this.process = process;
        this.out = Lines.of(process.getInputStream(), name + " stdout");
        this.err = Lines.of(process.getErrorStream(), name + " stderr");
    }

    /** Waits for a line on standard output that a test accepts; what came before may be that line. */
    public String awaitLine(String what, Predicate<String> wanted) throws InterruptedException {
        return out.await(wanted, PATIENCE)
                .orElseThrow(() -> new AssertionError("no line with " + what + " came from " + transcript()));
    }

    /** Waits for a line on standard output that holds a text. */
    public String awaitLine(String text) throws InterruptedException {
        return awaitLine("\"" + text + "\"", line -> line.contains(text));
    }

    /** Waits until the program has ended by itself. */
    public int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    /** The same, for one that has much to do. */
    public int awaitExit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it did not end: " + transcript());
        }
        return process.exitValue();
    }

    /** All it wrote on standard output, once it has ended. */
    public List<String> allOut() throws InterruptedException {
        return out.awaitAll(PATIENCE);
    }

    /** All it wrote on standard error, once it has ended. */
    public List<String> allErr() throws InterruptedException {
        return err.awaitAll(PATIENCE);
    }

    /** Asks it to end, as a service manager does (SIGTERM). */
    public void terminate() {
        process.toHandle().destroy(); // unlike the process's own method it leaves the output to be read
    }

    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    String transcript() {
        return name
                + (process.isAlive() ? " (running)" : " (exit code " + process.exitValue() + ")")
                + section(out, "out")
                + section(err, "err");
    }

    private static String section(Lines lines, String stream) {
        StringBuilder text = new StringBuilder();
        lines.soFar()
                .forEach(line ->
                        text.append("\n    ").append(stream).append(": ").append(line));
        return text.toString();
    }
}
