package io.github.robotstream.internal;

import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.routing.History;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.StoredPage;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.store.StoreRunner;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the topic store has, for the broker thread, which never waits for it: what is asked is done on the store's thread, and the answer
 * comes back in a turn. A store that gives none is waited for {@value #SECONDS} s.
 */
final class StoredHistory implements History {
    static final int SECONDS = 5;
    /** An answer brings a page. */
    private static final int ANSWERS_A_TURN = 4;

    private final BrokerClock clock;
    private @Nullable Attached attached;
    /** Questions that have no answer yet. Broker thread. */
    private int open;

    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private final LoopTask turn = new Turn();

    private record Attached(StoreRunner store, BrokerLoop loop) {}

    /** One without a store. */
    StoredHistory(BrokerClock clock) {
        this.clock = clock;
    }

    /** There is a store; before anything runs. */
    void attach(StoreRunner store, BrokerLoop loop) {
        attached = new Attached(store, loop);
    }

    private final class Turn extends LoopTask {
        @Override
        protected boolean take() {
            for (int i = 0; i < ANSWERS_A_TURN; i++) {
                Runnable answer = answers.poll();
                if (answer == null) {
                    return false;
                }
                answer.run();
            }
            return !answers.isEmpty();
        }
    }

    @Override
    public void keep(RoutedMessage message) {
        if (attached != null && !message.isBuiltIn()) {
            attached.store.append(message.topicName(), message.envelope().size(), message::toMessage);
        }
    }

    @Override
    public void forget(String topic) {
        if (attached != null) {
            attached.store.forget(topic);
        }
    }

    @Override
    public boolean isReadable() {
        return attached != null;
    }

    /** Whether no answer is awaited. Broker thread. */
    boolean isIdle() {
        return open == 0;
    }

    @Override
    public void read(TopicState topic, long afterSequence, int limit, Consumer<StoredPage> then) {
        Attached present = attached;
        if (present == null) {
            throw new IllegalStateException("there is no store to read from");
        }
        Question question = new Question(present.loop, page -> {
            open--;
            then.accept(page);
        });
        open++;
        var unused = present.store.read(topic.name(), afterSequence, limit).whenComplete((messages, failure) -> {
            // Here, on the store's thread: to look at a page of text takes its time.
            StoredPage page =
                    messages == null ? new StoredPage(List.of(), failure) : StoredPage.of(topic, messages, clock);
            answers.add(() -> question.answer(page));
            present.loop.wake(turn);
        });
    }

    /** Broker thread. */
    private static final class Question {
        private final BrokerLoop loop;
        private final Timers.Timer limit;
        private @Nullable Consumer<StoredPage> then;

        Question(BrokerLoop loop, Consumer<StoredPage> then) {
            this.loop = loop;
            this.then = then;
            this.limit = loop.schedule(TimeUnit.SECONDS.toNanos(SECONDS), this::giveUp);
        }

        void answer(StoredPage page) {
            Consumer<StoredPage> asking = then;
            then = null;
            if (asking != null) {
                loop.cancel(limit);
                asking.accept(page);
            }
        }

        private void giveUp() {
            answer(new StoredPage(
                    List.of(), new TimeoutException("the topic store has not answered within " + SECONDS + " s")));
        }
    }
}
