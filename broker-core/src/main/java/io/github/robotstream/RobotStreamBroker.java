package io.github.robotstream;

import io.github.robotstream.internal.BrokerRuntime;
import io.github.robotstream.internal.topic.TopicName;
import io.github.robotstream.spi.LogEntry;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * A broker inside the robot's process: robot code publishes and listens by direct calls, remote clients by WebSocket.
 *
 * <p>Every method may be called by any thread and none waits for a client. {@link #publish} never blocks and takes no
 * lock: it encodes the value and puts it in a queue of the broker's own thread. See {@link BrokerBuilder} for settings.
 *
 * <pre>{@code
 * try (RobotStreamBroker broker = RobotStreamBroker.builder().anonymousAccess(Permissions.all()).start();
 *         Input<Twist> commands = broker.input(CMD_VEL)) {
 *     while (!broker.isClosed()) { // at the loop's own pace
 *         drive(commands.latestOr(new Twist(0, 0), Duration.ofMillis(500)));
 *         broker.publish(BATTERY, 25.1);
 *     }
 * }
 * }</pre>
 */
public final class RobotStreamBroker implements AutoCloseable {
    private final BrokerRuntime runtime;
    private final AccessControl access;

    RobotStreamBroker(BrokerRuntime runtime) {
        this.runtime = runtime;
        this.access = new AccessControl(runtime.sessions, runtime.denied);
    }

    /** Begins the settings of a broker. */
    public static BrokerBuilder builder() {
        return new BrokerBuilder();
    }

    /**
     * Publishes a value; bytes are copied. Costs one encoding and one place in a queue, however many subscribers there are. Where the broker
     * falls behind, the newest value of each topic still arrives; what it replaces is counted as lost.
     *
     * @return whether the broker took it; false if it is closed, or the value cannot be encoded or is too large, which is
     *     logged once a topic. A call that overlaps one of {@link #close} may return true for a message that is lost
     * @throws IllegalArgumentException if another topic of that name was declared before
     */
    public <T> boolean publish(Topic<T> topic, T value) {
        Objects.requireNonNull(topic, "topic");
        return runtime.publisher.publish(topic, value);
    }

    /**
     * Publishes bytes without a copy, for frames of a camera say. From this call on nobody may write to them: subscribers, the topic's
     * last value and the store share them. A buffer on the heap whose bytes begin with its array and fill at least half of it is taken
     * over; another one (a direct one, a slice) is copied, as in {@link #publish(Topic, Object)}.
     *
     * @param topic one of {@link Topic#binary}
     * @param bytes what is between position and limit
     * @return whether the broker took it, as in {@link #publish(Topic, Object)}
     * @throws IllegalArgumentException if the topic is not binary, or another topic of that name was declared before
     */
    public boolean publishOwned(Topic<ByteBuffer> topic, ByteBuffer bytes) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(bytes, "bytes");
        return runtime.publisher.publishOwned(topic, bytes);
    }

    /**
     * Publishes a ready-made payload on a topic that needs no declaration. If it has one, the payload is checked as a client's message is: it
     * has to have the topic's word for the type, and JSON one value that the topic's codec reads, which is asked on the calling
     * thread. {@link #publish(Topic, Object)} needs no such check and costs less.
     *
     * @param payload the {@code data} object
     * @return whether the broker took it; false if it is closed, or the payload's text is not JSON or is too large
     * @throws IllegalArgumentException if the name is not allowed or belongs to the broker, or the payload does not fit the topic
     */
    public boolean publish(String topic, Payload payload) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(payload, "payload");
        return runtime.publisher.publish(topic, payload);
    }

    /**
     * Subscribes a listener to what is published from now on.
     *
     * @return the subscription; close it to end it
     * @throws IllegalArgumentException if another topic of that name was declared before
     * @throws IllegalStateException if the broker is closed
     */
    public <T> Subscription subscribe(Topic<T> topic, TopicListener<? super T> listener) {
        return subscribe(topic, listener, settings -> {});
    }

    /**
     * Subscribes a listener, with settings.
     *
     * @return the subscription; close it to end it
     * @throws IllegalArgumentException if another topic of that name was declared before
     * @throws IllegalStateException if the broker is closed
     */
    public <T> Subscription subscribe(
            Topic<T> topic, TopicListener<? super T> listener, Consumer<SubscriptionSettings> settings) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(listener, "listener");
        SubscriptionSettings s = filledIn(settings);
        return runtime.subscriptions.listen(topic, listener, s.retained, s.ofListener(runtime.thinAfter()));
    }

    /**
     * Subscribes a listener that hears who published each value, and when, beside the value.
     *
     * @return the subscription; close it to end it
     * @throws IllegalArgumentException if another topic of that name was declared before
     * @throws IllegalStateException if the broker is closed
     */
    public <T> Subscription subscribeReceived(Topic<T> topic, TopicListener<Received<T>> listener) {
        return subscribeReceived(topic, listener, settings -> {});
    }

    /**
     * The same with settings.
     *
     * @return the subscription; close it to end it
     * @throws IllegalArgumentException if another topic of that name was declared before
     * @throws IllegalStateException if the broker is closed
     */
    public <T> Subscription subscribeReceived(
            Topic<T> topic, TopicListener<Received<T>> listener, Consumer<SubscriptionSettings> settings) {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(listener, "listener");
        SubscriptionSettings s = filledIn(settings);
        return runtime.subscriptions.listenReceived(topic, listener, s.retained, s.ofListener(runtime.thinAfter()));
    }

    /**
     * Subscribes a listener to many topics, {@code server_logs} included if the filter names it.
     *
     * @return the subscription; close it to end it
     * @throws IllegalStateException if the broker is closed
     */
    public Subscription subscribe(TopicFilter filter, TopicListener<Message> listener) {
        return subscribe(filter, listener, settings -> {});
    }

    /**
     * Subscribes a listener to many topics, with settings.
     *
     * @return the subscription; close it to end it
     * @throws IllegalStateException if the broker is closed
     */
    public Subscription subscribe(
            TopicFilter filter, TopicListener<Message> listener, Consumer<SubscriptionSettings> settings) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(listener, "listener");
        SubscriptionSettings s = filledIn(settings);
        return runtime.subscriptions.listen(filter, listener, s.retained, s.ofListener(runtime.thinAfter()));
    }

    /**
     * Subscribes a loop that polls.
     *
     * @return what the loop asks; close it to end the subscription
     * @throws IllegalArgumentException if another topic of that name was declared before
     * @throws IllegalStateException if the broker is closed
     */
    public <T> Input<T> input(Topic<T> topic) {
        return input(topic, settings -> {});
    }

    /**
     * Subscribes a loop that polls, with settings. {@link SubscriptionSettings#latest}, {@code rateHz} and {@code maxAge} are for listeners.
     *
     * @return what the loop asks; close it to end the subscription
     * @throws IllegalArgumentException if another topic of that name was declared before, or a setting is for listeners
     * @throws IllegalStateException if the broker is closed
     */
    public <T> Input<T> input(Topic<T> topic, Consumer<SubscriptionSettings> settings) {
        Objects.requireNonNull(topic, "topic");
        SubscriptionSettings s = filledIn(settings);
        return runtime.subscriptions.input(topic, s.retained, s.ofInput());
    }

    /**
     * The last value of a state topic that the broker has routed.
     *
     * @return the value, or empty if there is none, it cannot be decoded, or the topic is a command topic
     * @throws IllegalArgumentException if another topic of that name was declared before
     */
    public <T> Optional<T> latest(Topic<T> topic) {
        Objects.requireNonNull(topic, "topic");
        return runtime.subscriptions.latest(topic);
    }

    /** Whether a client or a listener would get a message that is published now, so that a loop can spare itself costly values. */
    public boolean hasSubscribers(Topic<?> topic) {
        Objects.requireNonNull(topic, "topic");
        return runtime.subscriptions.anyFor(topic.name());
    }

    /**
     * The lease of a topic.
     *
     * @throws IllegalArgumentException if the builder did not say that the topic is {@link TopicSettings#leased}
     */
    public ControlLease lease(Topic<?> topic) {
        Objects.requireNonNull(topic, "topic");
        return runtime.lease(topic);
    }

    /**
     * Has a handler answer what clients ask a service for, until the broker is closed. Requests are read strictly, as values of command
     * topics are, see {@link Topic#strict()}; who may call is up to {@link Permissions#call}.
     *
     * @param service its name: the same rules as for a topic's
     * @param requestType the Java type of requests, for instance a record; one without members for services that are given nothing
     * @param replyType the Java type of replies; {@code Void.class} for services that answer null
     * @throws IllegalArgumentException if the name is not allowed or has a handler already, or Gson has no form for a type
     */
    public <Q, A> void handle(String service, Class<Q> requestType, Class<A> replyType, ServiceHandler<Q, A> handler) {
        Objects.requireNonNull(requestType, "requestType");
        Objects.requireNonNull(replyType, "replyType");
        Objects.requireNonNull(handler, "handler");
        runtime.handle(checkServiceName(service), requestType, replyType, handler);
    }

    /** As {@link #handle(String, Class, Class, ServiceHandler)}, by the name and the types of a service. */
    public <Q, A> void handle(Service<Q, A> service, ServiceHandler<Q, A> handler) {
        Objects.requireNonNull(service, "service");
        handle(service.name(), service.requestType(), service.answerType(), handler);
    }

    /** Returns the name of a service; throws IllegalArgumentException if it is not allowed. */
    static String checkServiceName(String service) {
        Objects.requireNonNull(service, "service");
        if (TopicName.isReserved(TopicName.check(service))) {
            throw new IllegalArgumentException(
                    "service name \"" + service + "\" begins with $ or is server_logs: take another");
        }
        return service;
    }

    /** Forgets a topic's last value and begins its numbering anew, in the order of the calls to {@code publish}. */
    public void clear(Topic<?> topic) {
        Objects.requireNonNull(topic, "topic");
        runtime.clear(topic);
    }

    /**
     * Tells something on {@code server_logs} and to the log sink, which is slf4j's logger {@code io.github.robotstream.robot} unless set.
     *
     * @param entry the entry, as {@link LogEntry#of} begins it, which becomes one {@linkplain LogEntry#isFromRobot of robot code}; the broker
     *     gives it its time
     */
    public void log(LogEntry.Builder entry) {
        Objects.requireNonNull(entry, "entry");
        runtime.logOfRobot(entry);
    }

    /** The open sessions. */
    public List<SessionSnapshot> sessions() {
        return runtime.sessions.views().stream().map(SessionSnapshot::new).toList();
    }

    /** The topics that are known, in no order; the broker's own as well. */
    public List<TopicSnapshot> topics() {
        return runtime.numbers.eachTopic();
    }

    /**
     * Ends a session with close code 4403: its client should not come back by itself. False if there is no such session.
     *
     * @param reason why, for people; at most about 100 characters reach the client
     */
    public boolean disconnect(String sessionId, String reason) {
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(reason, "reason");
        return runtime.sessions.disconnect(sessionId, reason);
    }

    /** Takes access from clients, beyond a single session. */
    public AccessControl access() {
        return access;
    }

    /** What has happened since the start, in numbers. */
    public BrokerStats stats() {
        return new BrokerStats(runtime);
    }

    /**
     * Where the broker listens, with the port that was chosen if 0 was asked for.
     *
     * @throws IllegalStateException if it was started without network
     */
    public InetSocketAddress address() {
        return runtime.address();
    }

    /**
     * Replaces key and certificate, for instance before they expire. Connections that open from now on get the new ones; those that are
     * open keep theirs.
     *
     * @throws IllegalArgumentException if it was not initialised
     * @throws IllegalStateException if the broker was started without TLS
     */
    public void tls(SSLContext context) {
        Objects.requireNonNull(context, "context");
        runtime.tls(context);
    }

    /**
     * Ends the broker: takes no more messages, gives queues half of the close timeout to empty, tells every client 1001,
     * ends store and sink. Returns when all is ended and no thread of the broker is left, at the latest after the close timeout.
     * Called by a listener it begins all this and returns at once. Idempotent.
     */
    @Override
    public void close() {
        runtime.close();
    }

    /** Whether it takes no more messages: {@link #close} was called, or it has failed. Its end may still be under way, see {@link #awaitClose}. */
    public boolean isClosed() {
        return runtime.isClosed();
    }

    /**
     * Waits until the broker is closed, for programs that only serve.
     *
     * @throws InterruptedException if the thread is interrupted; the broker goes on
     */
    public void awaitClose() throws InterruptedException {
        runtime.awaitClose();
    }

    /** Returns the broker's name and where it listens. */
    @Override
    public String toString() {
        return "RobotStreamBroker[" + runtime.describe() + "]";
    }

    /** Does a bounded piece of work of a broker that is stepped by hand; true if more waits. */
    boolean step() {
        return runtime.step();
    }

    /** Whether such a broker waits for no other thread, that of a listener for instance. */
    boolean isIdle() {
        return runtime.isIdle();
    }

    private static SubscriptionSettings filledIn(Consumer<SubscriptionSettings> settings) {
        SubscriptionSettings s = new SubscriptionSettings();
        Objects.requireNonNull(settings, "settings").accept(s);
        return s;
    }
}
