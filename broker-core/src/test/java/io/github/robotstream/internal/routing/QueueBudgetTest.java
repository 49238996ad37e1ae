package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The bound on all sessions' queues together. */
class QueueBudgetTest {
    private static final int SIZE = 100;

    private final RouterFixture fixture = new RouterFixture();
    private final QueueBudget budget = new QueueBudget(100 * SIZE);
    private final TopicState topic = fixture.topic("t");

    private RouterFixture.Client client() {
        RouterFixture.Client client = fixture.new Client(10_000, 1 << 20, budget);
        client.subscribe("t");
        return client;
    }

    /** A message of 100 bytes. */
    private void publish() {
        fixture.route(Messages.ofSize(topic, SIZE));
    }

    @Test
    void whoeverHasMostWaitingLosesFirstAndWhoKeepsUpLosesNothing() {
        RouterFixture.Client stuck = client();
        int received = 0;
        RouterFixture.Client prompt = client();
        for (int i = 0; i < 1_000; i++) {
            publish();
            received += prompt.receive().size();
        }
        assertThat(received).isEqualTo(1_000);
        assertThat(stuck.queue.bytes()).isLessThanOrEqualTo(100 * SIZE);
        assertThat(fixture.counters.losses())
                .containsEntry(LossCause.ALL_QUEUES_FULL, 1_000L - stuck.queue.messages())
                .containsEntry(LossCause.QUEUE_FULL, 0L);
    }

    @Test
    void allTogetherNeverHoldMoreThanTheBound() {
        List<RouterFixture.Client> clients = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            clients.add(client());
        }
        for (int i = 0; i < 500; i++) {
            publish();
            long sum = clients.stream().mapToLong(c -> c.queue.bytes()).sum();
            assertThat(sum).isLessThanOrEqualTo(100 * SIZE);
        }
        for (RouterFixture.Client client : clients) {
            assertThat(client.receive()).as("what is left is the newest").isNotEmpty();
        }
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void whoLosesKeepsItsNewerHalf() {
        RouterFixture.Client client = client();
        for (int i = 1; i <= 101; i++) {
            publish();
        }
        assertThat(client.queue.messages()).isEqualTo(50);
        assertThat(fixture.counters.losses()).containsEntry(LossCause.ALL_QUEUES_FULL, 51L);
    }

    @Test
    void theBytesOfAQueueThatEndsAreGivenBack() {
        for (int i = 0; i < 20; i++) {
            RouterFixture.Client client = client();
            for (int j = 0; j < 60; j++) {
                publish();
            }
            client.queue.subscriptions().forEach(fixture.router.subscriptions()::remove);
            client.queue.end();
        }
        assertThat(fixture.counters.losses()).containsEntry(LossCause.ALL_QUEUES_FULL, 0L);
    }

    @Test
    void aQueueThatEndedIsForgotten() {
        RouterFixture.Client client = client();
        WeakReference<DeliveryQueue> ended = new WeakReference<>(client.queue);
        client.queue.subscriptions().forEach(fixture.router.subscriptions()::remove);
        client.queue.end();
        client = client();
        Awaitility.await().until(() -> {
            System.gc();
            return ended.refersTo(null);
        });
        assertThat(client.queue.messages()).isZero();
    }

    @Test
    void onlyTheBrokerThreadTouchesTheListOfQueuesThatMayLose() throws InterruptedException {
        client();
        AtomicBoolean done = new AtomicBoolean();
        // As it is with clients that get in: each queue is made on the thread that judges the client.
        List<Thread> makers = Stream.generate(() -> new Thread(() -> makeQueuesUntil(done)))
                .limit(2)
                .toList();
        makers.forEach(Thread::start);
        try {
            for (int i = 0; i < 20_000; i++) {
                publish();
            }
        } finally {
            done.set(true);
            for (Thread maker : makers) {
                maker.join();
            }
        }
    }

    private void makeQueuesUntil(AtomicBoolean done) {
        while (!done.get()) {
            RouterFixture.Client late = fixture.new Client(10, 1 << 20, budget);
            assertThat(late.queue.messages()).isZero();
        }
    }

    @Test
    void aQueueWithoutSubscriptionsIsNotAmongThoseThatMayLose() {
        RouterFixture.Client leaves = client();
        WeakReference<DeliveryQueue> unsubscribed = new WeakReference<>(leaves.queue);
        WeakReference<DeliveryQueue> neverSubscribed =
                new WeakReference<>(fixture.new Client(10, 1 << 20, budget).queue);
        List.copyOf(leaves.queue.subscriptions()).forEach(fixture.router::unsubscribe);
        leaves = client();
        Awaitility.await().until(() -> {
            System.gc();
            return unsubscribed.refersTo(null) && neverSubscribed.refersTo(null);
        });
        assertThat(leaves.queue.messages()).isZero();
    }

    @Test
    void theLossOfOneSessionsMessageIsToldThatSessionOnly() {
        RouterFixture.Client stuck = client();
        RouterFixture.Client prompt = client();
        for (int i = 0; i < 300; i++) {
            publish();
            prompt.receive();
        }
        assertThat(Queues.untold(stuck.queue.subscriptions().get(0))).isEqualTo(300L - stuck.queue.messages());
        assertThat(Queues.untold(prompt.queue.subscriptions().get(0))).isZero();
    }
}
