package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Subscription;
import io.github.robotstream.SubscriptionSettings;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Robot code of a {@link StressRun} that listens to other topics again and again, and looks at the order of what it hears. */
final class StressListener {
    private static final List<String> FILTERS = List.of("#", "arm/+", "base/#", "battery", "cmd/#");
    /** Each lets the newest value of a topic through in the end. */
    private static final List<Consumer<SubscriptionSettings>> OPTIONS = List.of(
            usual -> {},
            SubscriptionSettings::keepAll,
            SubscriptionSettings::latest,
            settings -> settings.rateHz(50),
            settings -> settings.latest().rateHz(200),
            settings -> settings.maxAge(Duration.ofMinutes(1)));

    private final RobotStreamBroker broker;
    private final Random random;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private String filter = "#";
    private Heard heard = new Heard();
    private Subscription subscription;

    /** What one subscription heard; used by one callback at a time. */
    private final class Heard implements TopicListener<Message> {
        final Map<String, Long> sequences = new ConcurrentHashMap<>();
        final Map<String, String> values = new ConcurrentHashMap<>();

        @Override
        public void onMessage(Message message) {
            Long before = sequences.put(message.topic(), message.sequence());
            if (before != null && before >= message.sequence()) {
                faults.add(message.topic() + ": " + message.sequence() + " came after " + before);
            }
            values.put(message.topic(), message.payload().json());
        }
    }

    StressListener(RobotStreamBroker broker, long seed) {
        this.broker = broker;
        this.random = new Random(seed);
        this.subscription = subscribe();
    }

    private Subscription subscribe() {
        filter = FILTERS.get(random.nextInt(FILTERS.size()));
        heard = new Heard();
        boolean retained = random.nextBoolean();
        int queue = random.nextBoolean() ? 16 : 1024;
        Consumer<SubscriptionSettings> options = OPTIONS.get(random.nextInt(OPTIONS.size()));
        return broker.subscribe(TopicFilter.of(filter), heard, settings -> {
            options.accept(settings);
            settings.queueLimit(queue);
            if (retained) {
                settings.retained();
            }
        });
    }

    void runUntil(AtomicBoolean end) {
        while (!end.get()) {
            for (int i = random.nextInt(100); i > 0 && !end.get(); i--) {
                LockSupport.parkNanos(1); // lets the other threads have their turn
            }
            subscription.close();
            subscription = subscribe();
        }
    }

    /** Fails unless the newest value of a topic was heard, if it is subscribed to it, or something came out of order. */
    void expectNewest(String topic, long number) {
        assertThat(faults).isEmpty();
        if (TopicFilter.of(filter).matches(topic)) {
            Awaitility.await(topic + " reaches a listener to " + filter)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> heard.values.getOrDefault(topic, "").contains("\"n\":" + number + ","));
        }
    }
}
