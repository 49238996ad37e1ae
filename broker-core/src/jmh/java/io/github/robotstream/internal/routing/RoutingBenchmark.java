package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.Optional;
import io.github.robotstream.internal.protocol.Dialects;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Matching filters, and the queues that a message goes through: each is emptied as it is filled. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoutingBenchmark {
    private static final int MESSAGES = 1024;
    private static final int BYTES = 4 << 20;

    private final TopicFilter filter = TopicFilter.of("arm/+/joints/#");
    private final SubscriptionTable table = new SubscriptionTable();
    private final RobotLane lane = new RobotLane(MESSAGES, BYTES, new MessageRun(MESSAGES, BYTES), taken -> {});
    private final DeliveryQueue queue = new DeliveryQueue(
            new Dialects().of(FrameStyle.ENVELOPE),
            new DeliveryQueue.Context(
                    new BoundedQueue.Bounds(MESSAGES, BYTES),
                    new QueueBudget(BYTES),
                    new Counters(),
                    BrokerClock.SYSTEM,
                    0,
                    0),
            DeliveryQueue.Listener.NONE);
    private final RemoteSubscriber subscriber = new RemoteSubscriber(filter, Optional.empty(), queue);
    private final TopicState topic = new TopicState("arm/left/joints/elbow", "e", 0, new AgePlaces());
    private final RoutedMessage message = new RoutedMessage(
            topic,
            Envelope.ofValue(topic.head(), new PayloadHead("elbow", "float"), "0.1234"),
            Sender.ROBOT,
            0,
            null);

    /** A thousand filters in the table, of which two match. */
    public RoutingBenchmark() {
        for (int i = 0; i < 1000; i++) {
            table.add(new RemoteSubscriber(TopicFilter.of("sensor/" + i + "/+"), Optional.empty(), queue));
        }
        table.add(subscriber);
        table.add(new RemoteSubscriber(TopicFilter.of("#"), Optional.empty(), queue));
        queue.add(subscriber);
    }

    /** One filter against one topic. */
    @Benchmark
    public boolean match() {
        return filter.matches("arm/left/joints/elbow");
    }

    /** All filters against one topic, as is done when a subscription has changed. */
    @Benchmark
    public Object matchAll() {
        return table.matching("arm/left/joints/elbow");
    }

    /** From the robot's thread to the broker's. */
    @Benchmark
    public int robotLane() {
        lane.offer(message);
        return lane.take();
    }

    /** Through one session's queue. */
    @Benchmark
    public boolean deliveryQueue() {
        queue.offer(subscriber, message);
        return queue.pop();
    }
}
