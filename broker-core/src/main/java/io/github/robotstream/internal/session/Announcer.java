package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.Timers;
import io.github.robotstream.internal.protocol.ServiceNotice;
import io.github.robotstream.internal.protocol.TopicNotice;
import io.github.robotstream.internal.protocol.Unasked;
import io.github.robotstream.internal.routing.Services;
import io.github.robotstream.internal.routing.Work;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a session's client what its dialect tells unasked: at first what it is talking to, then the topics that it may read, as they come
 * and go, the services that it may call, what was lost, and once a second the time. A client that does not read is told of nothing more meanwhile. What it may read is
 * what it got in with: a dialect that tells unasked has no newer tokens. Broker thread.
 */
final class Announcer {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Clients have been seen that begin to listen when they are let in, and lose what comes in one read with that answer. */
    private static final long GREETS_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int MOST_REPLIES_BEFORE_LOSSES = 8;
    private static final int TOPICS_A_MESSAGE = 64;
    private static final int CHARACTERS_A_MESSAGE = 32 * 1024;
    /** Written and escaped in about the time of a look. */
    private static final int CHARACTERS_A_LOOK = 64;
    /** A client that is so far behind with what has gone is sent away: there is no bound to what it would have to be told. */
    private static final int MOST_DEPARTURES = 32 * 1024;

    private final Unasked language;
    private final Services services;
    private final Identity robot;
    private final TopicDirectory directory;
    private final BrokerClock clock;
    private final BrokerLoop loop;
    private final Outbound outbound;
    /** Its own: what a client has not asked for does not count in the rate of its requests. */
    private final Work work = new Work();

    private final Runnable wake;
    private final Runnable onTooSlow;
    private final Runnable onNews = this::newsHasCome;
    private Timers.@Nullable Timer timer;
    private Permissions rights = Permissions.none();
    private TopicDirectory.Departure toldGone = new TopicDirectory.Departure(0, null);
    private int toldUpTo;
    private int toldServices;
    private boolean news;
    private long lost;
    private long lostTold;

    /**
     * Nothing is told yet.
     *
     * @param wake asks for the session's turn
     * @param onTooSlow told when the client is too far behind
     */
    Announcer(Unasked language, SessionContext context, Outbound outbound, Runnable wake, Runnable onTooSlow) {
        this.language = language;
        this.services = context.routing.router().services();
        this.robot = context.identity;
        this.directory = context.topicDirectory;
        this.clock = context.routing.clock();
        this.loop = context.routing.loop();
        this.outbound = outbound;
        this.wake = wake;
        this.onTooSlow = onTooSlow;
    }

    /** In a moment greets the client, and tells it of the topics that it may read and the services that it may call. */
    void begin(Permissions permissions) {
        rights = permissions;
        timer = loop.schedule(GREETS_AFTER_NANOS, this::greet);
    }

    private void greet() {
        outbound.reply(language.greeting(robot.name(), robot.epoch(), rights));
        outbound.reply(language.time(clock.now()));
        toldGone = directory.lastDeparture();
        timer = loop.repeat(PERIOD_NANOS, this::beat);
        directory.join(onNews);
        newsHasCome();
    }

    private void newsHasCome() {
        news = true;
        if (directory.lastDeparture().serial - toldGone.serial > MOST_DEPARTURES) {
            onTooSlow.run();
        }
        wake.run();
    }

    private void beat() {
        if (services.count() > toldServices) {
            newsHasCome();
        }
        int unread = outbound.queue().replies();
        if (unread == 0) {
            outbound.reply(language.time(clock.now()));
        }
        if (lost > lostTold && unread < MOST_REPLIES_BEFORE_LOSSES) {
            lostTold = lost;
            language.lost(lost).forEach(outbound::reply);
        }
    }

    /** So many messages more were lost; the client is told at the next beat. */
    void lost(long count) {
        lost += count;
    }

    /** Whether the client is to be told of topics or services. */
    boolean hasNews() {
        return news;
    }

    /** Tells of some topics, as far as the work allows, those first that are gone, and then of services. */
    void goOn() {
        if (news) {
            work.renew();
            news = !(tellGone() && tellCome() && tellServices());
        }
    }

    private boolean tellGone() {
        List<TopicNotice> gone = new ArrayList<>();
        TopicDirectory.Departure next = toldGone.next;
        while (next != null && gone.size() < TOPICS_A_MESSAGE && work.take(TopicsPage.looks(rights))) {
            toldGone = next;
            TopicNotice topic = next.topic;
            if (topic != null && topic.number() <= toldUpTo && isReadable(topic)) {
                gone.add(topic);
            }
            next = next.next;
        }
        tell(gone.isEmpty() ? null : language.gone(gone));
        return next == null;
    }

    private boolean tellCome() {
        List<TopicNotice> come = new ArrayList<>();
        int characters = 0;
        TopicNotice next = directory.next(toldUpTo);
        while (next != null
                && come.size() < TOPICS_A_MESSAGE
                && characters < CHARACTERS_A_MESSAGE
                && work.take(TopicsPage.looks(rights) + length(next) / CHARACTERS_A_LOOK)) {
            toldUpTo = next.number();
            if (isReadable(next)) {
                come.add(next);
                characters += length(next);
            }
            next = directory.next(toldUpTo);
        }
        tell(come.isEmpty() ? null : language.come(come));
        return next == null;
    }

    private boolean tellServices() {
        List<ServiceNotice> come = new ArrayList<>();
        int characters = 0;
        Optional<ServiceNotice> next = services.find(toldServices + 1);
        while (next.isPresent()
                && come.size() < TOPICS_A_MESSAGE
                && characters < CHARACTERS_A_MESSAGE
                && work.take(ServicesPage.looks(rights) + length(next.get()) / CHARACTERS_A_LOOK)) {
            toldServices++;
            if (rights.mayCall(next.get().name())) {
                come.add(next.get());
                characters += length(next.get());
            }
            next = services.find(toldServices + 1);
        }
        tell(come.isEmpty() ? null : language.services(come));
        return next.isEmpty();
    }

    private static int length(ServiceNotice service) {
        return service.name().length()
                + service.request().map(String::length).orElse(0)
                + service.reply().map(String::length).orElse(0);
    }

    private static int length(TopicNotice topic) {
        return topic.name().length() + topic.schema().map(String::length).orElse(0);
    }

    private boolean isReadable(TopicNotice topic) {
        return TopicsPage.isCovered(topic.name(), rights.subscribeFilters());
    }

    private void tell(@Nullable OutboundMessage message) {
        if (message != null) {
            outbound.reply(message);
        }
    }

    /** The session has ended: nothing is told any more. */
    void end() {
        directory.leave(onNews);
        if (timer != null) {
            loop.cancel(timer);
        }
        news = false;
    }
}
