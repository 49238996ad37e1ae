package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.Sender;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.protocol.Request.Topics;
import io.github.robotstream.internal.protocol.TopicsReply;
import io.github.robotstream.internal.routing.Lease;
import io.github.robotstream.internal.routing.RoutedMessage;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.TopicListing;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.routing.Work;
import io.github.robotstream.internal.time.BrokerClock;
import java.util.List;
import java.util.Optional;

/** A page of the topics that a client may subscribe to, made in bounded steps. Broker thread. */
final class TopicsPage {
    /** In the time of one look so many rights are compared with a name, or so many characters are written. */
    static final int RIGHTS_A_LOOK = 8;

    static final int CHARACTERS_A_LOOK = 128;
    /** Who may read it is told what is counted of single topics too. */
    private static final TopicFilter STATS = TopicFilter.of("$stats");

    private final Permissions permissions;
    private final Router router;
    private final BrokerClock clock;
    private final boolean readsStats;
    private final TopicListing listing;
    private final TopicsReply reply;
    private final int looks;

    TopicsPage(Topics request, Permissions permissions, Router router, BrokerClock clock) {
        this.permissions = permissions;
        this.router = router;
        this.clock = clock;
        this.readsStats = permissions.maySubscribe(STATS);
        this.listing = router.list(
                request.filter().map(TopicFilter::of), request.after().orElse(""));
        this.reply = new TopicsReply(request);
        this.looks = looks(permissions);
    }

    /** {@return what it costs to compare a topic's name with all rights} */
    static int looks(Permissions permissions) {
        return 1
                + (permissions.subscribeFilters().size()
                                + permissions.publishFilters().size())
                        / RIGHTS_A_LOOK;
    }

    /** Does a piece of it; returns whether it is done. */
    boolean goOn(Work work) {
        return listing.goOn(work, looks, topic -> read(topic, work));
    }

    private boolean read(TopicState topic, Work work) {
        boolean subscribes = isCovered(topic.name(), permissions.subscribeFilters());
        if (!subscribes && !(topic.stopValue().isPresent() && mayPublish(topic))) {
            return true;
        }
        int before = reply.characters();
        boolean hasRoom = reply.add(entry(topic, subscribes));
        work.take((reply.characters() - before) / CHARACTERS_A_LOOK);
        return hasRoom;
    }

    static boolean isCovered(String topic, List<TopicFilter> rights) {
        for (TopicFilter right : rights) {
            if (right.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayPublish(TopicState topic) {
        return permissions.mayPublish(topic.name()) && !topic.isRobotOnly();
    }

    private TopicsReply.Entry entry(TopicState topic, boolean subscribes) {
        TopicState.Declaration declared = topic.declaration();
        Optional<Topic<?>> known = Optional.ofNullable(declared).map(TopicState.Declaration::topic);
        RoutedMessage latest = topic.latest();
        Optional<String> lastType = Optional.ofNullable(latest)
                .map(RoutedMessage::envelope)
                .flatMap(envelope -> envelope.typeUpTo(TopicsReply.MAX_TYPE_CHARACTERS));
        return new TopicsReply.Entry(
                topic.name(),
                known.<String>map(Topic::type).or(() -> lastType),
                topic.isCommand(),
                subscribes,
                mayPublish(topic),
                latest != null,
                topic.hasHistory() ? topic.oldestInMemory() : 0,
                router.rate(topic),
                readsStats ? Optional.of(topic.snapshot(clock.nanoTime())) : Optional.empty(),
                topic.stopValue(),
                Optional.ofNullable(topic.lease()).map(TopicsPage::lease),
                known.flatMap(Topic::schema));
    }

    private static TopicsReply.Lease lease(Lease lease) {
        return new TopicsReply.Lease(
                lease.isRequired(),
                lease.holder().map(Sender::name),
                lease.holder().flatMap(Sender::session));
    }

    /** The reply, once it is done. */
    byte[] toFrame() {
        return reply.toFrame(listing.isComplete());
    }
}
