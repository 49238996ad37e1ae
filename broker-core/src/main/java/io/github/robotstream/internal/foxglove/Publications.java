package io.github.robotstream.internal.foxglove;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.protocol.RawPayload;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.topic.TopicName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The channels that one client has announced to publish on. To announce makes no topic and needs no right: a viewer announces some by itself,
 * whatever the robot has. The thread that reads.
 */
final class Publications {
    private static final int MOST = 256;
    private static final int MAX_TYPE_CHARACTERS = 200;
    /** A message on a topic stands in a frame and a data object. */
    private static final int LEVELS_AROUND_VALUE = 2;

    private final Function<String, Optional<Topic<?>>> declared;
    private final Map<Integer, Publication> byNumber = new HashMap<>();

    /** @param declared finds what robot code has declared by that name; any thread */
    Publications(Function<String, Optional<Topic<?>>> declared) {
        this.declared = declared;
    }

    /** A channel of the client's, and how its messages become values of the topic, as that was declared last. */
    private static final class Publication {
        final String topic;
        final String schemaName;

        @Nullable
        Topic<?> known;

        PayloadHead head;
        boolean wrapped;
        boolean used;

        Publication(String topic, String schemaName) {
            this.topic = topic;
            this.schemaName = schemaName;
            this.head = new PayloadHead(topic, schemaName);
        }

        /** The word for the type is the robot's: clients name schemas as their own worlds do. */
        void lookAgain(@Nullable Topic<?> present) {
            if (present != known) {
                known = present;
                head = new PayloadHead(topic, present == null ? schemaName : present.type());
                wrapped = present != null
                        && present.schema()
                                .map(PlainSchema::of)
                                .orElse(PlainSchema.ANY)
                                .wraps();
            }
        }
    }

    void announce(Elements.Members channel) throws RequestRejectedException {
        String topic = channel.text("topic");
        String schemaName = channel.text("schemaName");
        try {
            TopicName.check(topic);
        } catch (IllegalArgumentException e) {
            throw Rejections.of(ErrorCode.BAD_TOPIC, String.valueOf(e.getMessage()));
        }
        if (!channel.text("encoding").equals("json")) {
            throw Rejections.badRequest("what is published on " + topic + " has to have the encoding \"json\"");
        }
        if (schemaName.length() > MAX_TYPE_CHARACTERS) {
            throw Rejections.badRequest("the schema's name of " + topic + " has more than " + MAX_TYPE_CHARACTERS
                    + " characters; shorten it");
        }
        int number = channel.number("id");
        if (byNumber.size() >= MOST && !byNumber.containsKey(number)) {
            throw Rejections.of(ErrorCode.TOO_MANY_TOPICS, "a session may announce " + MOST + " channels");
        }
        byNumber.put(number, new Publication(topic, schemaName));
    }

    /** {@return the topic of the channel that ends, if the client has published there and has no other channel of it} */
    Optional<String> end(int number) {
        Publication ended = byNumber.remove(number);
        return Optional.ofNullable(ended)
                .filter(channel -> channel.used)
                .map(channel -> channel.topic)
                .filter(topic -> byNumber.values().stream().noneMatch(other -> other.topic.equals(topic)));
    }

    /** The message that stands in these bytes from a place on, as a publish. */
    Request.Publish message(int number, byte[] bytes, int start, JsonScan scan) throws RequestRejectedException {
        Publication channel = byNumber.get(number);
        if (channel == null) {
            throw Rejections.badRequest(
                    "there is no client channel " + Integer.toUnsignedString(number) + ": advertise it first");
        }
        try {
            scan.read(bytes, start, bytes.length - start, JsonScan.MAX_DEPTH - LEVELS_AROUND_VALUE);
        } catch (JsonException e) {
            throw Rejections.of(ErrorCode.BAD_JSON, "on " + channel.topic + ": " + e.getMessage());
        }
        channel.used = true;
        channel.lookAgain(declared.apply(channel.topic).orElse(null));
        int value = channel.wrapped && scan.kind(ROOT) == JsonKind.OBJECT ? scan.member(ROOT, "value") : ROOT;
        int member = value == ABSENT ? ROOT : value;
        RawPayload payload = RawPayload.around(channel.head, bytes, scan.valueStart(member), scan.valueEnd(member));
        return new Request.Publish(Optional.empty(), channel.topic, payload, true, Optional.empty(), Long.MAX_VALUE);
    }
}
