package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonScan;
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
     */
    record Subscribe(Optional<RequestId> id, String topic, Optional<String> sub, SubscribeOptions options)
            implements OfTopic {
        static Subscribe read(RequestDecoder fields) throws RequestRejectedException {
            String topic = fields.topicFilter();
            return new Subscribe(fields.id(), topic, fields.sub(), SubscribeOptions.read(fields));
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
     * @param freshUntilMicros until when it may arrive, in microseconds since the broker started; far off if that was not said
     */
    record Publish(Optional<RequestId> id, String topic, RawPayload payload, boolean echo, long freshUntilMicros)
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
            return new Publish(fields.id(), topic, fields.payload(), echo, freshUntil);
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
}
