package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.testing.Outbound;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue against a list that does the same slowly: whatever is put in and taken out, they hold the same. */
class DeliveryQueueModelTest {
    private static final int MAX_MESSAGES = 40;
    private static final int MAX_BYTES = 12_000;

    private final List<Entry> model = new ArrayList<>();
    private final List<RemoteSubscriber> subscriptions = new ArrayList<>();
    private final TopicState topic = Messages.topic("t");
    private long modelLost;
    private long modelEnded;

    private record Entry(RemoteSubscriber owner, OutboundMessage message) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theyAlwaysHoldTheSame(long seed) {
        Random random = new Random(seed);
        Counters counters = new Counters();
        DeliveryQueue queue = Queues.of(FrameStyle.ENVELOPE, MAX_MESSAGES, MAX_BYTES, counters);
        // Phases in which more comes than goes, and the other way round, make it grow, fill up with gaps, and empty.
        int eagerness = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i % 500 == 0) {
                eagerness = random.nextInt(10);
            }
            int dice = random.nextInt(100);
            if (dice < 2 && subscriptions.size() < 6) {
                RemoteSubscriber added = Queues.subscriber("t", queue);
                queue.add(added);
                subscriptions.add(added);
            } else if (dice < 3 && !subscriptions.isEmpty()) {
                remove(queue, subscriptions.remove(random.nextInt(subscriptions.size())));
            } else if (dice < 6) {
                OutboundMessage reply = Outbound.message("reply " + i);
                queue.reply(reply);
                model.add(new Entry(null, reply));
            } else if (dice < 10 + 8 * eagerness && !subscriptions.isEmpty()) {
                // Often the same one, so that the others' entries are passed over again and again.
                RemoteSubscriber owner =
                        subscriptions.get(random.nextInt(4) > 0 ? 0 : random.nextInt(subscriptions.size()));
                offer(owner, someMessages(random));
            } else {
                takeOne(queue);
            }
            assertThat(queue.messages()).isEqualTo((int)
                    model.stream().filter(e -> e.owner() != null).count());
            assertThat(queue.bytes()).isEqualTo(bytes(model));
        }
        while (!model.isEmpty()) {
            takeOne(queue);
        }
        assertThat(queue.peek()).isNull();
        assertThat(queue.replies()).isZero();
        assertThat(counters.losses())
                .containsEntry(LossCause.QUEUE_FULL, modelLost)
                .containsEntry(LossCause.ENDED, modelEnded);
        assertThat(modelLost).as("the test does what it is for").isGreaterThan(100);
    }

    /** Usually one. */
    private RoutedMessage[] someMessages(Random random) {
        RoutedMessage[] some = new RoutedMessage[random.nextInt(3) == 0 ? 1 + random.nextInt(8) : 1];
        for (int i = 0; i < some.length; i++) {
            some[i] = Messages.ofSize(
                    topic, 100 + random.nextInt(random.nextInt(20) > 0 ? 200 : some.length == 1 ? 9_000 : 1_500));
        }
        return some;
    }

    private void offer(RemoteSubscriber owner, RoutedMessage... messages) {
        if (messages.length == 1) {
            owner.offer(messages[0]);
        } else {
            owner.offer(Messages.run(messages));
        }
        for (RoutedMessage message : messages) {
            offer(owner, message.envelope().message());
        }
    }

    private void takeOne(DeliveryQueue queue) {
        if (model.isEmpty()) {
            assertThat(queue.peek()).isNull();
            return;
        }
        Entry first =
                model.stream().filter(e -> e.owner() == null).findFirst().orElse(model.get(0)); // replies go first
        model.remove(first);
        assertThat(queue.peek()).isSameAs(first.message());
        int before = queue.gone();
        queue.pop();
        assertThat(queue.gone() - before).isEqualTo(first.owner() == null ? 0 : 1);
    }

    private void remove(DeliveryQueue queue, RemoteSubscriber subscription) {
        queue.remove(subscription);
        modelEnded += model.stream().filter(e -> e.owner() == subscription).count();
        model.removeIf(e -> e.owner() == subscription);
    }

    private void offer(RemoteSubscriber owner, OutboundMessage message) {
        while (messages() > 0 && (messages() >= MAX_MESSAGES || bytes(model) + message.length() > MAX_BYTES)) {
            RemoteSubscriber largest = subscriptions.get(0);
            for (RemoteSubscriber s : subscriptions) {
                boolean single = messagesOf(s) == 1;
                boolean largestIsSingle = messagesOf(largest) <= 1;
                if (messagesOf(s) > 0
                        && (single == largestIsSingle ? bytesOf(s) > bytesOf(largest) : largestIsSingle)) {
                    largest = s;
                }
            }
            RemoteSubscriber loser = largest;
            Entry oldest =
                    model.stream().filter(e -> e.owner() == loser).findFirst().orElseThrow();
            model.remove(oldest);
            modelLost++;
        }
        model.add(new Entry(owner, message));
    }

    private long messagesOf(RemoteSubscriber owner) {
        return model.stream().filter(e -> e.owner() == owner).count();
    }

    private int messages() {
        return (int) model.stream().filter(e -> e.owner() != null).count();
    }

    private int bytesOf(RemoteSubscriber owner) {
        return bytes(model.stream().filter(e -> e.owner() == owner).toList());
    }

    private static int bytes(List<Entry> entries) {
        return entries.stream()
                .filter(e -> e.owner() != null)
                .mapToInt(e -> e.message().length())
                .sum();
    }
}
