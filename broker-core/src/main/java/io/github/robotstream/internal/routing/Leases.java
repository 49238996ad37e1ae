package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.spi.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The {@link Lease}s of a broker, and the topic of the broker's own whose value says who holds which. Broker thread. */
public final class Leases {
    /** The topic's name. */
    public static final String TOPIC = "$leases";

    private static final PayloadHead HEAD = new PayloadHead(TOPIC, "leases");

    private final List<Lease> all = new ArrayList<>(); // complete before the broker thread runs

    /** Gives a topic that was declared a lease; before the broker thread runs. */
    public void add(TopicState topic, boolean required, RoutingContext routing) {
        Lease lease = new Lease(topic, required, routing, entry -> changed(entry, routing));
        topic.lease(lease);
        all.add(lease);
    }

    /** Shows that nobody holds one. */
    public void begin(RoutingContext routing) {
        if (!all.isEmpty()) {
            publish(routing);
        }
    }

    private void changed(LogEntry.Builder entry, RoutingContext routing) {
        publish(routing);
        routing.log().accept(entry);
    }

    private void publish(RoutingContext routing) {
        TopicState topic = routing.router().topics().builtIn(TOPIC, 0);
        Envelope envelope = Envelope.ofValue(topic.head(), HEAD, toJson());
        routing.router()
                .route(new RoutedMessage(
                        topic, envelope, RoutedMessage.BROKER, routing.clock().nanoTime(), null));
    }

    private String toJson() {
        StringBuilder held = new StringBuilder();
        for (Lease lease : all) {
            lease.holder()
                    .ifPresent(holder -> held.append(held.isEmpty() ? "" : ",").append(entry(lease, holder)));
        }
        return "{\"leases\":[" + held + "]}";
    }

    private static JsonWriter entry(Lease lease, Sender holder) {
        JsonWriter out = new JsonWriter().beginObject();
        out.key("topic").string(lease.topicName()).key("holder").string(holder.name());
        holder.session().ifPresent(session -> out.key("session").string(session));
        return out.endObject();
    }

    /** A session has ended: it holds nothing any more. */
    public void sessionEnded(String session) {
        for (Lease lease : all) {
            if (lease.isHeldBy(session)) {
                lease.end("session_ended");
            }
        }
    }

    /** A session has other rights now: it holds nothing where it may not publish any more. */
    public void rightsChanged(String session, Predicate<String> mayPublish) {
        for (Lease lease : all) {
            if (lease.isHeldBy(session) && !mayPublish.test(lease.topicName())) {
                lease.end("rights_ended");
            }
        }
    }
}
