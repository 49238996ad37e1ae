package io.github.robotstream.testing;

import io.github.robotstream.Message;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store that remembers its calls, and that blocks or throws when a test says so. It keeps the messages of each topic
 * without bounds. Safe for use by several threads.
 */
public final class FakeStore implements TopicStore {
    private final Gate gate = new Gate();
    private final List<String> calls = new ArrayList<>();
    private final List<String> threads = new ArrayList<>();
    private final List<List<Message>> batches = new ArrayList<>();
    private final Map<String, List<Message>> kept = new TreeMap<>();
    private @Nullable List<StoredTopic> standing = List.of();
    private @Nullable Throwable failure;

    /** What the next {@code open} answers; null stands for a store that breaks its contract. */
    public synchronized FakeStore standing(@Nullable List<StoredTopic> topics) {
        standing = topics;
        return this;
    }

    /** From now on every call throws this, whatever it is; null ends that. */
    public synchronized FakeStore failWith(@Nullable Throwable thrown) {
        failure = thrown;
        return this;
    }

    /** From now on every call stands still until {@link #release}, or until its thread is interrupted. */
    public FakeStore block() {
        gate.shut(false);
        return this;
    }

    /** As {@link #block}, but deaf to interrupts. */
    public FakeStore blockDeaf() {
        gate.shut(true);
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

    /** The calls so far, each when it began: {@code open}, {@code append 2}, {@code read pose}, {@code forget pose}, {@code close}. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** The names of the threads of {@link #calls()}. */
    public synchronized List<String> threads() {
        return List.copyOf(threads);
    }

    /** What was appended, without the batches that failed. */
    public synchronized List<List<Message>> batches() {
        return List.copyOf(batches);
    }

    @Override
    public List<StoredTopic> open() throws IOException {
        enter("open");
        synchronized (this) {
            return standing;
        }
    }

    @Override
    public void append(List<Message> batch) throws IOException {
        enter("append " + batch.size());
        synchronized (this) {
            batches.add(batch);
            batch.forEach(
                    m -> kept.computeIfAbsent(m.topic(), t -> new ArrayList<>()).add(m));
        }
    }

    @Override
    public List<Message> read(String topic, long afterSequence, int limit) throws IOException {
        enter("read " + topic);
        synchronized (this) {
            return kept.getOrDefault(topic, List.of()).stream()
                    .filter(m -> m.sequence() > afterSequence)
                    .limit(limit)
                    .toList();
        }
    }

    @Override
    public void forget(String topic) throws IOException {
        enter("forget " + topic);
        synchronized (this) {
            kept.remove(topic);
        }
    }

    @Override
    public void close() throws IOException {
        enter("close");
    }

    private void enter(String call) throws IOException {
        synchronized (this) {
            calls.add(call);
            threads.add(Thread.currentThread().getName());
        }
        gate.pass();
        synchronized (this) {
            if (failure != null) {
                FakeStore.<IOException>throwAny(failure);
            }
        }
    }

    @SuppressWarnings("unchecked")
    static <E extends Throwable> void throwAny(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** Where calls stand still while it is shut. */
    static final class Gate {
        private static final Duration PATIENCE = Duration.ofSeconds(20);

        private boolean shut;
        private boolean deaf;
        private int standing;

        synchronized void shut(boolean deafToInterrupts) {
            shut = true;
            deaf = deafToInterrupts;
        }

        synchronized void open() {
            shut = false;
            notifyAll();
        }

        synchronized void pass() throws InterruptedIOException {
            standing++;
            notifyAll();
            while (shut) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    if (!deaf) {
                        standing--;
                        throw new InterruptedIOException("interrupted");
                    }
                }
            }
            standing--;
        }

        synchronized void awaitStanding() {
            long begin = System.nanoTime();
            while (!(shut && standing > 0)) {
                long left = PATIENCE.toMillis() - (System.nanoTime() - begin) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("no call stands still after " + PATIENCE);
                }
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError("interrupted", e);
                }
            }
        }
    }
}
