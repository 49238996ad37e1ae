package io.github.robotstream.internal.store;

import io.github.robotstream.Message;
import io.github.robotstream.internal.store.StoreWork.StoreCall;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.worker.Budget;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.internal.worker.Worker;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The broker's side of a topic store. {@link #append}, {@link #read} and {@link #forget} are for the broker thread, {@link
 * #start} for the one that starts the broker, the rest for any. Calls reach the store in their order. What the store throws or
 * loses for being slow is counted and told to the log: {@code store_failed}, {@code store_goes_on}, {@code store_messages_lost},
 * {@code store_topics_forgotten}.
 */
public final class StoreRunner {
    /** How many messages wait; what comes beyond is lost to the store. */
    static final int MAX_MESSAGES = 8_192;
    /** How many bytes of them wait; what comes beyond is lost to the store. */
    static final long MAX_BYTES = 8L << 20;
    /** How many reads wait; further ones are refused. So few that what is to be kept does not wait long between them. */
    static final int MAX_READS = 64;
    /** How many topics wait to be forgotten; further ones are forgotten when the store is closed. */
    static final int MAX_FORGETS = 16_384;
    /** How many messages one call of the store takes. */
    static final int MAX_BATCH = 1_024;

    private final TopicStore store;
    private final StoreReport report;
    private final TopicsBehind behind = new TopicsBehind();
    private final Worker<StoreCall> worker;
    private final Budget messages = new Budget(MAX_MESSAGES, MAX_BYTES);
    private final Budget reads = new Budget(MAX_READS, MAX_READS);
    private final Budget forgets = new Budget(MAX_FORGETS, MAX_FORGETS);
    private long lastTicket;

    /**
     * For one life of a broker. The log is told on the broker thread, the store thread or the one that closes; it must not wait.
     */
    public StoreRunner(
            TopicStore store, BrokerClock clock, Consumer<LogEntry> log, BiConsumer<String, Throwable> userFaults) {
        this.store = store;
        this.report = new StoreReport(store.getClass().getName(), clock, log, userFaults);
        this.worker = new Worker<>("robotstream-store", MAX_BATCH, new StoreWork(store, report, behind));
    }

    /** Opens the store, starts its thread, and returns where each stored topic stands; a store that fails is closed again. */
    public List<StoredTopic> start() throws IOException {
        try {
            store.log(report::tell);
            List<StoredTopic> topics = StoreAnswers.opened(store.open());
            topics.forEach(topic -> behind.stores(topic.name()));
            worker.start();
            return topics;
        } catch (Throwable cause) {
            closeAfter(cause);
            if (cause instanceof IOException e) {
                throw e;
            }
            throw new IOException(
                    "topic store " + store.getClass().getName() + " could not be opened: " + FailureText.of(cause),
                    cause);
        }
    }

    private void closeAfter(Throwable cause) {
        try {
            store.close();
        } catch (Throwable e) {
            if (e != cause) {
                cause.addSuppressed(e);
            }
        }
    }

    /**
     * Has a message of a topic kept, and never waits. If there is no room, the message is lost to the store; unless a later one of its topic
     * gets in, the topic is forgotten when the store is closed, since its numbering could not go on.
     *
     * @param bytes how much it takes while it waits
     * @param message makes its text, which takes its time, on the store's thread
     */
    public boolean append(String topic, int bytes, Supplier<Message> message) {
        long ticket = ++lastTicket;
        boolean first = behind.stores(topic);
        boolean taken = false;
        try {
            taken = worker.offer(new StoreCall.Append(topic, message, ticket), messages, bytes);
        } catch (OutOfMemoryError passing) {
            // not taken
        }
        if (!taken) {
            notTaken(topic, first, ticket);
        }
        return taken;
    }

    private void notTaken(String topic, boolean first, long ticket) {
        if (first) {
            behind.forgets(topic);
        } else {
            behind.lost(topic, ticket);
        }
        report.overflowed();
    }

    /**
     * Has messages read. The answer comes on the store thread, and what is attached to it must not wait. It fails with what the
     * store threw, with RejectedExecutionException if too many reads wait or the store is closing, or with IOException at the
     * close.
     */
    public CompletableFuture<List<Message>> read(String topic, long afterSequence, int limit) {
        CompletableFuture<List<Message>> answer = new CompletableFuture<>();
        if (!worker.offer(new StoreCall.Read(topic, afterSequence, limit, answer), reads, 1)) {
            answer.completeExceptionally(new RejectedExecutionException(
                    "the topic store is closing, or " + MAX_READS + " reads wait for it already"));
        }
        return answer;
    }

    /** Has a topic forgotten, after everything that was asked for before; never waits. */
    public void forget(String topic) {
        long ticket = ++lastTicket;
        boolean taken = false;
        try {
            taken = worker.offer(new StoreCall.Forget(topic, ticket), forgets, 1);
        } finally {
            if (!taken) {
                behind.lost(topic, ticket);
            }
        }
        behind.forgets(topic);
    }

    /** How many messages were lost to the store: there was no room, the store threw, or it was stuck at the end. */
    public long lost() {
        return report.lost();
    }

    public long failures() {
        return worker.failures();
    }

    /**
     * Gives the store what waits and closes it on its thread. A call that does not come back within the limit is interrupted and
     * left alone, and false returned; the store is closed when the call comes back after all.
     */
    public boolean close(Duration limit) {
        return worker.close(limit);
    }
}
