package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the frames in which the broker answers: acks and errors, as UTF-8 texts. Safe for several threads. */
public final class FrameEncoder {
    private FrameEncoder() {}

    /**
     * The ack of a subscribe.
     *
     * @param known whether somebody has published to the topic, so that a typo shows
     * @param recoveries what came of the positions that were given, where they mean something
     */
    public static byte[] subscribeAck(
            RequestId id, Subscribe request, boolean known, List<Recovery> recoveries, SubscribeOptions effective) {
        JsonWriter out = named(ack(id, request.topic()), request.sub());
        out.key("known").bool(known);
        recoveries(out, request.topic(), recoveries);
        out.key("options");
        effective.writeTo(out);
        return out.endObject().toBytes();
    }

    private static void recoveries(JsonWriter out, String topic, List<Recovery> recoveries) {
        if (recoveries.size() == 1 && recoveries.get(0).topic().equals(topic)) {
            recoveries.get(0).writeTo(out);
        } else if (!recoveries.isEmpty()) {
            out.key("recovered").bool(recoveries.stream().allMatch(Recovery::recovered));
            out.key("topics").beginObject();
            for (Recovery recovery : recoveries) {
                recovery.writeTo(out.key(recovery.topic()).beginObject());
                out.endObject();
            }
            out.endObject();
        }
    }

    /** The ack of an unsubscribe. */
    public static byte[] unsubscribeAck(RequestId id, Unsubscribe request) {
        return named(ack(id, request.topic()), request.sub()).endObject().toBytes();
    }

    /** The ack of a publish, which was sequenced, sent to so many subscribers and not yet stored. */
    public static byte[] publishAck(RequestId id, String topic, long sequence, int subscribers) {
        JsonWriter out = ack(id, topic).key("seq").number(sequence);
        return out.key("subscribers").number(subscribers).endObject().toBytes();
    }

    /** The ack of an acquire: how long the lease lasts after the last use of it. */
    public static byte[] acquireAck(RequestId id, Request.Acquire request) {
        return ack(id, request.topic())
                .key("ttl_ms")
                .number(request.ttlMs())
                .endObject()
                .toBytes();
    }

    /** The ack of a release. */
    public static byte[] releaseAck(RequestId id, Request.Release request) {
        return ack(id, request.topic()).endObject().toBytes();
    }

    /** The ack of a stop: the topics on which the stop value was published. */
    public static byte[] stopAck(RequestId id, List<String> topics) {
        String names = topics.stream()
                .map(name -> new JsonWriter().string(name).toString())
                .collect(Collectors.joining(",", "[", "]"));
        return ack(id).key("topics").raw(names).endObject().toBytes();
    }

    /** The ack of a call: what its service has answered, as JSON. */
    public static byte[] callAck(Request.Call request, String reply) {
        return ofCall(ack(request.mark()), request, reply);
    }

    /** How far a call has come, in the words of its service, as JSON. */
    public static byte[] progress(Request.Call request, String progress) {
        JsonWriter out = begin("progress");
        request.mark().writeTo(out.key("id"));
        return ofCall(out, request, progress);
    }

    private static byte[] ofCall(JsonWriter out, Request.Call request, String data) {
        out.key("service").string(request.service());
        return out.key("data").raw(data).endObject().toBytes();
    }

    /** The ack of a cancel: whether the call was going on. */
    public static byte[] cancelAck(RequestId id, Request.Cancel request, boolean cancelled) {
        JsonWriter out = ack(id);
        request.call().writeTo(out.key("call"));
        return out.key("cancelled").bool(cancelled).endObject().toBytes();
    }

    /** The ack of an auth: how long the session has now, and how many subscriptions have ended for want of rights. */
    public static byte[] authAck(RequestId id, Optional<Duration> left, int ended) {
        JsonWriter out = ack(id);
        left.ifPresent(time -> out.key("expires_in_ms").number(time.toMillis()));
        return out.key("ended").number(ended).endObject().toBytes();
    }

    /**
     * The answer to a ping: its time as the client spelled it, the wall clock, and how long the broker has been running, both in
     * microseconds.
     */
    public static byte[] pong(RequestId id, Optional<String> time, Instant wall, Duration running) {
        JsonWriter out = begin("pong");
        id.writeTo(out.key("id"));
        time.ifPresent(number -> out.key("t").raw(number));
        return clocks(out, wall, running).endObject().toBytes();
    }

    /** What the broker's two clocks say, in microseconds. */
    static JsonWriter clocks(JsonWriter out, Instant wall, Duration running) {
        out.key("ts").number(micros(wall));
        return out.key("mono").number(running.toNanos() / 1_000);
    }

    static long micros(Instant wall) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, wall);
    }

    /** Tells that a subscription has ended because the rights do not cover it any more. */
    public static byte[] unsubscribed(String topic, Optional<String> sub) {
        JsonWriter out = named(begin("unsubscribed").key("topic").string(topic), sub);
        return out.key("code").string(ErrorCode.FORBIDDEN.word()).endObject().toBytes();
    }

    /** Tells that the session ends with its token soon. */
    public static byte[] authExpiring(Duration left) {
        return begin("auth_expiring")
                .key("in_ms")
                .number(left.toMillis())
                .endObject()
                .toBytes();
    }

    private static JsonWriter named(JsonWriter out, Optional<String> sub) {
        sub.ifPresent(name -> out.key("sub").string(name));
        return out;
    }

    private static JsonWriter begin(String action) {
        return new JsonWriter().beginObject().key("action").string(action);
    }

    static JsonWriter ack(RequestId id) {
        JsonWriter out = begin("ack");
        id.writeTo(out.key("id"));
        return out;
    }

    private static JsonWriter ack(RequestId id, String topic) {
        return ack(id).key("topic").string(topic);
    }

    /** An error frame; it has the members that the error knows. */
    public static byte[] error(RequestError error) {
        JsonWriter out = begin("error");
        error.id().ifPresent(id -> id.writeTo(out.key("id")));
        error.request().ifPresent(action -> out.key("request").string(action.word()));
        error.topic().ifPresent(topic -> out.key("topic").string(topic));
        out.key("code").string(error.code().word());
        out.key("status").number(error.code().status());
        out.key("message").string(error.message());
        out.key("retry").bool(error.code().retry());
        error.oldest().ifPresent(sequence -> out.key("oldest").number(sequence));
        error.holder().ifPresent(name -> out.key("holder").string(name));
        error.retryAfter().ifPresent(delay -> out.key("retry_after_ms").number(wholeMillis(delay)));
        return out.endObject().toBytes();
    }

    /** Rounded up: who waits so long is not too early. */
    private static long wholeMillis(Duration delay) {
        return delay.plusNanos(999_999).toMillis();
    }
}
