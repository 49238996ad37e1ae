package io.github.robotstream;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The bounds of a broker. Each has a default that suits a small computer; each is checked when it is set, and an
 * {@link IllegalArgumentException} says what is out of range. Not safe for use by several threads; the broker takes a copy when it starts.
 */
public final class Limits {
    private int messageBytes = 1 << 20;
    private int queuedMessagesPerSession = 1024;
    private int queuedBytesPerSession = 4 << 20;
    private int subscriptionsPerSession = 256;
    private int newTopicsPerSession = 100;
    private RequestRate requestRate = RequestRate.perSecond(200);
    private int sessions = 1000;
    private int sessionsPerSubject = Range.NO_LIMIT;
    private int connectionsPerAddress = 64;
    private int newConnectionsPerAddress = 50;
    private int failedAttemptsPerAddress = 10;
    private int topics = 10_000;
    private int publishQueueMessages = 8192;
    private int publishQueueBytes = 8 << 20;
    private MemoryLimits memory = new MemoryLimits();
    private Duration topicIdle = Duration.ofMinutes(10);
    private SilenceLimits silence = new SilenceLimits();

    Limits() {}

    Limits copy() {
        Limits copy = new Limits();
        copy.messageBytes = messageBytes;
        copy.queuedMessagesPerSession = queuedMessagesPerSession;
        copy.queuedBytesPerSession = queuedBytesPerSession;
        copy.subscriptionsPerSession = subscriptionsPerSession;
        copy.newTopicsPerSession = newTopicsPerSession;
        copy.requestRate = requestRate;
        copy.sessions = sessions;
        copy.sessionsPerSubject = sessionsPerSubject;
        copy.connectionsPerAddress = connectionsPerAddress;
        copy.newConnectionsPerAddress = newConnectionsPerAddress;
        copy.failedAttemptsPerAddress = failedAttemptsPerAddress;
        copy.topics = topics;
        copy.publishQueueMessages = publishQueueMessages;
        copy.publishQueueBytes = publishQueueBytes;
        copy.memory = memory.copy();
        copy.topicIdle = topicIdle;
        copy.silence = silence.copy();
        return copy;
    }

    /**
     * The largest message that a client may send, in bytes; beyond it the connection is closed with 1009. 1 MiB unless set.
     * @param value the new limit
     * @return this
     */
    public Limits messageBytes(int value) {
        messageBytes = (int) Range.check("messageBytes", value, 1, 64 << 20);
        return this;
    }

    /** {@return the largest message that a client may send, in bytes} */
    public int messageBytes() {
        return messageBytes;
    }

    /**
     * How many messages may wait for one session. 1,024 unless set.
     * @param value the new limit
     * @return this
     */
    public Limits queuedMessagesPerSession(int value) {
        queuedMessagesPerSession = (int) Range.check("queuedMessagesPerSession", value, 1, 1_000_000);
        return this;
    }

    /** {@return how many messages may wait for one session} */
    public int queuedMessagesPerSession() {
        return queuedMessagesPerSession;
    }

    /**
     * How many bytes of messages may wait for one session, or for one subscription of robot code. 4 MiB unless set.
     * @param value the new limit
     * @return this
     */
    public Limits queuedBytesPerSession(int value) {
        queuedBytesPerSession = (int) Range.check("queuedBytesPerSession", value, 1024, 1 << 30);
        return this;
    }

    /** {@return how many bytes of messages may wait for one session} */
    public int queuedBytesPerSession() {
        return queuedBytesPerSession;
    }

    /**
     * How many subscriptions a session may hold. 256 unless set.
     * @param value the new limit
     * @return this
     */
    public Limits subscriptionsPerSession(int value) {
        subscriptionsPerSession = (int) Range.check("subscriptionsPerSession", value, 1, 100_000);
        return this;
    }

    /** {@return how many subscriptions a session may hold} */
    public int subscriptionsPerSession() {
        return subscriptionsPerSession;
    }

    /**
     * How many topics a session may bring into being by publishing on them. 100 unless set.
     * @param value the new limit
     * @return this
     */
    public Limits newTopicsPerSession(int value) {
        newTopicsPerSession = (int) Range.check("newTopicsPerSession", value, 0, 100_000);
        return this;
    }

    /** {@return how many topics a session may bring into being} */
    public int newTopicsPerSession() {
        return newTopicsPerSession;
    }

    /**
     * How fast a client may ask, unless its verifier gave it a rate of its own. 200 requests and 2 MiB a second unless set.
     * @param value the new limit
     * @return this
     */
    public Limits requestRate(RequestRate value) {
        requestRate = Objects.requireNonNull(value, "requestRate");
        return this;
    }

    /** {@return how fast a client may ask} */
    public RequestRate requestRate() {
        return requestRate;
    }

    /**
     * How many sessions may be open. 1,000 unless set.
     * @param value the new limit
     * @return this
     */
    public Limits sessions(int value) {
        sessions = (int) Range.check("sessions", value, 1, 1_000_000);
        return this;
    }

    /** {@return how many sessions may be open} */
    public int sessions() {
        return sessions;
    }

    /**
     * How many sessions one subject may have; the newest takes the place of the oldest. No limit unless set.
     * @param value the new limit
     * @return this
     */
    public Limits sessionsPerSubject(int value) {
        sessionsPerSubject = (int) Range.check("sessionsPerSubject", value, 1, Range.NO_LIMIT);
        return this;
    }

    /** {@return how many sessions one subject may have} */
    public int sessionsPerSubject() {
        return sessionsPerSubject;
    }

    /**
     * How many connections one network address (IPv6: one network of 64 bits) may have; loopback and trusted proxies may have any
     * number. 64 unless set.
     *
     * @param value the new limit
     * @return this
     */
    public Limits connectionsPerAddress(int value) {
        connectionsPerAddress = (int) Range.check("connectionsPerAddress", value, 1, 1_000_000);
        return this;
    }

    /** {@return how many connections one network address may have} */
    public int connectionsPerAddress() {
        return connectionsPerAddress;
    }

    /**
     * How many new connections a second one network address (IPv6: one network of 64 bits) may open; what is more is refused with
     * 429, or with TLS closed at once. After a pause twice as many may come at once, and always as many as
     * {@link #connectionsPerAddress(int)} allows, so that all clients of an address can come back together. Loopback and trusted
     * proxies may open any number. 50 unless set.
     *
     * @param value the new limit
     * @return this
     */
    public Limits newConnectionsPerAddress(int value) {
        newConnectionsPerAddress = (int) Range.check("newConnectionsPerAddress", value, 1, 1_000_000);
        return this;
    }

    /** {@return how many new connections a second one network address may open} */
    public int newConnectionsPerAddress() {
        return newConnectionsPerAddress;
    }

    /**
     * How many tokens a second may fail from one network address (IPv6: one network of 64 bits), at the door and in sessions; what
     * is more is refused with 429. Tokens that verify are taken all the same; loopback and trusted proxies may fail as they like.
     * 10 unless set.
     *
     * @param value the new limit
     * @return this
     */
    public Limits failedAttemptsPerAddress(int value) {
        failedAttemptsPerAddress = (int) Range.check("failedAttemptsPerAddress", value, 1, 1_000_000);
        return this;
    }

    /** {@return how many tokens a second may fail from one network address} */
    public int failedAttemptsPerAddress() {
        return failedAttemptsPerAddress;
    }

    /**
     * How many topics of clients are kept, a tenth of them (at least 100) of one subject; robot code may make as many again by publishing
     * without declaring them, and those declared in Java always have room. 10,000 unless set.
     *
     * @param value the new limit
     * @return this
     */
    public Limits topics(int value) {
        topics = (int) Range.check("topics", value, 1, 1_000_000);
        return this;
    }

    /** {@return how many topics are kept beside those declared in Java} */
    public int topics() {
        return topics;
    }

    /**
     * How many messages that robot code published may wait for the broker's thread. 8,192 unless set.
     * @param value the new limit
     * @return this
     */
    public Limits publishQueueMessages(int value) {
        publishQueueMessages = (int) Range.check("publishQueueMessages", value, 16, 1 << 20);
        return this;
    }

    /** {@return how many messages of robot code may wait for the broker's thread} */
    public int publishQueueMessages() {
        return publishQueueMessages;
    }

    /**
     * How many bytes of them may wait for the broker's thread. 8 MiB unless set.
     * @param value the new limit
     * @return this
     */
    public Limits publishQueueBytes(int value) {
        publishQueueBytes = (int) Range.check("publishQueueBytes", value, 1024, 1 << 30);
        return this;
    }

    /** {@return how many bytes of messages of robot code may wait for the broker's thread} */
    public int publishQueueBytes() {
        return publishQueueBytes;
    }

    /**
     * Changes what all sessions together may take of the memory.
     * @param change is called at once, with what is set by now
     * @return this
     */
    public Limits memory(Consumer<MemoryLimits> change) {
        change.accept(memory);
        return this;
    }

    /** {@return what all sessions together may take of the memory} */
    public MemoryLimits memory() {
        return memory;
    }

    /**
     * How long a topic that robot code did not declare is kept without messages and without a subscription to its very name. 10 minutes
     * unless set.
     * @param value 1 second to 365 days
     * @return this
     */
    public Limits topicIdle(Duration value) {
        topicIdle = Range.check("topicIdle", value, Duration.ofSeconds(1), Duration.ofDays(365));
        return this;
    }

    /** {@return how long a topic that only clients use is kept without use} */
    public Duration topicIdle() {
        return topicIdle;
    }

    /**
     * Changes how long a client may give no sign of life.
     * @param change is called at once, with what is set by now
     * @return this
     */
    public Limits silence(Consumer<SilenceLimits> change) {
        change.accept(silence);
        return this;
    }

    /** {@return how long a client may give no sign of life} */
    public SilenceLimits silence() {
        return silence;
    }
}
