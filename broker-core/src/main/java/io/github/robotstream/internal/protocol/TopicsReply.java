package io.github.robotstream.internal.protocol;

import io.github.robotstream.AgeSummary;
import io.github.robotstream.TopicSnapshot;
import io.github.robotstream.internal.json.JsonWriter;
import java.time.Duration;
import java.util.Optional;

/** A page of topics, in reply to a request for them, see {@link PageEntries}. For one thread. */
public final class TopicsReply {
    /** The longest type that is shown. */
    public static final int MAX_TYPE_CHARACTERS = 200;

    private final Request.Topics request;
    private final PageEntries topics;

    /**
     * What is told of a topic.
     *
     * @param type if it is known
     * @param subscribe whether the client may subscribe to it
     * @param publish whether the client may publish on it
     * @param retained whether a last value is kept
     * @param oldest the number of the oldest message that is in memory; 0 for none
     * @param rate how many messages a second it has had lately
     * @param numbers what is counted of it, for those who are told that
     * @param stopValue of a stop topic: the value that stops the robot, as JSON
     * @param lease if clients can hold it
     * @param schema the JSON Schema of its values, a JSON object, if there is one
     */
    public record Entry(
            String name,
            Optional<String> type,
            boolean isCommand,
            boolean subscribe,
            boolean publish,
            boolean retained,
            long oldest,
            double rate,
            Optional<TopicSnapshot> numbers,
            Optional<String> stopValue,
            Optional<Lease> lease,
            Optional<String> schema) {

        private String toJson() {
            JsonWriter out = new JsonWriter().beginObject().key("name").string(name);
            type.filter(word -> word.length() <= MAX_TYPE_CHARACTERS)
                    .ifPresent(word -> out.key("type").string(word));
            out.key("kind").string(isCommand ? "command" : "state");
            out.key("rights").raw(rights());
            out.key("retained").bool(retained);
            if (oldest > 0) {
                out.key("oldest").number(oldest);
            }
            out.key("rate").raw(Double.toString(Math.round(rate * 100) / 100.0));
            numbers.ifPresent(present -> write(present, out.key("stats")));
            stopValue.ifPresent(
                    json -> out.key("stop").beginObject().key("value").raw(json).endObject());
            lease.ifPresent(present -> present.writeTo(out.key("lease")));
            schema.ifPresent(json -> out.key("schema").raw(json));
            return out.endObject().toString();
        }

        private String rights() {
            if (!publish) {
                return "[\"subscribe\"]";
            }
            return subscribe ? "[\"subscribe\",\"publish\"]" : "[\"publish\"]";
        }
    }

    private static void write(TopicSnapshot numbers, JsonWriter out) {
        out.beginObject().key("messages").number(numbers.messages());
        out.key("queued").number(numbers.queued()).key("dropped").number(numbers.dropped());
        AgeSummary ages = numbers.sentAges();
        if (ages.samples() > 0) {
            out.key("sent_age").beginObject().key("samples").number(ages.samples());
            out.key("p50").number(micros(ages.p50())).key("p99").number(micros(ages.p99()));
            out.key("max").number(micros(ages.max())).endObject();
        }
        out.endObject();
    }

    private static long micros(Duration age) {
        return age.toNanos() / 1_000;
    }

    /** Of a topic: whether a client has to hold it, and who does, with the session of a client. */
    public record Lease(boolean required, Optional<String> holder, Optional<String> session) {
        private void writeTo(JsonWriter out) {
            out.beginObject().key("required").bool(required);
            holder.ifPresent(name -> out.key("holder").string(name));
            session.ifPresent(id -> out.key("session").string(id));
            out.endObject();
        }
    }

    /** A page without topics. */
    public TopicsReply(Request.Topics request) {
        this.request = request;
        this.topics = new PageEntries(request.limit());
    }

    /** Puts a topic in; returns whether there was room. There is for one of any length. */
    public boolean add(Entry entry) {
        return topics.add(entry.toJson());
    }

    /** How long it is so far. */
    public int characters() {
        return topics.characters();
    }

    /** The frame; {@code complete} says that no more topics follow. */
    public byte[] toFrame(boolean complete) {
        JsonWriter out = FrameEncoder.ack(request.mark());
        request.filter().ifPresent(filter -> out.key("topic").string(filter));
        return topics.toFrame(out, "topics", complete);
    }
}
