package io.github.robotstream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A program of the tests in a JVM of its own, on the same class path; what it prints is kept. */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Long> values = new ConcurrentHashMap<>();
    private final Thread reader;

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = new Thread(this::readAll, "test-child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@code main} with options of the JVM and arguments of its own. */
    public static ChildJvm start(Class<?> main, List<String> options, String... arguments) throws IOException {
        return run(command(main, options, arguments));
    }

    /** The same on another class path. */
    public static ChildJvm startOn(String classPath, String main, String... arguments) throws IOException {
        return run(command(main, List.of(), classPath, arguments));
    }

    /** The main class of a module, {@code module/class}, without a class path. */
    public static ChildJvm startModule(String modulePath, String main, String... arguments) throws IOException {
        return run(command(main, List.of("--module-path", modulePath, "--module"), "", arguments));
    }

    /** The same with so few file descriptors. */
    public static ChildJvm startWithDescriptors(int descriptors, Class<?> main) throws IOException {
        // By itself the JVM raises the limit again, as far as it may.
        return startWithin("-n " + descriptors, main, List.of("-XX:-MaxFDLimit"));
    }

    /** The same with so little address space, which threads need for their stacks. */
    public static ChildJvm startWithAddressSpace(long kibibytes, Class<?> main, List<String> options)
            throws IOException {
        return startWithin("-v " + kibibytes, main, options);
    }

    /** The same with a lower priority, by which it gets about a third of the processor's time of an equal who wants it too. */
    public static ChildJvm startWithLowerPriority(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("nice", "-n", "5"));
        command.addAll(command(main, List.of(), arguments));
        return run(command);
    }

    /** By a shell that is replaced by it. */
    private static ChildJvm startWithin(String limit, Class<?> main, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit " + limit + " && exec \"$@\"", "sh"));
        command.addAll(command(main, options));
        return run(command);
    }

    private static List<String> command(Class<?> main, List<String> options, String... arguments) {
        return command(main.getName(), options, System.getProperty("java.class.path"), arguments);
    }

    private static List<String> command(String main, List<String> options, String classPath, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", classPath));
        }
        command.add(main);
        command.addAll(List.of(arguments));
        return command;
    }

    private static ChildJvm run(List<String> command) throws IOException {
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The number that it prints as {@code name=number}. */
    public long value(String name) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        synchronized (lines) {
            while (!values.containsKey(name)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || !reader.isAlive()) {
                    throw new AssertionError("it did not print " + name + " but " + lines);
                }
                lines.wait(left);
            }
        }
        return values.get(name);
    }

    /** Whether it has printed {@code name=number}. */
    public boolean hasTold(String name) {
        return values.containsKey(name);
    }

    /** Lets it go on where it waits for a line. */
    public void goOn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end; it printed " + output());
        }
        reader.join(10_000);
        return process.exitValue();
    }

    /** Ends it at once, as the system would for want of memory, and waits for that. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** All that it printed, errors included. */
    public List<String> output() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    private void readAll() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                take(line);
            }
        } catch (IOException gone) {
            take("its output could not be read: " + gone);
        } finally {
            synchronized (lines) {
                lines.notifyAll();
            }
        }
    }

    private void take(String line) {
        synchronized (lines) {
            lines.add(line);
            if (line.matches("\\w+=\\d+")) {
                int equals = line.indexOf('=');
                values.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
            }
            lines.notifyAll();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
