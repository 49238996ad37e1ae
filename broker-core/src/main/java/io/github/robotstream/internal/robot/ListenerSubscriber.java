package io.github.robotstream.internal.robot;

import io.github.robotstream.Subscription;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicListener;
import io.github.robotstream.internal.jfr.FlightEvents;
import io.github.robotstream.internal.jfr.Span;
import io.github.robotstream.internal.loop.DueTimer;
import io.github.robotstream.internal.routing.CommandWatchdog;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.DeliveryOptions;
import io.github.robotstream.internal.routing.LocalQueue;
import io.github.robotstream.internal.routing.LossCause;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.Subscriber;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of robot code with a listener: a bounded queue that one callback thread at a time empties.
 *
 * <p>Its lock is held for a few steps only, never while the listener runs.
 */
final class ListenerSubscriber<T> extends Subscriber implements Subscription, Callbacks.Served {
    private static final int MESSAGES_A_TURN = 64;

    private final Reader<T> reader;
    private final TopicListener<? super T> listener;
    private final Callbacks callbacks;
    private final Counters counters;
    private final SubscriptionLog log;
    private final Consumer<ListenerSubscriber<?>> onClose;
    private final LocalQueue queue;
    private final DueTimer due;
    private final Callbacks.Service service;
    /** They go before all that waits; one for each topic. */
    private final ArrayDeque<RoutedMessage> safeValues = new ArrayDeque<>(0);

    private long outdated;
    private long skipped;
    private boolean closed;

    /** Makes what a listener hears out of a message. */
    interface Reader<T> {
        T read(RoutedMessage message) throws Exception;
    }

    /**
     * A subscription that is not in the table yet.
     *
     * @param onClose told once
     */
    ListenerSubscriber(
            TopicFilter filter,
            Reader<T> reader,
            TopicListener<? super T> listener,
            DeliveryOptions options,
            long maxQueuedBytes,
            Callbacks callbacks,
            RoutingContext context,
            Consumer<ListenerSubscriber<?>> onClose) {
        super(filter);
        this.reader = reader;
        this.listener = listener;
        this.callbacks = callbacks;
        this.counters = context.router().counters();
        this.log = new SubscriptionLog(filter, context);
        this.onClose = onClose;
        this.queue = new LocalQueue(options, maxQueuedBytes, filter.isExact(), context.clock(), new Losses());
        this.due = new DueTimer(context.loop(), context.clock(), this::releaseDue);
        this.service = callbacks.service(this);
    }

    @Override
    protected Object owner() {
        return this;
    }

    /** Never throws: of those who get the message others come after this one. */
    @Override
    protected void offer(RoutedMessage message) {
        boolean begins;
        boolean holdsSome;
        synchronized (this) {
            if (closed) {
                counters.lost(LossCause.ENDED, 1);
                return;
            }
            enqueue(message);
            begins = beginsToWait();
            holdsSome = queue.holdsSome();
        }
        if (begins) {
            service.begin();
        }
        if (holdsSome) {
            awaitDue();
        }
    }

    private void enqueue(RoutedMessage message) {
        if (!message.isSafeValue()) {
            queue.offer(message);
            return;
        }
        if (safeValues.removeIf(older -> older.topicName().equals(message.topicName()))) {
            skip();
        }
        safeValues.add(message);
    }

    /** Whether it waits to be served from now on, and did not before. */
    private synchronized boolean beginsToWait() {
        return !(queue.isEmpty() && safeValues.isEmpty()) && service.beginsToWait();
    }

    /** Has messages that are held back released when the first of them is due; broker thread. */
    private void awaitDue() {
        OptionalLong next = nextDueNanos();
        if (next.isPresent()) {
            due.at(next.getAsLong());
        }
    }

    private synchronized OptionalLong nextDueNanos() {
        return queue.holdsSome() ? OptionalLong.of(queue.nextDueNanos()) : OptionalLong.empty();
    }

    private void releaseDue() {
        boolean begins;
        synchronized (this) {
            queue.releaseDue();
            begins = beginsToWait();
        }
        if (begins) {
            service.begin();
        }
        awaitDue();
    }

    @Override
    protected synchronized void retainedUpTo(long lastOrdinal) {
        queue.retainedUpTo(lastOrdinal);
    }

    /** Counts and tells what the queue loses. */
    private final class Losses implements LocalQueue.Tally {
        @Override
        public void lost(LossCause cause) {
            counters.lost(cause, 1);
            log.lost(cause);
        }

        @Override
        public void skipped() {
            skip();
        }
    }

    private void skip() {
        skipped++;
        counters.add(Counters.Count.SKIPPED, 1);
    }

    /** Calls the listener with some of what waits; true if there may be more. */
    @Override
    public boolean serve() {
        for (int i = 0; i < MESSAGES_A_TURN; i++) {
            RoutedMessage message = next();
            if (message == null) {
                return false;
            }
            try {
                if (isOutdated(message)) {
                    loseOutdated();
                } else {
                    call(message);
                }
            } catch (Throwable t) {
                log.failed(t);
            }
        }
        return true;
    }

    private static boolean isOutdated(RoutedMessage message) {
        CommandWatchdog watchdog = message.watchdog();
        return watchdog != null && watchdog.outdates(message);
    }

    private synchronized void loseOutdated() {
        outdated++;
        counters.lost(LossCause.TOO_OLD, 1);
        log.lost(LossCause.TOO_OLD);
    }

    private @Nullable RoutedMessage next() {
        while (dropsTooOld()) {}
        return takeNext();
    }

    private synchronized boolean dropsTooOld() {
        return !callbacks.hasEnded() && queue.dropsTooOld();
    }

    private synchronized @Nullable RoutedMessage takeNext() {
        RoutedMessage message = callbacks.hasEnded() ? null : pollNext();
        if (message == null) {
            service.rests();
        }
        return message;
    }

    private @Nullable RoutedMessage pollNext() {
        RoutedMessage safeValue = safeValues.poll();
        return safeValue == null ? queue.poll() : safeValue;
    }

    private void call(RoutedMessage message) throws Exception {
        T value;
        try {
            value = reader.read(message);
        } catch (Throwable t) {
            begins();
            throw t;
        }
        if (begins()) {
            hear(message, value);
        }
    }

    private void hear(RoutedMessage message, T value) throws Exception {
        Span call = FlightEvents.listenerCall(message.topicName());
        String outcome = "failed";
        try {
            listener.onMessage(value);
            outcome = "returned";
        } finally {
            call.end(outcome);
        }
    }

    /** Counts a message whose call begins, unless the subscription was closed after the message was taken. */
    private synchronized boolean begins() {
        if (closed) {
            counters.lost(LossCause.ENDED, 1);
        } else {
            counters.add(Counters.Count.DELIVERED, 1);
        }
        return !closed;
    }

    // For the one who serves it.

    @Override
    public Callbacks callbacks() {
        return callbacks;
    }

    @Override
    public boolean hearsLog() {
        return filter().matches(SubscriptionLog.LOGS);
    }

    @Override
    public synchronized long dropped() {
        return queue.lost() + outdated;
    }

    @Override
    public synchronized long skipped() {
        return skipped;
    }

    @Override
    public void close() {
        if (end()) {
            onClose.accept(this);
        }
    }

    /** No call of the listener begins after this. Returns whether it was open. */
    synchronized boolean end() {
        boolean first = !closed;
        closed = true;
        counters.lost(LossCause.ENDED, queue.clear() + safeValues.size());
        safeValues.clear();
        return first;
    }
}
