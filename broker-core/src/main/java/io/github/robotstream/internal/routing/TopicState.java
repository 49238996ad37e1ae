package io.github.robotstream.internal.routing;

import io.github.robotstream.Priority;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicSnapshot;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.protocol.TopicHead;
import io.github.robotstream.internal.settings.TopicOptions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A topic. The first fields are shared with the threads that publish; those from the epoch on belong to the broker thread. */
public final class TopicState {
    private static final Subscriber[] NOBODY = {};
    private static final long NO_VERSION = -1;
    /** For a topic that does not keep several messages, while somebody reads what came before: what comes meanwhile. */
    private static final int READERS_HISTORY = 256;

    private final String name;
    private final TopicHead head;
    private final @Nullable TopicMaker maker;
    private final int recentLimit;
    /** How many messages it keeps if robot code does not say. */
    private final int usualHistory;

    private volatile @Nullable Declaration declaration;
    private volatile long clientIntervalNanos;
    private volatile @Nullable RoutedMessage latest;
    /** The one that was used last: most topics have one name and type for ever. */
    private volatile @Nullable PayloadHead payloadHead;
    /** For the newest message that found the robot lane full. */
    final OverflowPlace overflow = new OverflowPlace();

    String epoch;
    long sequence;
    long lastUsedNanos;
    /** Whether the time of its last use is known though nothing was published to it. */
    boolean seen;

    final TopicRate rate = new TopicRate();
    final TopicTally tally;

    boolean forgotten;
    /** Set before the broker's threads run, if at all. */
    private @Nullable CommandWatchdog watchdog;

    private @Nullable Lease lease;
    private @Nullable StopTopic stop;
    /** Its place among the {@link RetainedValues}. */
    @Nullable
    TopicState olderValue;

    @Nullable
    TopicState newerValue;

    private final @Nullable RecentMessages recent;
    /** Its last messages, if it keeps several or somebody is reading them. */
    @Nullable
    TopicHistory history;

    int historyReaders;
    /** Who got its messages in that version of the subscriptions, see {@link MatchCache}. */
    Subscriber[] match = NOBODY;

    long matchVersion = NO_VERSION;

    /** {@code history} is how many messages it keeps. */
    public record Declaration(Topic<?> topic, TopicOptions options, int history, PayloadHead payloadHead) {}

    /** A topic whose last messages are kept, so many unless robot code says otherwise, and which takes a place of whoever made it. */
    TopicState(String name, String epoch, TopicMaker maker, int usualHistory, AgePlaces ages) {
        this(name, epoch, maker, 0, usualHistory, ages);
    }

    /** A topic of the broker's own whose last few messages are kept. */
    TopicState(String name, String epoch, int recentLimit, AgePlaces ages) {
        this(name, epoch, null, recentLimit, 0, ages);
    }

    private TopicState(
            String name, String epoch, @Nullable TopicMaker maker, int recentLimit, int usualHistory, AgePlaces ages) {
        this.name = name;
        this.head = new TopicHead(name);
        this.epoch = epoch;
        this.maker = maker;
        this.recentLimit = recentLimit;
        this.usualHistory = usualHistory;
        this.tally = new TopicTally(ages);
        this.recent = recentLimit == 0 ? null : new RecentMessages(recentLimit);
    }

    public String name() {
        return name;
    }

    public TopicHead head() {
        return head;
    }

    /** What a data object of that name and type begins with; any thread. */
    public PayloadHead payloadHead(String payloadName, String payloadType) {
        PayloadHead last = payloadHead;
        if (last == null || !last.isOf(payloadName, payloadType)) {
            last = new PayloadHead(payloadName, payloadType);
            payloadHead = last;
        }
        return last;
    }

    /** What robot code said about it, or null for a topic that only clients use. */
    public @Nullable Declaration declaration() {
        return declaration;
    }

    /** What is told of it; any thread, which sees what was counted last a little late. */
    public TopicSnapshot snapshot(long nowNanos) {
        return new TopicSnapshot(name, sequence, tally.queued(), tally.dropped(), tally.ages(nowNanos));
    }

    /** {@return the topic whose type a ready-made message there has to be of, or null if it may be of any; any thread} */
    public @Nullable Topic<?> checkedTopic() {
        Declaration declared = declaration;
        return declared == null || declared.options().uncheckedFromClients ? null : declared.topic();
    }

    /** Whether robot code declared it or somebody has published to it; any thread, which may see the first message a little late. */
    public boolean isKnown() {
        return declaration != null || isBuiltIn() || sequence > 0;
    }

    boolean isBuiltIn() {
        return maker == null;
    }

    /** Who made it, and has a place less for that unless it was declared; null for a topic of the broker's own. */
    @Nullable
    TopicMaker maker() {
        return maker;
    }

    boolean keepsSeveral() {
        return recentLimit > 0;
    }

    int recentLimit() {
        return recentLimit;
    }

    /** Whether it stays though nobody uses it. */
    boolean isPermanent() {
        return declaration != null || isBuiltIn();
    }

    void declare(Topic<?> topic, TopicOptions options) {
        clientIntervalNanos = options.maxClientHz > 0 ? (long) (1e9 / options.maxClientHz) : 0;
        int messages = topic.isCommand() || !options.retained ? 0 : options.history.orElse(usualHistory);
        PayloadHead head = new PayloadHead(topic.name(), topic.type());
        declaration = new Declaration(topic, options, messages, head);
    }

    /** Which of its messages and those of others go first; never changes from another than the usual. */
    Priority priority() {
        Declaration declared = declaration;
        return declared == null ? Priority.NORMAL : declared.options().priority;
    }

    /** Whether its messages have positions from which a client can go on: command topics, those that keep no value and those of the broker's own have none. */
    public boolean hasHistory() {
        return !isBuiltIn() && isRetained();
    }

    /** How many of its last messages are kept now. */
    int historyLimit() {
        Declaration declared = declaration;
        int limit = declared == null ? usualHistory : declared.history();
        return historyReaders == 0 || !hasHistory() ? limit : Math.max(limit, READERS_HISTORY);
    }

    /** All messages after this number are in memory. */
    long memoryFloor() {
        TopicHistory kept = history;
        RoutedMessage last = latest();
        return kept != null ? kept.floor() : last != null ? last.sequence() - 1 : sequence;
    }

    /** The number of the oldest message in memory, or 0 if there is none; broker thread. */
    public long oldestInMemory() {
        RoutedMessage oldest = history == null ? latest() : history.after(0);
        return oldest == null ? 0 : oldest.sequence();
    }

    /** How many of its messages a second a client's subscription is sent at the most; 0 for no limit. */
    public double maxClientHz() {
        Declaration declared = declaration;
        return declared == null ? 0 : declared.options().maxClientHz;
    }

    /** The same as the time between two messages. */
    long clientIntervalNanos() {
        return clientIntervalNanos;
    }

    /** Whether its last value is kept, stored and replayed: it is a state topic, unless robot code said otherwise. */
    public boolean isRetained() {
        Declaration declared = declaration;
        return declared == null || (!declared.topic().isCommand() && declared.options().retained);
    }

    /** Whether it is a command topic: never retained, stored or replayed. */
    public boolean isCommand() {
        Declaration declared = declaration;
        return declared != null && declared.topic().isCommand();
    }

    /** Whether clients may not publish there, whatever their tokens say; any thread. */
    public boolean isRobotOnly() {
        Declaration declared = declaration;
        return declared != null && declared.options().robotOnly;
    }

    /** Its watchdog, if it has one; any thread. */
    public @Nullable CommandWatchdog watchdog() {
        return watchdog;
    }

    void watchdog(CommandWatchdog value) {
        watchdog = value;
    }

    /** Its lease, if it has one; any thread. */
    public @Nullable Lease lease() {
        return lease;
    }

    void lease(Lease value) {
        lease = value;
    }

    /** The value that stops the robot, as JSON, of a topic that is declared for that; any thread. */
    public Optional<String> stopValue() {
        Declaration declared = declaration;
        return declared == null ? Optional.empty() : Optional.ofNullable(declared.options().stopValue);
    }

    @Nullable
    StopTopic stop() {
        return stop;
    }

    void stop(StopTopic value) {
        stop = value;
    }

    /** Whether a value that was followed by a newer one is of no more use when it is old. */
    boolean isThinned() {
        return !isBuiltIn() && !isCommand();
    }

    /** The last message, if it is kept and there is one; any thread. */
    public @Nullable RoutedMessage latest() {
        return isRetained() ? latest : null;
    }

    /** What is kept of it, even if it was declared as one that keeps nothing meanwhile. */
    @Nullable
    RoutedMessage retained() {
        return latest;
    }

    void latest(@Nullable RoutedMessage message) {
        latest = message;
        if (message != null && recent != null) {
            recent.add(message);
        }
    }

    /** What a late subscriber is sent, oldest first: the last message, or the last few of a topic that keeps more. */
    Collection<RoutedMessage> toReplay() {
        if (recent != null) {
            return recent.all();
        }
        RoutedMessage last = latest();
        return last == null ? List.of() : List.of(last);
    }

    void forgetMatch() {
        match = NOBODY;
        matchVersion = NO_VERSION;
    }
}
