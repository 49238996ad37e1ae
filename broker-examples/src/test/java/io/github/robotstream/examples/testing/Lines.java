package io.github.robotstream.examples.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a program has written so far, line by line, for those who wait for a certain one. */
final class Lines {
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    /** Begins to read, on a thread of its own, until the stream ends. */
    static Lines of(InputStream stream, String name) {
        Lines lines = new Lines();
        Thread reader = new Thread(() -> lines.readAll(stream), name);
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    /** Waits for the first line, of those that came and those to come, that a test accepts. */
    synchronized Optional<String> await(Predicate<String> wanted, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int i = 0; ; i++) {
            while (i == lines.size()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (ended || left <= 0) {
                    return Optional.empty();
                }
                wait(left);
            }
            if (wanted.test(lines.get(i))) {
                return Optional.of(lines.get(i));
            }
        }
    }

    /** Waits until the program can write no more. */
    synchronized List<String> awaitAll(Duration timeout) throws InterruptedException {
        await(line -> false, timeout);
        return List.copyOf(lines);
    }

    synchronized List<String> soFar() {
        return List.copyOf(lines);
    }

    private void readAll(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(cannot be read any further: " + e.getMessage() + ")");
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
