package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The value of the topic {@code $clients}: who is connected. It is put together client by client; those that would make it longer than
 * {@value #MAX_CHARACTERS} characters are only counted. For one thread.
 */
public final class ClientsDocument {
    /** So many of a client's subscriptions are named. */
    public static final int MOST_TOPICS = 8;

    /** To make the frame of so many takes 0.1 ms. */
    private static final int MAX_CHARACTERS = 64 * 1024;

    private static final int MAX_SUBJECT_CHARACTERS = 200;

    private final JsonWriter text =
            new JsonWriter().beginObject().key("clients").raw("[");
    private int count;
    private int more;

    /**
     * What is told of a client.
     *
     * @param address where it comes from, with the port
     * @param subscriptions how many it has
     * @param topics names and filters of some of them
     * @param queued how many messages wait for it
     * @param delivered how many it was sent
     * @param lost how many it lost
     */
    public record Client(
            String session,
            String subject,
            String address,
            Instant since,
            int subscriptions,
            List<String> topics,
            int queued,
            long queuedBytes,
            long delivered,
            long lost) {

        private String toJson() {
            JsonWriter out = new JsonWriter().beginObject();
            out.key("session").string(session);
            out.key("subject").string(subject, MAX_SUBJECT_CHARACTERS);
            out.key("address").string(address);
            out.key("since").number(FrameEncoder.micros(since));
            out.key("subscriptions").number(subscriptions);
            out.key("topics")
                    .raw(topics.stream()
                            .map(topic -> new JsonWriter().string(topic).toString())
                            .collect(Collectors.joining(",", "[", "]")));
            out.key("queued").number(queued);
            out.key("queued_bytes").number(queuedBytes);
            out.key("delivered").number(delivered);
            out.key("lost").number(lost);
            return out.endObject().toString();
        }
    }

    /** Puts a client in, or counts it. */
    public void add(Client client) {
        String json = more > 0 ? "" : client.toJson();
        if (more > 0 || text.length() + json.length() > MAX_CHARACTERS) {
            more++;
            return;
        }
        text.raw(count == 0 ? json : "," + json); // at once: where memory runs out, it is put in once more
        count++;
    }

    /** The whole as JSON; nothing is put in after it. */
    public String end() {
        return text.raw("]").key("more").number(more).endObject().toString();
    }
}
