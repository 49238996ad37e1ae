package io.github.robotstream.internal.store;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
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
import java.util.function.Consumer;

/**
 * The broker's side of a topic store: nobody but the thread {@code robotstream-store} waits for it.
 *
 * <p>Thread: {@link #start} on the thread that starts the broker; {@link #append}, {@link #read} and {@link #forget} on
 * the broker thread alone; the rest anywhere. Calls reach the store in the order in which they were asked for. What the
 * store throws, and what it loses for being slow, is counted and told to the log: {@code store_failed},
 * {@code store_goes_on}, {@code store_messages_lost}, {@code store_topics_forgotten}.
 */
public final class StoreRunner {
    /** How many messages wait; what comes beyond is lost to the store. */
    static final int MAX_MESSAGES = 8_192;
    /** How many characters of payload wait; what comes beyond is lost to the store. */
    static final long MAX_CHARACTERS = 8L << 20;
    /** How many reads wait; further ones are refused. */
    static final int MAX_READS = 256;
    /** How many topics wait to be forgotten; further ones are forgotten when the store is closed. */
    static final int MAX_FORGETS = 16_384;
    /** How many messages one call of the store takes. */
    static final int MAX_BATCH = 1_024;

    private final TopicStore store;
    private final StoreReport report;
    private final TopicsBehind behind = new TopicsBehind();
    private final Worker<StoreCall> worker;
    private final Budget messages = new Budget(MAX_MESSAGES, MAX_CHARACTERS);
    private final Budget reads = new Budget(MAX_READS, MAX_READS);
    private final Budget forgets = new Budget(MAX_FORGETS, MAX_FORGETS);
    private long lastTicket;

    /**
     * A runner for one life of a broker.
     *
     * @param log told of losses and failures, on the broker thread, the store thread or the one that closes; must not wait
     */
    public StoreRunner(TopicStore store, BrokerClock clock, Consumer<LogEntry> log) {
        this.store = store;
        this.report = new StoreReport("topic store " + store.getClass().getName(), clock, log);
        this.worker = new Worker<>("robotstream-store", MAX_BATCH, new StoreWork(store, report, behind));
    }

    /**
     * Opens the store on the calling thread, and starts the store thread.
     *
     * @return where each stored topic stands
     * @throws IOException if the store cannot be opened, whatever it threw; it is closed again then
     */
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
     * Has a message kept, and never waits.
     *
     * @return false if there is no room: the message is lost to the store. Unless a later message of its topic gets in,
     *     the topic is forgotten when the store is closed, since its numbering could not go on
     */
    public boolean append(Message message) {
        long ticket = ++lastTicket;
        boolean first = behind.stores(message.topic());
        boolean taken = false;
        try {
            taken = worker.offer(new StoreCall.Append(message, ticket), messages, characters(message.payload()));
        } finally {
            if (!taken) { // also for want of memory
                notTaken(message.topic(), first, ticket);
            }
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

    private static long characters(Payload payload) {
        return (long) payload.json().length()
                + payload.name().length()
                + payload.type().length();
    }

    /**
     * Has messages read, after everything that was asked for before.
     *
     * @return the answer, completed on the store thread; what is attached to it must not wait. It fails with what the
     *     store threw, with {@link RejectedExecutionException} if too many reads wait or the store is closing, or with
     *     IOException if the store does not answer until the broker closes. Who gives up waiting cancels it
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

    /** How many calls of the store threw. */
    public long failures() {
        return worker.failures();
    }

    /**
     * Takes nothing more, gives the store what waits and closes it on the store thread, once. A call that does not come
     * back within the limit is interrupted and left alone; the store is closed when it comes back after all.
     *
     * @return whether all that was done within the limit
     */
    public boolean close(Duration limit) {
        return worker.close(limit);
    }
}
