package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.loop.LoopTask;
import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives a command topic its safe value when commands stop coming. An episode begins with a command and ends with the safe value.
 *
 * <pre>
 *           admits(command)
 * SAFE ────────────────────────> DRIVEN ── admits(command) ──> DRIVEN
 *   ^                               │
 *   └── silence, commander gone ────┘
 *       or letting go, closing
 * </pre>
 *
 * <p>The safe value takes two ways. Listeners and inputs of robot code are handed it by the thread that ends the episode, past the broker
 * thread, which may be stuck. Subscribers beyond are sent it by the broker thread, in order with what it routes. Both ways have one list of
 * who has it, so nobody gets it twice. A command that is older than the safe value, or than the silence that is allowed, reaches no robot
 * code any more, wherever it waits.
 *
 * <p>What may be called by any thread says so; its lock is held for a few steps only, and not while anything is handed over.
 */
public final class CommandWatchdog extends LoopTask {
    /** {@link #look} has nothing to wait for. */
    static final long NEVER = Long.MAX_VALUE;

    /** After that time what could not be handed over is tried again. */
    private static final long HAND_OVER_AGAIN_NANOS = 10_000_000L;

    private final TopicState topic;
    private final long silenceNanos;
    private final Envelope envelope;
    private final RoutedMessage safeValue;
    private final RoutingContext routing;
    private final BrokerClock clock;
    private final RobotCode robotCode;
    private Runnable onDriven = () -> {};
    // Guarded by this.
    private boolean driven;
    private boolean closed;
    private long fedNanos;
    private Sender commander = Sender.ROBOT;
    private @Nullable RoutedMessage toRoute;
    private long endedNanos; // of the last episode that has ended, if one has
    /** How many episodes have ended; written by who holds the lock. */
    private volatile int ended;
    /** What not all of robot code could be handed, for want of memory. */
    private volatile @Nullable RoutedMessage toHandOver;

    /** The listeners and inputs. */
    public interface RobotCode {
        /** Hands a safe value to those of its topic that do not have it; any thread. Returns whether all have it now. */
        boolean handOver(RoutedMessage safeValue);
    }

    /**
     * Of a topic on which nobody has commanded yet.
     *
     * @param safeJson the safe value
     * @throws IllegalArgumentException if that is no JSON
     */
    CommandWatchdog(TopicState topic, long silenceNanos, String safeJson, RoutingContext routing, RobotCode robotCode) {
        this.topic = topic;
        this.silenceNanos = silenceNanos;
        this.routing = routing;
        this.clock = routing.clock();
        this.robotCode = robotCode;
        TopicState.Declaration declared = topic.declaration();
        if (declared == null) {
            throw new IllegalStateException(topic.name() + " is not declared");
        }
        this.envelope = envelope(topic, declared.payloadHead(), safeJson);
        this.safeValue = newSafeValue(clock.nanoTime());
    }

    private static Envelope envelope(TopicState topic, PayloadHead head, String safeJson) {
        try {
            return Envelope.ofValue(topic.head(), head, safeJson, new JsonScan());
        } catch (JsonException e) {
            throw new IllegalArgumentException(
                    "the codec of " + topic.name() + " makes no JSON of the safe value: " + e.getMessage(), e);
        }
    }

    private RoutedMessage newSafeValue(long nanos) {
        RoutedMessage value = new RoutedMessage(topic, envelope, Sender.ROBOT, nanos, null)
                .byRobotCode()
                .asSafeValue();
        value.number("", 0, clock.now()); // what robot code is handed has no other number
        return value;
    }

    /** Has somebody told when an episode begins, by the broker thread; before that thread runs. */
    void onDriven(Runnable told) {
        onDriven = told;
    }

    String topicName() {
        return topic.name();
    }

    /** {@return the safe value, for who asks before it was handed over; any thread} */
    public RoutedMessage safeValue() {
        return safeValue;
    }

    /** Whether a command is not to reach robot code any more; any thread. */
    public boolean outdates(RoutedMessage command) {
        return !command.isSafeValue() && (command.episode() != ended || isOld(command));
    }

    private boolean isOld(RoutedMessage command) {
        return clock.nanoTime() - command.arrivedNanos() >= silenceNanos;
    }

    /** Takes note of a command that is about to be routed; false if it comes too late, or the broker is closing. Broker thread. */
    boolean admits(RoutedMessage command) {
        boolean begins;
        synchronized (this) {
            if (closed || isOld(command) || (ended > 0 && command.arrivedNanos() - endedNanos < 0)) {
                return false;
            }
            command.episode(ended);
            begins = !driven;
            driven = true;
            commander = command.publisher();
            if (begins || command.arrivedNanos() - fedNanos > 0) {
                fedNanos = command.arrivedNanos();
            }
        }
        if (begins) {
            onDriven.run();
        }
        return true;
    }

    /** {@return the safe value that is to be routed before anything else of its topic, once} Broker thread. */
    synchronized @Nullable RoutedMessage takeToRoute() {
        RoutedMessage next = toRoute;
        toRoute = null;
        return next;
    }

    /** Routes the safe value. */
    @Override
    protected boolean take() {
        RoutedMessage next = takeToRoute();
        if (next != null) {
            routing.router().route(next);
        }
        return false;
    }

    /** Ends the episode if nobody has commanded for too long. Returns after how many nanoseconds to look again, or {@link #NEVER}. Any thread. */
    long look() {
        long left = nanosLeft();
        if (left <= 0) {
            endEpisode(any -> nanosLeft() <= 0, EpisodeEnd.SILENCE);
            left = nanosLeft(); // a command may have come just now
        }
        RoutedMessage late = toHandOver;
        if (late != null) {
            handOver(late);
        }
        return toHandOver == null ? left : Math.min(left, HAND_OVER_AGAIN_NANOS);
    }

    private synchronized long nanosLeft() {
        return driven ? fedNanos + silenceNanos - clock.nanoTime() : NEVER;
    }

    /** Ends the episode if its last command is of that session. Any thread. */
    public void commanderGone(String session, EpisodeEnd why) {
        endEpisode(commanding -> isOf(session, commanding), why);
    }

    /** Ends the episode and admits no command any more. Any thread. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        endEpisode(any -> true, EpisodeEnd.CLOSING);
    }

    /** Whether the last command of an episode that goes on is of that session. */
    public synchronized boolean isCommandedBy(String session) {
        return driven && isOf(session, commander);
    }

    private static boolean isOf(String session, Sender commanding) {
        return commanding.session().filter(session::equals).isPresent();
    }

    /** What needs memory comes first: an episode whose end throws has not ended, and the next look ends it. */
    private void endEpisode(Predicate<Sender> ends, EpisodeEnd why) {
        if (!isDriven()) {
            return;
        }
        long now = clock.nanoTime();
        RoutedMessage handed = newSafeValue(now);
        RoutedMessage routed = newSafeValue(now).heldBySameAs(handed);
        Sender last;
        synchronized (this) {
            if (!driven || !ends.test(commander)) {
                return;
            }
            driven = false;
            last = commander;
            toRoute = routed;
            endedNanos = now;
            ended++;
        }
        handOver(handed);
        routing.loop().wake(this);
        tell(last, why);
    }

    private synchronized boolean isDriven() {
        return driven;
    }

    private void handOver(RoutedMessage value) {
        toHandOver = value; // stays if this throws
        if (robotCode.handOver(value)) {
            toHandOver = null;
        }
    }

    private void tell(Sender last, EpisodeEnd why) {
        LogEntry.Builder entry = why.entry(topic.name());
        last.session().ifPresent(session -> entry.client(session, last.name()));
        routing.log().accept(entry);
    }
}
