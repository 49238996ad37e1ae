package io.github.robotstream.client;

import com.google.gson.JsonObject;
import io.github.robotstream.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a topic or filter, in order, as fast as they are taken:
 *
 * <pre>{@code
 * try (ClientSubscription<Pose> poses = robot.subscribe(POSE)) {
 *     for (RobotMessage<Pose> pose : poses) {
 *         System.out.println(pose.value());
 *     }
 * }
 * }</pre>
 *
 * <p>It outlives the connection: it is made again on the next one and goes on where it was. What waits is bounded (1,024 messages and
 * 4 Mi characters, or as the options say); what is lost is told in {@link RobotMessage#dropped} of the next message.
 *
 * <p>Thread: any, one at a time.
 *
 * @param <T> the type of the values
 */
public final class ClientSubscription<T> implements Iterable<RobotMessage<T>>, AutoCloseable {
    /** Makes a value of what came. */
    interface Reader<T> {
        T read(Payload payload) throws Exception;
    }

    private final String filter;
    private final SubscribeOptions options;
    private final Reader<T> reader;
    private final Consumer<ClientSubscription<T>> onEnd;
    private final Consumer<ClientSubscription<T>> onEmpty;
    private final CompletableFuture<Boolean> known = new CompletableFuture<>();

    // Of the client's thread.
    final String name;
    private final Resume resume;
    private boolean listening;

    // Under this object's monitor.
    private final MessageBuffer buffer;
    private @Nullable IOException failure;
    private boolean paused;
    private boolean closed;

    /**
     * @param name on the wire
     * @param onEmpty is called when all was taken after {@link #offer} has refused a message
     */
    ClientSubscription(
            String filter,
            String name,
            SubscribeOptions options,
            Reader<T> reader,
            Consumer<ClientSubscription<T>> onEnd,
            Consumer<ClientSubscription<T>> onEmpty) {
        this.filter = filter;
        this.name = name;
        this.options = options;
        this.reader = reader;
        this.onEnd = onEnd;
        this.onEmpty = onEmpty;
        this.resume = new Resume(filter, options.resumes(), options.since());
        this.buffer = new MessageBuffer(options);
    }

    /** {@return the topic or filter} */
    public String filter() {
        return filter;
    }

    /**
     * {@return when the broker has accepted it: whether somebody has declared or published to a topic that matches} Completes with
     * the refusal otherwise.
     */
    public CompletableFuture<Boolean> accepted() {
        return known.copy();
    }

    /**
     * Waits for the next message.
     *
     * @return empty if none came in that time
     * @throws RequestException if the broker refuses the subscription, or has ended it with a newer token
     * @throws ConnectionEndedException if the client has stopped, or this was closed
     * @throws IOException if the value is none of the topic's; the next call goes on behind it
     */
    public Optional<RobotMessage<T>> next(Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        RobotMessage<Payload> message;
        synchronized (this) {
            message = takeOrThrow();
            while (message == null) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                wait(left / 1_000_000 + 1);
                message = takeOrThrow();
            }
        }
        return Optional.of(read(message));
    }

    /** {@return the next message if one waits already: for control loops} Throws as {@link #next}. */
    public Optional<RobotMessage<T>> poll() throws IOException {
        RobotMessage<Payload> message;
        synchronized (this) {
            message = takeOrThrow();
        }
        return message == null ? Optional.empty() : Optional.of(read(message));
    }

    private @Nullable RobotMessage<Payload> takeOrThrow() throws IOException {
        if (closed) {
            throw new ConnectionEndedException(1000, "the subscription was closed");
        }
        RobotMessage<Payload> message = buffer.take();
        if (message == null && failure != null) {
            throw failure;
        }
        if (paused && buffer.size() == 0) {
            paused = false;
            onEmpty.accept(this);
        }
        return message;
    }

    private RobotMessage<T> read(RobotMessage<Payload> message) throws IOException {
        try {
            return message.with(reader.read(message.value()));
        } catch (Exception notOne) {
            throw new IOException("a value of " + message.topic() + " cannot be read", notOne);
        }
    }

    /**
     * The messages from now on; {@code hasNext} waits. It ends when this or the client is closed, or the thread is interrupted, and throws
     * {@link UncheckedIOException} where {@link #next} throws.
     */
    @Override
    public Iterator<RobotMessage<T>> iterator() {
        return new Iterator<>() {
            private @Nullable RobotMessage<T> ahead;

            @Override
            public boolean hasNext() {
                try {
                    while (ahead == null) {
                        ahead = next(Duration.ofHours(1)).orElse(null);
                    }
                    return true;
                } catch (ConnectionEndedException end) {
                    if (end.code() == 1000) {
                        return false;
                    }
                    throw new UncheckedIOException(end);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }

            @Override
            public RobotMessage<T> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                RobotMessage<T> message = java.util.Objects.requireNonNull(ahead);
                ahead = null;
                return message;
            }

            private Optional<RobotMessage<T>> next(Duration timeout) throws IOException, InterruptedException {
                return ClientSubscription.this.next(timeout);
            }
        };
    }

    /** Ends it; whoever waits is told. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
        }
        onEnd.accept(this);
    }

    // ---- on the client's thread

    /** The request that makes it, on a new connection or again; nothing is taken in before its ack. */
    JsonObject request() {
        listening = false;
        JsonObject wanted = options.toJson();
        var since = resume.since();
        if (since != null) {
            wanted.add("since", since);
        }
        JsonObject body = Connection.action("subscribe", "options", wanted);
        body.addProperty("topic", filter);
        body.addProperty("sub", name);
        return body;
    }

    void accepted(JsonObject ack) {
        listening = true;
        resume.answered(ack);
        known.complete(Frames.flag(ack, "known"));
    }

    /** Takes a message in; false if there is no room and none may be lost: then nothing is taken until it was made again. */
    boolean offer(RobotMessage<Payload> arrived) {
        RobotMessage<Payload> message = listening ? resume.judged(arrived) : null;
        if (message == null) {
            return true;
        }
        synchronized (this) {
            if (!buffer.offer(message)) {
                paused = true;
                listening = false;
                return false;
            }
            notifyAll();
        }
        resume.passed(message);
        return true;
    }

    /** Nothing will come any more; what waits is taken first. */
    void fail(IOException why) {
        synchronized (this) {
            failure = failure == null ? why : failure;
            notifyAll();
        }
        known.completeExceptionally(why);
    }
}
