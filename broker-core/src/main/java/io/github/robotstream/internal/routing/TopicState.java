package io.github.robotstream.internal.routing;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.protocol.TopicHead;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A topic. The fields of the first group are shared with the threads that publish; those of the second belong to the
 * broker thread.
 */
public final class TopicState {
    private static final Subscriber[] NOBODY = {};
    private static final long NO_VERSION = -1;

    private final String name;
    private final TopicHead head;
    private final boolean builtIn;
    private volatile @Nullable Declaration declaration;
    private volatile @Nullable RoutedMessage latest;
    /** The one that was used last: most topics have one name and type for ever. */
    private volatile @Nullable PayloadHead payloadHead;
    /** For the newest message that found the robot lane full. */
    final OverflowPlace overflow = new OverflowPlace();

    String epoch;
    long sequence;
    long lastUsedNanos;
    int slot = -1;
    boolean forgotten;
    /** Its place among the last values, see {@link RetainedValues}. */
    @Nullable
    TopicState olderValue;

    @Nullable
    TopicState newerValue;

    private final @Nullable RecentMessages recent;
    /** Who got its messages in that version of the subscriptions, see {@link MatchCache}. */
    Subscriber[] match = NOBODY;

    long matchVersion = NO_VERSION;

    /** What robot code said about a topic. */
    public record Declaration(Topic<?> topic, boolean acceptsAnyType, PayloadHead payloadHead) {}

    TopicState(String name, String epoch, int recentLimit) {
        this.name = name;
        this.head = new TopicHead(name);
        this.epoch = epoch;
        this.builtIn = recentLimit > 0;
        this.recent = builtIn ? new RecentMessages(recentLimit) : null;
    }

    /** The topic's name. */
    public String name() {
        return name;
    }

    /** What its frames begin with. */
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

    /** Whether robot code declared it or somebody has published to it; broker thread. */
    boolean isKnown() {
        return declaration != null || builtIn || sequence > 0;
    }

    boolean isBuiltIn() {
        return builtIn;
    }

    /** Whether it stays though nobody uses it. */
    boolean isPermanent() {
        return declaration != null || builtIn;
    }

    void declare(Topic<?> topic, boolean acceptsAnyType) {
        declaration = new Declaration(topic, acceptsAnyType, new PayloadHead(topic.name(), topic.type()));
    }

    /** Whether it is a command topic: never retained, stored or replayed. */
    public boolean isCommand() {
        Declaration declared = declaration;
        return declared != null && declared.topic().isCommand();
    }

    /** The last message, if it is a state topic that has one; any thread. */
    public @Nullable RoutedMessage latest() {
        return isCommand() ? null : latest;
    }

    /** What is kept of it, even if it was declared a command topic meanwhile. */
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
