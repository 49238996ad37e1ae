package io.github.robotstream.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.robotstream.Payload;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a subscription is in each of its topics, at most 256, so that it can go on there. On one thread. */
final class Resume {
    static final int POSITIONS = 256;

    private final String filter;
    private final boolean wildcard;
    private final boolean wanted;
    private final LinkedHashMap<String, Position> last = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Position> behind = new HashMap<>();

    Resume(String filter, boolean wanted, Map<String, Position> begin) {
        this.filter = filter;
        this.wildcard = filter.contains("+") || filter.contains("#");
        this.wanted = wanted;
        begin.forEach(this::remember);
    }

    /** The option {@code since} of a subscribe, or null. */
    @Nullable
    JsonElement since() {
        behind.clear();
        behind.putAll(last);
        if (!wanted || last.isEmpty()) {
            return null;
        }
        JsonObject positions = new JsonObject();
        last.forEach((topic, position) -> {
            JsonObject json = new JsonObject();
            json.addProperty("epoch", position.epoch());
            json.addProperty("seq", position.seq());
            positions.add(topic, json);
        });
        return wildcard ? positions : positions.get(filter);
    }

    /** Takes the broker's word for which topics nothing was lost of. */
    void answered(JsonObject ack) {
        if (ack.get("topics") instanceof JsonObject topics) {
            topics.entrySet()
                    .forEach(topic -> answered(topic.getKey(), topic.getValue().getAsJsonObject()));
        } else {
            answered(filter, ack);
        }
    }

    private void answered(String topic, JsonObject answer) {
        if (Frames.flag(answer, "recovered")) {
            behind.remove(topic);
        }
    }

    /** The message with what was lost before it, or null if it is a last value that was here before. */
    @Nullable
    RobotMessage<Payload> judged(RobotMessage<Payload> message) {
        Position here = message.position();
        Position before = last.get(message.topic());
        if (message.retained() && before != null && before.epoch().equals(here.epoch()) && before.seq() >= here.seq()) {
            return null;
        }
        Position stopped = behind.remove(message.topic());
        if (stopped == null || !wanted) {
            return message;
        }
        if (!stopped.epoch().equals(here.epoch())) {
            return message.with(message.dropped(), message.skipped(), true);
        }
        long missing = here.seq() - stopped.seq() - 1 - message.skipped();
        return message.with(Math.max(message.dropped(), missing), message.skipped(), message.gap());
    }

    /** A message was taken in. */
    void passed(RobotMessage<Payload> message) {
        remember(message.topic(), message.position());
    }

    private void remember(String topic, Position position) {
        last.put(topic, position);
        if (last.size() > POSITIONS) {
            last.remove(last.keySet().iterator().next());
        }
    }
}
