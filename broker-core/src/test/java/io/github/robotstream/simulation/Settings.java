package io.github.robotstream.simulation;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Priority;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The settings of a broker that matter to how it delivers. */
record Settings(
        int queuedMessages,
        int queuedBytes,
        long allQueuedBytes,
        int laneMessages,
        int flushMillis,
        boolean hasPriorities,
        boolean hasStore) {
    static final List<String> TOPICS = List.of("a/x", "a/y", "b/x", "high", "a/low", "cmd/x", "cmd/high", "camera");
    /** Robot code publishes bytes there. */
    static final String CAMERA = "camera";

    static final Topic<ByteBuffer> CAMERA_TOPIC = Topic.binary(CAMERA, "image/jpeg");
    static final List<String> FILTERS = List.of("#", "a/+", "+/x", "cmd/#");
    static final Duration THIN_AFTER = Duration.ofSeconds(2);

    private static final long PLENTY = 1L << 40;
    private static final long LITTLE = 64 << 10;
    private static final int FEW = 64;

    static Settings random(Random random) {
        boolean isBudgetSmall = random.nextInt(6) == 0;
        boolean isLaneSmall = random.nextInt(5) == 0;
        int queuedMessages =
                isBudgetSmall || isLaneSmall ? 1_024 : List.of(FEW, 300, 1_024).get(random.nextInt(3));
        boolean hasStore = random.nextInt(10) == 0;
        return new Settings(
                queuedMessages,
                isBudgetSmall || random.nextInt(3) > 0 ? 1 << 20 : 100 << 10,
                isBudgetSmall ? LITTLE : PLENTY,
                isLaneSmall ? 16 : 1_024,
                random.nextInt(3) == 0 ? 5 : 0,
                random.nextBoolean(),
                hasStore && !isBudgetSmall && queuedMessages > FEW);
    }

    /** Whether the witness may lose messages as well. */
    boolean isBudgetSmall() {
        return allQueuedBytes == LITTLE;
    }

    boolean isLaneSmall() {
        return laneMessages < 100;
    }

    void putInto(BrokerBuilder builder) {
        builder.flushInterval(Duration.ofMillis(flushMillis))
                .limits(limits -> limits.queuedMessagesPerSession(queuedMessages)
                        .queuedBytesPerSession(queuedBytes)
                        .queuedBytes(allQueuedBytes)
                        .publishQueueMessages(laneMessages)
                        .thinAfter(THIN_AFTER)
                        .topicIdle(Duration.ofDays(1))
                        .requestRate(RequestRate.unlimited()));
        builder.topic(CAMERA_TOPIC, options -> options.priority(priority(CAMERA)));
        for (String name : TOPICS.subList(0, TOPICS.indexOf(CAMERA))) {
            Topic<Object> topic = name.startsWith("cmd")
                    ? Topic.command(name, "any", Object.class)
                    : Topic.state(name, "any", Object.class);
            builder.topic(topic, options -> options.uncheckedFromClients().priority(priority(name)));
        }
    }

    private Priority priority(String topic) {
        if (!hasPriorities) {
            return Priority.NORMAL;
        }
        return topic.endsWith("high") ? Priority.HIGH : topic.endsWith("low") ? Priority.LOW : Priority.NORMAL;
    }
}
