package io.github.robotstream;

import io.github.robotstream.internal.settings.Settings;
import java.time.Duration;
import java.util.Objects;

/**
 * Sets the bounds of a broker: {@code builder.limits(limits -> limits.sessions(10).messageBytes(65_536))}. Each has a default that suits a
 * small computer; each is checked when it is set, and an {@link IllegalArgumentException} says what is out of range. Not safe for use by
 * several threads; a broker that has started is not changed.
 *
 * <p>A network address here is one address of IPv4, or one network of 64 bits of IPv6. Loopback and trusted proxies are exempt from limits of
 * an address.
 *
 * <pre>{@code
 * RobotStreamBroker.builder()
 *         .limits(limits -> limits.sessions(10).messageBytes(65_536).queuedMessagesPerSession(256))
 * }</pre>
 */
public final class Limits {
    /** The most messages that a topic may keep in memory. */
    static final int MOST_HISTORY = 10_000;

    private static final int MANY = 1_000_000;
    private static final Duration LEAST_SILENCE = Duration.ofMillis(100);
    private static final Duration LEAST_READ = Duration.ofMillis(10);
    private static final Duration MOST_SILENCE = Duration.ofDays(1);

    private final Settings settings;

    Limits(Settings settings) {
        this.settings = settings;
    }

    /**
     * The largest message that a client or robot code may send, in bytes, 1 to 64 Mi; beyond it a client is closed with 1009. 1 MiB unless set.
     * A client that is to be sent more than 1 MiB at once says so when it connects, see {@link #frameBytes}; to others such a message is lost.
     */
    public Limits messageBytes(int value) {
        settings.messageBytes = (int) Range.check("messageBytes", value, 1, 64 << 20);
        return this;
    }

    /**
     * The largest frame that a client may say it takes ({@code max_frame_bytes}), 1 to 256 MiB; it is not sent what is larger. Clients that
     * say nothing are sent frames of up to 1 MiB. A frame has room only if {@link #queuedBytesPerSession} is not less. 16 MiB unless set.
     */
    public Limits frameBytes(int value) {
        settings.frameBytes = (int) Range.check("frameBytes", value, 1 << 20, 256 << 20);
        return this;
    }

    /** How many messages may wait for one session, 1 to 1,000,000. 1,024 unless set. */
    public Limits queuedMessagesPerSession(int value) {
        settings.queuedMessagesPerSession = (int) Range.check("queuedMessagesPerSession", value, 1, MANY);
        return this;
    }

    /**
     * How many bytes of messages may wait for one session, or for one subscription of robot code, 1 KiB to 1 GiB. 4 MiB unless set.
     */
    public Limits queuedBytesPerSession(int value) {
        settings.queuedBytesPerSession = (int) Range.check("queuedBytesPerSession", value, 1024, 1 << 30);
        return this;
    }

    /**
     * How long a value of a state topic may wait for a client or a listener once a newer one has followed it, 1 ms to an hour; then it is dropped,
     * counted and told. For a client that reads too slowly the time on the way to it counts too, up to a quarter. 2 seconds unless set. Clients may ask for something else, see {@code docs/protocol.md}, and so may listeners, see
     * {@link SubscriptionSettings}.
     */
    public Limits thinAfter(Duration value) {
        settings.thinAfter = Range.check("thinAfter", value, Duration.ofMillis(1), Duration.ofHours(1));
        return this;
    }

    /**
     * How many bytes of messages may wait for all sessions together, at least 1 KiB; beyond it the session with most loses first. A quarter
     * of the maximum heap unless set.
     */
    public Limits queuedBytes(long value) {
        settings.queuedBytes = Range.check("queuedBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /**
     * How many bytes of messages may be on their way into the sockets of all connections together, at least 1 KiB; beyond it the connections
     * that have taken nothing for longest, of most, are cut off with 1013. A quarter of the maximum heap unless set.
     */
    public Limits unsentBytes(long value) {
        settings.unsentBytes = Range.check("unsentBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /**
     * How many bytes of messages that have not come whole may be held for all connections together, at least 1 KiB, and as many again of
     * those that have come whole and wait to be done. A sixteenth of the maximum heap unless set.
     */
    public Limits halfReceivedBytes(long value) {
        settings.halfReceivedBytes = Range.check("halfReceivedBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /**
     * How many of the last messages of each state topic are kept in memory, 0 to 10,000, for clients that were away and for those that ask for
     * its history; {@link TopicSettings#history} says it for one topic. None but the last value unless set. A {@link BrokerBuilder#store store}
     * keeps older ones.
     */
    public Limits history(int messages) {
        settings.history = (int) Range.check("history", messages, 0, MOST_HISTORY);
        return this;
    }

    /**
     * How many bytes of last values and of history are kept, at least 1 KiB, where a message of history counts 256 more than it has. Beyond it
     * history is forgotten, the oldest of the topic that has most of it; then the oldest values of topics that clients made. An eighth of the
     * maximum heap unless set.
     */
    public Limits retainedBytes(long value) {
        settings.retainedBytes = Range.check("retainedBytes", value, 1024, Long.MAX_VALUE);
        return this;
    }

    /**
     * How many bytes the subscriptions of all clients may take, by an estimate of 400 bytes and six for each character of the filter; beyond
     * it a client is refused more, with {@code too_many_subscriptions}. The first 8 KiB of each session are free. A 32nd of the maximum heap
     * unless set.
     */
    public Limits subscriptionBytes(long value) {
        settings.subscriptionBytes = Range.check("subscriptionBytes", value, 0, Long.MAX_VALUE);
        return this;
    }

    /** How many subscriptions a session may hold, 1 to 100,000. 256 unless set. */
    public Limits subscriptionsPerSession(int value) {
        settings.subscriptionsPerSession = (int) Range.check("subscriptionsPerSession", value, 1, 100_000);
        return this;
    }

    /** How many topics a session may bring into being by publishing on them, 0 to 100,000. 100 unless set. */
    public Limits newTopicsPerSession(int value) {
        settings.newTopicsPerSession = (int) Range.check("newTopicsPerSession", value, 0, 100_000);
        return this;
    }

    /** How fast a client may ask, unless its verifier gave it a rate of its own. 1,000 requests and 8 MiB a second unless set. */
    public Limits requestRate(RequestRate value) {
        settings.requestRate = Objects.requireNonNull(value, "requestRate");
        return this;
    }

    /** How many sessions may be open, 1 to 1,000,000. 1,000 unless set. */
    public Limits sessions(int value) {
        settings.sessions = (int) Range.check("sessions", value, 1, MANY);
        return this;
    }

    /** How many sessions one subject may have, 1 to 1,000,000; the newest takes the place of the oldest. No limit unless set. */
    public Limits sessionsPerSubject(int value) {
        settings.sessionsPerSubject = (int) Range.check("sessionsPerSubject", value, 1, MANY);
        return this;
    }

    /** How many connections one network address may have, 1 to 1,000,000. 64 unless set. */
    public Limits connectionsPerAddress(int value) {
        settings.connectionsPerAddress = (int) Range.check("connectionsPerAddress", value, 1, MANY);
        return this;
    }

    /**
     * How many new connections a second one network address may open, 1 to 1,000,000; what is more is refused with 429, or with TLS closed at
     * once. After a pause twice as many may come at once, and always as many as {@link #connectionsPerAddress} allows, so that all clients of
     * an address can come back together. 50 unless set.
     */
    public Limits newConnectionsPerAddress(int value) {
        settings.newConnectionsPerAddress = (int) Range.check("newConnectionsPerAddress", value, 1, MANY);
        return this;
    }

    /**
     * How many tokens a second may fail from one network address, 1 to 1,000,000, before the WebSocket opens and in sessions; what is more is
     * refused with 429. Tokens that verify are taken all the same. 10 unless set.
     */
    public Limits failedAttemptsPerAddress(int value) {
        settings.failedAttemptsPerAddress = (int) Range.check("failedAttemptsPerAddress", value, 1, MANY);
        return this;
    }

    /**
     * How many topics of clients are kept, 1 to 1,000,000, a tenth of them (at least 100) of one subject; robot code may make as many again by
     * publishing without declaring them, and those declared in Java always have room. 10,000 unless set.
     */
    public Limits topics(int value) {
        settings.topics = (int) Range.check("topics", value, 1, MANY);
        return this;
    }

    /**
     * How long a topic that robot code did not declare is kept without messages and without a subscription to its very name, 1 second to 365
     * days. 10 minutes unless set.
     */
    public Limits topicIdle(Duration value) {
        settings.topicIdle = Range.check("topicIdle", value, Duration.ofSeconds(1), Duration.ofDays(365));
        return this;
    }

    /** How many messages that robot code published may wait for the broker's thread, 16 to 1,048,576. 8,192 unless set. */
    public Limits publishQueueMessages(int value) {
        settings.publishQueueMessages = (int) Range.check("publishQueueMessages", value, 16, 1 << 20);
        return this;
    }

    /** How many bytes of them may wait for the broker's thread, 1 KiB to 1 GiB. 8 MiB unless set. */
    public Limits publishQueueBytes(int value) {
        settings.publishQueueBytes = (int) Range.check("publishQueueBytes", value, 1024, 1 << 30);
        return this;
    }

    /**
     * The least size of the kernel's buffer for what a client is sent (SO_SNDBUF), 8 KiB to 16 MiB; Linux takes twice as much for its own
     * needs, and no more than its {@code net.core.wmem_max} allows. A client has up to sixteen times as much while it takes that within a
     * tenth of a second. A large one carries more over a network with long ways; a small one takes less of the robot's memory for a client
     * that has stalled, and holds less old data for one that answers no pings. 128 KiB unless set.
     */
    public Limits socketBufferBytes(int value) {
        settings.socketBufferBytes = (int) Range.check("socketBufferBytes", value, 8 << 10, 16 << 20);
        return this;
    }

    /**
     * A client from which nothing came for so long, 100 ms to a day, is sent a ping, which every WebSocket client answers by itself. Whatever
     * comes from it is a sign of life, and so is that its socket takes more after it was full. What is over is noticed within a second, or a
     * quarter of the shortest of the three. 15 seconds unless set.
     */
    public Limits pingAfter(Duration value) {
        settings.pingAfter = Range.check("pingAfter", value, LEAST_SILENCE, MOST_SILENCE);
        return this;
    }

    /**
     * How long after the ping has left something has to come, 100 ms to a day; else the session is closed with 4408. 10 seconds unless set.
     */
    public Limits answerWithin(Duration value) {
        settings.answerWithin = Range.check("answerWithin", value, LEAST_SILENCE, MOST_SILENCE);
        return this;
    }

    /**
     * How long a client may read nothing while more waits for it, as its socket is full or {@link #readWithin} holds it back, 100 ms to a day;
     * then the session is closed with 4408. 30 seconds unless set.
     */
    public Limits writeWithin(Duration value) {
        settings.writeWithin = Range.check("writeWithin", value, LEAST_SILENCE, MOST_SILENCE);
        return this;
    }

    /**
     * How long what was sent to a client may wait to be read, beside the time that the way takes, 10 ms to a day. What a client that falls
     * behind would read later than that waits in its session's queue, where the newest can take the place of the oldest. It is known by the
     * client's answers to pings, two a second or fewer while data flows; a client that answers none is not held back for long. As
     * much as the client reads in 0.2 s may always be unread, so that a longer way carries it. Zero for no bound and no such pings: then a slow client's data is as old as what fills its socket. 100 ms unless set.
     */
    public Limits readWithin(Duration value) {
        Objects.requireNonNull(value, "value");
        settings.readWithin = value.isZero() ? value : Range.check("readWithin", value, LEAST_READ, MOST_SILENCE);
        return this;
    }
}
