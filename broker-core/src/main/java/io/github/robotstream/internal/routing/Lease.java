package io.github.robotstream.internal.routing;

import io.github.robotstream.Sender;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.spi.LogEntry;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which client, if one does, commands on a topic alone: the one that holds the lease, for so long after its last request or message. Robot code
 * may hold it without an end. Broker thread, but for what says otherwise.
 */
public final class Lease {
    private final TopicState topic;
    private final boolean required;
    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Consumer<LogEntry.Builder> onChange;
    private volatile @Nullable Sender holder;
    private long ttlNanos;
    private long untilNanos;
    private Timers.@Nullable Timer timer;

    /**
     * A lease that nobody holds.
     *
     * @param required whether a client has to hold it to publish
     * @param onChange told of each change of the holder, what is to be logged of it
     */
    Lease(TopicState topic, boolean required, RoutingContext routing, Consumer<LogEntry.Builder> onChange) {
        this.topic = topic;
        this.required = required;
        this.clock = routing.clock();
        this.loop = routing.loop();
        this.onChange = onChange;
    }

    public boolean isRequired() {
        return required;
    }

    String topicName() {
        return topic.name();
    }

    /** {@return who holds it; any thread} */
    public Optional<Sender> holder() {
        return Optional.ofNullable(holder);
    }

    /** {@return who holds it, if that is somebody else than this session} */
    public Optional<Sender> heldByOtherThan(String session) {
        return isHeldBy(session) ? Optional.empty() : holder();
    }

    /** Whether that session holds it. */
    public boolean isHeldBy(String session) {
        return holder().flatMap(Sender::session).filter(session::equals).isPresent();
    }

    /** A client that may, as nobody else holds it, holds it from now on for so long. */
    public void acquire(Sender client, long nanos) {
        boolean isNew = holder == null;
        holder = client;
        ttlNanos = nanos;
        renew();
        cancelTimer();
        timer = loop.schedule(nanos, this::endIfDue);
        if (isNew) {
            tell("lease_taken", client, "has it", "acquired");
        }
    }

    /** Its holder has used it. */
    public void renew() {
        untilNanos = clock.nanoTime() + ttlNanos;
    }

    private void endIfDue() {
        long left = untilNanos - clock.nanoTime();
        timer = left > 0 ? loop.schedule(left, this::endIfDue) : null;
        if (left <= 0) {
            end("expired");
        }
    }

    /** Robot code holds it until {@link #end}. */
    public void take() {
        if (!holder().equals(Optional.of(Sender.ROBOT))) {
            end("taken");
            holder = Sender.ROBOT;
            tell("lease_taken", Sender.ROBOT, "has it", "taken");
        }
    }

    /** Nobody holds it any more; where its holder commands, nobody does. */
    public void end(String reason) {
        Sender last = holder;
        holder = null;
        cancelTimer();
        if (last != null) {
            last.session().ifPresent(session -> stopCommanding(session, reason));
            tell("lease_ended", last, "has it no more", reason);
        }
    }

    private void stopCommanding(String session, String reason) {
        CommandWatchdog watchdog = topic.watchdog();
        if (watchdog != null) {
            watchdog.commanderGone(session, episodeEnd(reason));
        }
    }

    private static EpisodeEnd episodeEnd(String reason) {
        return switch (reason) {
            case "released" -> EpisodeEnd.RELEASED;
            case "taken", "revoked" -> EpisodeEnd.LEASE_TAKEN;
            default -> EpisodeEnd.LEASE_ENDED;
        };
    }

    private void cancelTimer() {
        if (timer != null) {
            loop.cancel(timer);
            timer = null;
        }
    }

    private void tell(String event, Sender who, String what, String reason) {
        LogEntry.Builder entry = LogEntry.of(
                        LogEntry.Level.INFO, event, "the lease of " + topic.name() + ": " + who + " " + what)
                .topic(topic.name())
                .attribute("reason", reason);
        who.session().ifPresent(session -> entry.client(session, who.name()));
        onChange.accept(entry);
    }
}
