package io.github.robotstream.testing;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sink that remembers what it was given, and that blocks, throws or does something of its own when a test says so. Safe
 * for use by several threads.
 */
public final class FakeSink implements LogSink {
    private final FakeStore.Gate gate = new FakeStore.Gate();
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<String> threads = new ArrayList<>();
    private Consumer<LogEntry> onWrite = entry -> {};
    private @Nullable Throwable failure;
    private int closed;

    /** From now on every call throws this, whatever it is; null ends that. */
    public synchronized FakeSink failWith(@Nullable Throwable thrown) {
        failure = thrown;
        return this;
    }

    /** What every {@code write} does from now on, on the sink's thread. */
    public synchronized FakeSink onWrite(Consumer<LogEntry> action) {
        onWrite = action;
        return this;
    }

    /** From now on every call stands still until {@link #release}, or until its thread is interrupted. */
    public FakeSink block() {
        gate.shut(false);
        return this;
    }

    /** Lets the call that stands still go on, and all that follow. */
    public void release() {
        gate.open();
    }

    /** Waits until a call stands still. */
    public void awaitBlocked() {
        gate.awaitStanding();
    }

    /** What it was given so far, also what it threw for. */
    public synchronized List<LogEntry> entries() {
        return List.copyOf(entries);
    }

    /** The events of {@link #entries()}. */
    public synchronized List<String> events() {
        return entries.stream().map(LogEntry::event).toList();
    }

    /** The names of the threads that called it. */
    public synchronized List<String> threads() {
        return List.copyOf(threads);
    }

    /** How many times it was closed. */
    public synchronized int closed() {
        return closed;
    }

    @Override
    public void write(LogEntry entry) throws IOException {
        Consumer<LogEntry> action;
        synchronized (this) {
            entries.add(entry);
            action = onWrite;
        }
        enter();
        action.accept(entry);
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed++;
        }
        enter();
    }

    private void enter() throws IOException {
        synchronized (this) {
            threads.add(Thread.currentThread().getName());
        }
        gate.pass();
        synchronized (this) {
            if (failure != null) {
                FakeStore.<IOException>throwAny(failure);
            }
        }
    }
}
