package io.github.robotstream.internal.routing;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Sender;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.protocol.DeliveryNote;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.time.BrokerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way. Made by the thread that publishes; numbered by the broker thread, after which it does not change.
 */
public final class RoutedMessage {
    /** The broker itself. */
    public static final Sender BROKER = ofName("broker");

    private static final Duration OLDEST = Duration.ofDays(36_500);

    private final TopicState topic;
    private final Envelope envelope;
    private final Sender publisher;
    private final long arrivedNanos;
    private final @Nullable Object notTo;
    private byte severity;
    private int episode;
    private @Nullable String source;
    private @Nullable Set<Subscriber> holders;
    private boolean byRobotCode;
    private long lostBefore;
    private long ordinal;
    private String epoch = "";
    private long sequence;
    private long wallMicros;

    /** A message that is not numbered yet, and does not go to subscriptions whose owner is {@code notTo}. */
    public RoutedMessage(
            TopicState topic, Envelope envelope, Sender publisher, long arrivedNanos, @Nullable Object notTo) {
        this.topic = topic;
        this.envelope = envelope;
        this.publisher = publisher;
        this.arrivedNanos = arrivedNanos;
        this.notTo = notTo;
    }

    /** A message as a store gave it back. Throws if it is no JSON for clients. */
    public static RoutedMessage restored(TopicState topic, Message stored, BrokerClock clock) throws JsonException {
        // By the wall clock, the only one that went on between the runs; a message from its future has just come.
        Duration age = Duration.between(stored.time(), clock.now());
        long ageNanos = age.isNegative() ? 0 : age.compareTo(OLDEST) > 0 ? OLDEST.toNanos() : age.toNanos();
        return restored(topic, stored, clock.nanoTime() - ageNanos);
    }

    private static RoutedMessage restored(TopicState topic, Message stored, long arrivedNanos) throws JsonException {
        Payload payload = stored.payload();
        PayloadHead head = new PayloadHead(payload.name(), payload.type());
        Envelope envelope = Envelope.ofPayload(topic.head(), head, payload, new JsonScan());
        RoutedMessage message = new RoutedMessage(topic, envelope, ofName(stored.publisher()), arrivedNanos, null);
        message.number(stored.epoch(), stored.sequence(), stored.time());
        message.byRobotCode = stored.publisher().equals(Sender.ROBOT.name());
        return message;
    }

    private static Sender ofName(String name) {
        return new Sender(name, Optional.empty(), Optional.empty());
    }

    /** A message that robot code published; a client's principal may be called {@link Sender#ROBOT} too. */
    public RoutedMessage byRobotCode() {
        byRobotCode = true;
        return this;
    }

    public boolean isByRobotCode() {
        return byRobotCode;
    }

    /** Whether it is the last that its topic has had, and tells by itself what is the case; broker thread. */
    boolean isNewestValue() {
        return topic.isThinned() && sequence == topic.sequence && epoch.equals(topic.epoch);
    }

    /** A {@link CommandWatchdog}'s safe value, which robot code may be handed before it has a number. */
    RoutedMessage asSafeValue() {
        holders = ConcurrentHashMap.newKeySet();
        return this;
    }

    /** Whoever has one of two safe values does not get the other. */
    RoutedMessage heldBySameAs(RoutedMessage twin) {
        holders = twin.holders;
        return this;
    }

    public boolean isSafeValue() {
        return holders != null;
    }

    /** Whether a subscriber of robot code does not have this safe value yet; from now on it counts as one that has. Any thread. */
    public boolean claim(Subscriber holder) {
        Set<Subscriber> present = holders;
        return present != null && present.add(holder);
    }

    /** It could not be handed over after all. */
    public void unclaim(Subscriber holder) {
        Set<Subscriber> present = holders;
        if (present != null) {
            present.remove(holder);
        }
    }

    /** The episode of its topic's {@link CommandWatchdog} that it is a command of. */
    int episode() {
        return episode;
    }

    void episode(int number) {
        episode = number;
    }

    /** An entry of {@code server_logs}, which subscribers may filter by how grave it is. */
    public RoutedMessage withSeverity(int value) {
        severity = (byte) value;
        return this;
    }

    /** Says whose share of the topic's {@link RecentMessages} it counts in. */
    public RoutedMessage withSource(String value) {
        source = value;
        return this;
    }

    /** Whose share of the recent messages it counts in, or null if in none. */
    @Nullable
    String source() {
        return source;
    }

    /** How grave a log entry is, from 1; 0 for other messages. */
    int severity() {
        return severity;
    }

    /** So many messages of its topic were lost right before it; broker thread. */
    void lostBefore(long count) {
        lostBefore = count;
    }

    /** Its number among all messages of this run, from 1; 0 for what a store gave back. */
    long ordinal() {
        return ordinal;
    }

    void ordinal(long number) {
        ordinal = number;
    }

    void number(String inEpoch, long asSequence, Instant wall) {
        epoch = inEpoch;
        sequence = asSequence;
        wallMicros = TimeUnit.SECONDS.toMicros(wall.getEpochSecond()) + wall.getNano() / 1000;
    }

    String epoch() {
        return epoch;
    }

    public boolean isBuiltIn() {
        return topic.isBuiltIn();
    }

    public Sender publisher() {
        return publisher;
    }

    /** The watchdog of its topic, if that has one. */
    public @Nullable CommandWatchdog watchdog() {
        return topic.watchdog();
    }

    TopicState topic() {
        return topic;
    }

    public String topicName() {
        return topic.name();
    }

    public Envelope envelope() {
        return envelope;
    }

    /** When robot code published it, or its last bytes were read from the client's socket, by the monotonic clock. */
    public long arrivedNanos() {
        return arrivedNanos;
    }

    /** Its number in its topic; 0 before it has one. */
    public long sequence() {
        return sequence;
    }

    long lostBefore() {
        return lostBefore;
    }

    @Nullable
    Object notTo() {
        return notTo;
    }

    DeliveryNote.Numbers numbers(long startedNanos, long dropped, long skipped, boolean isRetained) {
        long mono = TimeUnit.NANOSECONDS.toMicros(arrivedNanos - startedNanos);
        return new DeliveryNote.Numbers(
                sequence, epoch, wallMicros, mono, dropped, skipped, isRetained, publisher.name(), topic.isCommand());
    }

    /** Its numbers and times, beside those of a delivery. */
    public DeliveryNote.Numbers numbers(long startedNanos) {
        return numbers(startedNanos, 0, 0, true);
    }

    public Message toMessage() {
        Instant time = Instant.ofEpochSecond(
                Math.floorDiv(wallMicros, 1_000_000L), Math.floorMod(wallMicros, 1_000_000L) * 1000L);
        return new Message(topic.name(), envelope.payload(), epoch, sequence, time, publisher.name());
    }
}
