package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;
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
     * @param publish whether the client may publish on it; it may subscribe to it
     * @param retained whether a last value is kept
     * @param rate how many messages a second it has had lately
     * @param isStop whether it is there to stop the robot
     * @param lease if clients can hold it
     * @param schema the JSON Schema of its values, a JSON object, if there is one
     */
    public record Entry(
            String name,
            Optional<String> type,
            boolean isCommand,
            boolean publish,
            boolean retained,
            double rate,
            boolean isStop,
            Optional<Lease> lease,
            Optional<String> schema) {

        private String toJson() {
            JsonWriter out = new JsonWriter().beginObject().key("name").string(name);
            type.filter(word -> word.length() <= MAX_TYPE_CHARACTERS)
                    .ifPresent(word -> out.key("type").string(word));
            out.key("kind").string(isCommand ? "command" : "state");
            out.key("rights").raw(publish ? "[\"subscribe\",\"publish\"]" : "[\"subscribe\"]");
            out.key("retained").bool(retained);
            out.key("rate").raw(Double.toString(Math.round(rate * 100) / 100.0));
            if (isStop) {
                out.key("stop").bool(true);
            }
            lease.ifPresent(present -> present.writeTo(out.key("lease")));
            schema.ifPresent(json -> out.key("schema").raw(json));
            return out.endObject().toString();
        }
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
