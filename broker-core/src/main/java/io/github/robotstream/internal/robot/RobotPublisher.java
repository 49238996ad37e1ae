package io.github.robotstream.internal.robot;

import io.github.robotstream.Payload;
import io.github.robotstream.Sender;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.codec.GsonCodec;
import io.github.robotstream.internal.codec.ValueCheck;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.RobotLane;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.RoutingContext;
import io.github.robotstream.internal.routing.TopicMaker;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.topic.TopicName;
import io.github.robotstream.internal.worker.FailureText;
import io.github.robotstream.internal.worker.Pool;
import io.github.robotstream.spi.LogEntry;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens in the robot's thread when it publishes: the value is encoded, framed and put in the robot lane. Nothing here
 * waits, takes a lock, or throws for a value.
 */
public final class RobotPublisher {
    private static final int MOST_TOLD = 10_000;
    private static final String UNCHECKED = ", or declare the topic uncheckedFromClients()";

    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final RobotLane lane;
    private final Router router;
    private final int maxMessageBytes;
    private final Consumer<LogEntry.Builder> log;
    /** Topics whose trouble was told already. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private final Pool<JsonScan> scans = new Pool<>(JsonScan::new);

    private volatile boolean closed;

    /**
     * A publisher.
     *
     * @param lane the entrance of the context's loop
     * @param maxMessageBytes the largest message, in bytes of the documented frame
     */
    public RobotPublisher(RoutingContext context, RobotLane lane, int maxMessageBytes) {
        this.clock = context.clock();
        this.loop = context.loop();
        this.lane = lane;
        this.router = context.router();
        this.maxMessageBytes = maxMessageBytes;
        this.log = context.log();
    }

    /** See {@code RobotStreamBroker.publish}. */
    public <T> boolean publish(Topic<T> topic, T value) {
        Objects.requireNonNull(value, "value");
        TopicState state = router.topics().declare(topic);
        if (closed) {
            return refused(topic.name(), "the broker is closed");
        }
        Envelope envelope;
        try {
            envelope = envelope(state, topic, value);
        } catch (Throwable t) {
            return refused(topic.name(), "a value could not be encoded", FailureText.of(t));
        }
        return offer(state, envelope);
    }

    /** See {@code RobotStreamBroker.publishOwned}. */
    public boolean publishOwned(Topic<ByteBuffer> topic, ByteBuffer bytes) {
        if (!topic.isBinary()) {
            throw new IllegalArgumentException(topic + " is not of bytes: take a topic of Topic.binary");
        }
        byte[] array = ownArray(bytes);
        if (array == null) {
            return publish(topic, bytes);
        }
        TopicState state = router.topics().declare(topic);
        return closed
                ? refused(topic.name(), "the broker is closed")
                : offer(state, Envelope.ofBytes(state.head(), head(state), array, bytes.remaining()));
    }

    /** The array that is taken over; null if the bytes are not its first ones, or a small part of it, as all of it would be kept. */
    private static byte @Nullable [] ownArray(ByteBuffer bytes) {
        if (!bytes.hasArray() || bytes.arrayOffset() + bytes.position() > 0) {
            return null;
        }
        byte[] array = bytes.array();
        return bytes.remaining() >= array.length / 2 ? array : null;
    }

    private static PayloadHead head(TopicState state) {
        return Objects.requireNonNull(state.declaration()).payloadHead();
    }

    private <T> Envelope envelope(TopicState state, Topic<T> topic, T value) throws Exception {
        PayloadHead head = head(state);
        if (topic.isBinary()) {
            return Envelope.ofCopy(state.head(), head, (ByteBuffer) value);
        }
        String json = Objects.requireNonNull(topic.codec().encode(value), "text of a codec");
        if (topic.codec() instanceof GsonCodec) {
            return Envelope.ofValue(state.head(), head, json);
        }
        return checkedEnvelope(state, head, json); // another codec's text: clients would be sent what it gets wrong
    }

    private Envelope checkedEnvelope(TopicState state, PayloadHead head, String json) throws JsonException {
        JsonScan scan = scans.take();
        try {
            return Envelope.ofValue(state.head(), head, json, scan);
        } finally {
            scans.giveBack(scan);
        }
    }

    /** See {@code RobotStreamBroker.publish}. */
    public boolean publish(String topic, Payload payload) {
        TopicState known = router.topics().find(topic);
        if (known == null) {
            TopicName.check(topic);
        }
        if (TopicName.isReserved(topic)) {
            throw new IllegalArgumentException("topic name \"" + topic + "\" belongs to the broker");
        }
        if (closed) {
            return refused(topic, "the broker is closed");
        }
        TopicState state = known != null ? known : router.topics().findOrMake(topic, TopicMaker.ROBOT);
        if (state == null) {
            return refused(topic, "there are too many topics");
        }
        Topic<?> declared = state.checkedTopic();
        if (declared != null) {
            requireType(declared, payload);
        }
        Envelope envelope;
        try {
            envelope = envelope(state, payload);
        } catch (JsonException e) {
            return refused(topic, "the payload is not JSON: " + e.getMessage());
        }
        if (declared != null && !declared.isBinary()) {
            requireValue(declared, payload);
        }
        return offer(state, envelope);
    }

    private static void requireType(Topic<?> topic, Payload payload) {
        boolean binary = payload.bytes().isPresent();
        if (binary != topic.isBinary() || !payload.type().equals(topic.type())) {
            throw new IllegalArgumentException("the payload is " + kind(binary) + " of the type \""
                    + JsonErrors.excerpt(payload.type()) + "\", and "
                    + topic + " takes " + kind(topic.isBinary()) + " of \"" + topic.type() + "\": publish that"
                    + UNCHECKED);
        }
    }

    private static String kind(boolean binary) {
        return binary ? "bytes" : "JSON";
    }

    private static void requireValue(Topic<?> topic, Payload payload) {
        ValueCheck.Misfit misfit = ValueCheck.check(topic, payload.json(), true);
        if (misfit != null) {
            String why = misfit.reason().orElse("its codec does not read it");
            throw new IllegalArgumentException(
                    "the payload's JSON is no value of " + topic + ": " + why + "; publish one that is" + UNCHECKED,
                    misfit.fault());
        }
    }

    private Envelope envelope(TopicState state, Payload payload) throws JsonException {
        PayloadHead head = state.payloadHead(payload.name(), payload.type());
        JsonScan scan = scans.take();
        try {
            return Envelope.ofPayload(state.head(), head, payload, scan);
        } finally {
            scans.giveBack(scan);
        }
    }

    private boolean offer(TopicState state, Envelope envelope) {
        if (envelope.size() > maxMessageBytes) {
            return refused(
                    state.name(),
                    "a message of " + envelope.size() + " bytes is larger than the " + maxMessageBytes
                            + " of messageBytes: raise that limit on the builder, and have clients say max_frame_bytes if they are to"
                            + " have more than 1 MiB at once, or publish less");
        }
        lane.offer(new RoutedMessage(state, envelope, Sender.ROBOT, clock.nanoTime(), null).byRobotCode());
        loop.entranceHasMore();
        return true;
    }

    private boolean refused(String topic, String why) {
        return refused(topic, why, null);
    }

    private boolean refused(String topic, String why, @Nullable String detail) {
        router.counters().add(Counters.Count.REFUSED, 1);
        if (told.size() < MOST_TOLD && told.add(topic)) {
            // Robot code that ends after its broker has no fault.
            LogEntry.Level level = closed ? LogEntry.Level.INFO : LogEntry.Level.ERROR;
            LogEntry.Builder entry =
                    LogEntry.of(level, "publish_refused", topic + ": " + why).topic(topic);
            log.accept(detail == null ? entry : entry.detail(detail));
        }
        return false;
    }

    /** From now on everything is refused. */
    public void close() {
        closed = true;
    }
}
