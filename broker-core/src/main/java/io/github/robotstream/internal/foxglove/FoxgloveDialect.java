package io.github.robotstream.internal.foxglove;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.protocol.Action;
import io.github.robotstream.internal.protocol.DeliveryNote;
import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.protocol.ServiceNotice;
import io.github.robotstream.internal.protocol.TopicNotice;
import io.github.robotstream.internal.protocol.Unasked;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Foxglove's subprotocol as one client speaks it. */
final class FoxgloveDialect implements Dialect, Unasked {
    private static final byte MESSAGE_DATA = 1;
    private static final byte TIME = 2;
    private static final int MESSAGE_HEAD_BYTES = 13;
    private static final int TIME_BYTES = 9;
    private static final byte[] NOTHING = {};
    private static final int WARNING = 1;
    private static final int ERROR = 2;
    /** The viewers have advice for a status of this very text. */
    private static final String DROPPED = "Send buffer limit reached";

    private final Foxglove.Parts parts;
    private final ClientMessages client;

    FoxgloveDialect(Foxglove.Parts parts) {
        this.parts = parts;
        this.client = new ClientMessages(parts);
    }

    @Override
    public void read(byte[] message, boolean binary, Consumer<Request> requests) throws RequestRejectedException {
        JsonScan scan = parts.scans().take();
        try {
            if (binary) {
                client.binary(message, scan, requests);
            } else {
                client.text(message, scan, requests);
            }
        } finally {
            scan.forget();
            parts.scans().giveBack(scan);
        }
    }

    @Override
    public OutboundMessage delivery(Envelope message, boolean binary) {
        throw new IllegalStateException("every subscription of this dialect has a name");
    }

    @Override
    public OutboundMessage delivery(Envelope message, boolean binary, DeliveryNote note) {
        String name = note.sub().orElseThrow();
        long wallMicros = note.numbers().orElseThrow().wallMicros();
        Form form = Form.ofName(name);
        OutboundMessage body = parts.bodies().of(message, form, wallMicros);
        byte[] head = littleEndian(MESSAGE_HEAD_BYTES + body.head().length)
                .put(MESSAGE_DATA)
                .putInt(form.numberOf(name))
                .putLong(TimeUnit.MICROSECONDS.toNanos(wallMicros))
                .put(body.head())
                .array();
        return body.withHead(head);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Optional<OutboundMessage> error(RequestError error) {
        String message = error.code().word() + ": " + error.message();
        return Optional.of(
                error.request().equals(Optional.of(Action.CALL)) && error.id().isPresent()
                        ? failure(CallNumbers.of(error.id().get()), message)
                        : status(ERROR, message, Optional.empty()));
    }

    private static OutboundMessage failure(CallNumbers call, String message) {
        JsonWriter out = op("serviceCallFailure");
        out.key("serviceId").number(Integer.toUnsignedLong(call.service()));
        out.key("callId").number(Integer.toUnsignedLong(call.call()));
        return text(out.key("message").string(message));
    }

    @Override
    public Optional<OutboundMessage> progress(Request.Call call, String progress) {
        return Optional.empty();
    }

    @Override
    public OutboundMessage answer(Request.Call call, String reply) {
        return ServiceCalls.response(call, reply);
    }

    @Override
    public OutboundMessage unsubscribed(String topic, Optional<String> sub) {
        return status(WARNING, "the token does not allow to subscribe to " + topic + " any more", Optional.empty());
    }

    @Override
    public OutboundMessage authExpiring(Duration left) {
        String message = "the connection ends with its token in " + left.toSeconds() + " s";
        return status(WARNING, message, Optional.of("token"));
    }

    @Override
    public Optional<Unasked> unasked() {
        return Optional.of(this);
    }

    @Override
    public boolean takesLargeFrames() {
        return true;
    }

    @Override
    public OutboundMessage greeting(String robot, String epoch, Permissions rights) {
        client.rights(rights);
        JsonWriter out = op("serverInfo").key("name").string(robot);
        String capabilities = "\"time\""
                + (rights.publishFilters().isEmpty() ? "" : ",\"clientPublish\"")
                + (rights.callFilters().isEmpty() ? "" : ",\"services\"");
        out.key("capabilities").raw("[" + capabilities + "]");
        out.key("supportedEncodings").raw("[\"json\"]");
        out.key("metadata").raw("{}");
        return text(out.key("sessionId").string(epoch));
    }

    @Override
    public OutboundMessage come(List<TopicNotice> topics) {
        JsonWriter out = op("advertise").key("channels").raw("[");
        String comma = "";
        for (TopicNotice topic : topics) {
            Channel.of(topic).writeTo(out.raw(comma), topic);
            comma = ",";
        }
        return text(out.raw("]"));
    }

    @Override
    public OutboundMessage gone(List<TopicNotice> topics) {
        JsonWriter out = op("unadvertise").key("channelIds").raw("[");
        String comma = "";
        for (TopicNotice topic : topics) {
            out.raw(comma).number(topic.number());
            comma = ",";
        }
        return text(out.raw("]"));
    }

    @Override
    public OutboundMessage services(List<ServiceNotice> services) {
        JsonWriter out = op("advertiseServices").key("services").raw("[");
        String comma = "";
        for (ServiceNotice service : services) {
            ServiceCalls.tell(out.raw(comma), service);
            comma = ",";
        }
        return text(out.raw("]"));
    }

    @Override
    public List<OutboundMessage> lost(long total) {
        String count = total + " messages were lost up to now";
        return List.of(
                status(WARNING, DROPPED, Optional.of("dropped")), status(WARNING, count, Optional.of("dropped-count")));
    }

    @Override
    public OutboundMessage time(Instant now) {
        long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        byte[] bytes = littleEndian(TIME_BYTES).put(TIME).putLong(nanos).array();
        return OutboundMessage.binary(NOTHING, bytes, bytes.length);
    }

    private static OutboundMessage status(int level, String message, Optional<String> id) {
        JsonWriter out = op("status").key("level").number(level);
        out.key("message").string(message);
        id.ifPresent(word -> out.key("id").string(word));
        return text(out);
    }

    private static JsonWriter op(String word) {
        return new JsonWriter().beginObject().key("op").string(word);
    }

    private static OutboundMessage text(JsonWriter out) {
        return OutboundMessage.text(out.endObject().toBytes());
    }
}
