package io.github.robotstream.internal.protocol;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.topic.TopicName;
import java.util.Map;
import java.util.Optional;

/** What a client asks for, read and checked: a record for each {@link Action}. Immutable. */
public sealed interface Request {
    /** How the client wants the reply marked; without it there is no reply to a success. */
    Optional<RequestId> id();

    /** What it asks for. */
    Action action();

    /**
     * Has it carried out by the handler's method for its action.
     *
     * @param arrivedNanos when its frame was complete on this side of the socket, by the monotonic clock
     */
    void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException;

    /** A request about a topic. */
    sealed interface OfTopic extends Request {
        /** The topic, or topic filter, that it is about. */
        String topic();
    }

    /**
     * {@code {"action":"subscribe","topic":…}}, where the topic may be a filter.
     *
     * @param sub the name of this subscription, where the client has several of the same text
     * @param since where the client stopped, by topic; empty if it did not say
     */
    record Subscribe(
            Optional<RequestId> id,
            String topic,
            Optional<String> sub,
            SubscribeOptions options,
            Map<String, Position> since)
            implements OfTopic {
        static Subscribe read(RequestDecoder fields) throws RequestRejectedException {
            String topic = fields.topicFilter();
            return new Subscribe(
                    fields.id(),
                    topic,
                    fields.sub(),
                    SubscribeOptions.read(fields),
                    fields.positions(fields.object("options"), TopicFilter.of(topic)));
        }

        @Override
        public Action action() {
            return Action.SUBSCRIBE;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.subscribe(this);
        }
    }

    /** {@code {"action":"unsubscribe","topic":…}}, with the topic or filter, and the name, of the subscribe that it ends. */
    record Unsubscribe(Optional<RequestId> id, String topic, Optional<String> sub) implements OfTopic {
        static Unsubscribe read(RequestDecoder fields) throws RequestRejectedException {
            String topic = fields.topicFilter();
            return new Unsubscribe(fields.id(), topic, fields.sub());
        }

        @Override
        public Action action() {
            return Action.UNSUBSCRIBE;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.unsubscribe(this);
        }
    }

    /**
     * {@code {"action":"publish","topic":…,"data":{"name":…,"type":…,"data":…}}}.
     *
     * @param echo whether the publisher, where it is subscribed, gets its own message
     * @param monoMicros when its value was made, in microseconds since the broker started, if that was said
     * @param freshUntilMicros until when it may arrive, by the same clock; far off if that was not said
     */
    record Publish(
            Optional<RequestId> id,
            String topic,
            RawPayload payload,
            boolean echo,
            Optional<Long> monoMicros,
            long freshUntilMicros)
            implements OfTopic {
        private static final long LONGEST_TTL_MS = 86_400_000;
        private static final long FAR = 1L << 53;

        static Publish read(RequestDecoder fields) throws RequestRejectedException {
            String topic = fields.topicName();
            boolean echo = fields.flag(JsonScan.ROOT, "echo").orElse(true);
            Optional<Long> mono = fields.integer(JsonScan.ROOT, "mono", -FAR, FAR);
            Optional<Long> ttl = fields.integer(JsonScan.ROOT, "ttl_ms", 0, LONGEST_TTL_MS);
            if (ttl.isPresent() && mono.isEmpty()) {
                throw fields.badRequest("\"ttl_ms\" counts from \"mono\", which is missing: add it, by the clock that"
                        + " hello tells, or leave both out");
            }
            long freshUntil = ttl.isPresent() ? mono.orElseThrow() + ttl.get() * 1000 : Long.MAX_VALUE;
            return new Publish(fields.id(), topic, fields.payload(), echo, mono, freshUntil);
        }

        @Override
        public Action action() {
            return Action.PUBLISH;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.publish(this, arrivedNanos);
        }
    }

    /** {@code {"action":"auth","token":…}}: a newer token for the session. Holds a secret, which its text does not show. */
    record Auth(Optional<RequestId> id, String token) implements Request {
        /** As long as a token may be that comes with the request to get in. */
        static final int MAX_TOKEN_CHARACTERS = 16 * 1024;

        static Auth read(RequestDecoder fields) throws RequestRejectedException {
            return new Auth(fields.id(), fields.secret("token", MAX_TOKEN_CHARACTERS));
        }

        @Override
        public Action action() {
            return Action.AUTH;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.auth(this);
        }

        /** {@return what is kept to answer it when its token has been handed on} */
        public Auth withoutToken() {
            return new Auth(id, "");
        }

        @Override
        public String toString() {
            return "Auth[id=" + id + "]";
        }
    }

    /**
     * {@code {"action":"history","id":…,"topic":…}}: messages of a topic that are kept.
     *
     * @param since after which message they begin; the oldest that is kept unless said
     * @param limit how many at the most
     */
    record History(Optional<RequestId> id, String topic, Optional<Position> since, int limit) implements OfTopic {
        private static final long USUAL = 100;
        private static final long MOST = 1000;

        static History read(RequestDecoder fields) throws RequestRejectedException {
            String topic = fields.topicName();
            if (fields.id().isEmpty()) {
                throw fields.badRequest("a history request has no answer without \"id\": add it");
            }
            long limit = fields.integer(JsonScan.ROOT, "limit", 1, MOST).orElse(USUAL);
            Optional<Position> since = Optional.ofNullable(
                    fields.positions(JsonScan.ROOT, TopicFilter.of(topic)).get(topic));
            return new History(fields.id(), topic, since, (int) limit);
        }

        @Override
        public Action action() {
            return Action.HISTORY;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.history(this);
        }
    }

    /**
     * {@code {"action":"acquire","topic":…}}: the client wants to publish there alone.
     *
     * @param ttlMs how long its lease lasts after the last use of it
     */
    record Acquire(Optional<RequestId> id, String topic, long ttlMs) implements OfTopic {
        private static final long SHORTEST_MS = 100;
        private static final long USUAL_MS = 5_000;
        private static final long LONGEST_MS = 60_000;

        static Acquire read(RequestDecoder fields) throws RequestRejectedException {
            String topic = fields.topicName();
            Optional<Long> ttl = fields.integer(JsonScan.ROOT, "ttl_ms", SHORTEST_MS, LONGEST_MS);
            return new Acquire(fields.id(), topic, ttl.orElse(USUAL_MS));
        }

        @Override
        public Action action() {
            return Action.ACQUIRE;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.acquire(this);
        }
    }

    /** {@code {"action":"release","topic":…}}: the client's lease and its command episode end. */
    record Release(Optional<RequestId> id, String topic) implements OfTopic {
        static Release read(RequestDecoder fields) throws RequestRejectedException {
            String topic = fields.topicName();
            return new Release(fields.id(), topic);
        }

        @Override
        public Action action() {
            return Action.RELEASE;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.release(this);
        }
    }

    /** {@code {"action":"stop"}}: the broker publishes the stop value on each stop topic that the token permits. */
    record Stop(Optional<RequestId> id) implements Request {
        @Override
        public Action action() {
            return Action.STOP;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.stop(this, arrivedNanos);
        }
    }

    /**
     * {@code {"action":"call","id":…,"service":…}}: robot code is to do something and to answer.
     *
     * @param mark what marks the reply, and the call while it goes on
     * @param data what the service is given, as JSON
     * @param timeoutMs how long the client waits for the reply
     */
    record Call(RequestId mark, String service, String data, long timeoutMs) implements Request {
        /** Of what a service is given, and of what it answers: all calls together are kept in memory while they go on. */
        public static final int MAX_DATA_BYTES = 64 << 10;

        private static final int MAX_NAME_CHARACTERS = TopicName.MAX_BYTES;
        private static final long USUAL_MS = 10_000;
        private static final long LONGEST_MS = 3_600_000;

        static Call read(RequestDecoder fields) throws RequestRejectedException {
            RequestId mark = fields.requiredId();
            String service = fields.requiredText("service", MAX_NAME_CHARACTERS);
            Optional<Long> timeout = fields.integer(JsonScan.ROOT, "timeout_ms", 1, LONGEST_MS);
            String data = fields.json("data", MAX_DATA_BYTES).orElse("{}");
            return new Call(mark, service, data, timeout.orElse(USUAL_MS));
        }

        @Override
        public Optional<RequestId> id() {
            return Optional.of(mark);
        }

        @Override
        public Action action() {
            return Action.CALL;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.call(this);
        }
    }

    /**
     * {@code {"action":"cancel","call":…}}: nobody waits for a call any more.
     *
     * @param call the id of the call
     */
    record Cancel(Optional<RequestId> id, RequestId call) implements Request {
        static Cancel read(RequestDecoder fields) throws RequestRejectedException {
            return new Cancel(fields.id(), fields.idOfCall());
        }

        @Override
        public Action action() {
            return Action.CANCEL;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.cancel(this);
        }
    }

    /**
     * {@code {"action":"hello"}}: the client understands more than the documented frames, and asks what it is talking to.
     *
     * @param maxFrameBytes the largest frame that it takes, if it says so
     */
    record Hello(Optional<RequestId> id, Optional<Integer> maxFrameBytes) implements Request {
        private static final int LEAST_FRAME_BYTES = 1024;

        static Hello read(RequestDecoder fields) throws RequestRejectedException {
            Optional<Long> most =
                    fields.integer(JsonScan.ROOT, "max_frame_bytes", LEAST_FRAME_BYTES, Integer.MAX_VALUE);
            return new Hello(fields.id(), most.map(Math::toIntExact));
        }

        @Override
        public Action action() {
            return Action.HELLO;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.hello(this);
        }
    }

    /**
     * {@code {"action":"topics","id":…}}: which topics there are, in the order of their names.
     *
     * @param filter those that it matches; all if there is none
     * @param after those that come after this name, the last one of the page before
     * @param limit the most of them
     */
    record Topics(RequestId mark, Optional<String> filter, Optional<String> after, int limit) implements Request {
        static Topics read(RequestDecoder fields) throws RequestRejectedException {
            RequestId mark = fields.requiredId();
            Optional<String> filter = fields.optionalTopicFilter();
            Optional<String> after = fields.textUpTo("after", TopicName.MAX_BYTES);
            return new Topics(mark, filter, after, fields.limitOfPage());
        }

        @Override
        public Optional<RequestId> id() {
            return Optional.of(mark);
        }

        @Override
        public Action action() {
            return Action.TOPICS;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.topics(this);
        }
    }

    /**
     * {@code {"action":"services","id":…}}: which services the client may call, in the order of their names.
     *
     * @param after those that come after this name, the last one of the page before
     * @param limit the most of them
     */
    record Services(RequestId mark, Optional<String> after, int limit) implements Request {
        static Services read(RequestDecoder fields) throws RequestRejectedException {
            RequestId mark = fields.requiredId();
            return new Services(mark, fields.textUpTo("after", TopicName.MAX_BYTES), fields.limitOfPage());
        }

        @Override
        public Optional<RequestId> id() {
            return Optional.of(mark);
        }

        @Override
        public Action action() {
            return Action.SERVICES;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.services(this);
        }
    }

    /**
     * {@code {"action":"ping","id":…,"t":…}}: how long the way to the broker and back takes, and what its clocks say.
     *
     * @param time a number, as the client spelled it
     */
    record Ping(RequestId mark, Optional<String> time) implements Request {
        private static final int MAX_TIME_CHARACTERS = 64;

        static Ping read(RequestDecoder fields) throws RequestRejectedException {
            return new Ping(fields.requiredId(), fields.numberText("t", MAX_TIME_CHARACTERS));
        }

        @Override
        public Optional<RequestId> id() {
            return Optional.of(mark);
        }

        @Override
        public Action action() {
            return Action.PING;
        }

        @Override
        public void carryOut(Action.Handler by, long arrivedNanos) throws RequestRejectedException {
            by.ping(this);
        }
    }
}
