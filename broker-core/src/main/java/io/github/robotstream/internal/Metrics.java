package io.github.robotstream.internal;

import io.github.robotstream.AgeSummary;
import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.TopicSnapshot;
import io.github.robotstream.internal.access.MetricsSource;
import io.github.robotstream.internal.protocol.MetricsText;
import io.github.robotstream.internal.routing.AgeHistogram;
import io.github.robotstream.internal.routing.Counters;
import io.github.robotstream.internal.routing.Counters.Count;
import io.github.robotstream.internal.session.Session;
import io.github.robotstream.internal.session.SessionRegistry;
import io.github.robotstream.internal.session.SessionView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What {@code /metrics} tells: the numbers of {@code $stats}, of topics that the token may subscribe to, and of sessions to those who may read
 * {@code $clients}. Any thread.
 */
final class Metrics implements MetricsSource {
    private static final TopicFilter STATS = TopicFilter.of("$stats");
    private static final TopicFilter CLIENTS = TopicFilter.of("$clients");
    /** The others are in the sums only. */
    private static final int MOST_SESSIONS = 200;
    /** Those with most messages; of the others is told how many they are. */
    static final int MOST_TOPICS = 200;

    private final BrokerNumbers numbers;
    private final Counters counters;
    private final SessionRegistry sessions;

    Metrics(BrokerNumbers numbers, SessionRegistry sessions) {
        this.numbers = numbers;
        this.counters = numbers.counters();
        this.sessions = sessions;
    }

    @Override
    public Optional<String> text(Permissions rights) {
        if (!rights.maySubscribe(STATS)) {
            return Optional.empty();
        }
        MetricsText out = new MetricsText();
        broker(out);
        deliveries(out);
        ages(out);
        topics(out, thoseOf(rights));
        if (rights.maySubscribe(CLIENTS)) {
            sessions(out);
        }
        return Optional.of(out.toString());
    }

    private void broker(MetricsText out) {
        out.gauge("sessions", "Sessions that are open.").value(numbers.sessions());
        out.gauge("topics", "Topics that are known.").value(numbers.topics());
        counter(out, "messages_published_total", "Messages taken from robot code and clients.", Count.PUBLISHED);
        counter(out, "publish_refused_total", "Calls of publish that returned false.", Count.REFUSED);
        counter(
                out,
                "failures_total",
                "Listeners that threw, and values that could not be read for robot code.",
                Count.FAILED);
        out.counter("store_lost_total", "Messages that the store did not get or keep.")
                .value(numbers.notStored());
        out.counter("log_lost_total", "Log entries that the sink did not get or write.")
                .value(numbers.notLogged());
    }

    private void deliveries(MetricsText out) {
        counter(out, "deliveries_offered_total", "Messages, once for each subscriber.", Count.OFFERED);
        counter(
                out,
                "deliveries_delivered_total",
                "Deliveries that left for their client or listener.",
                Count.DELIVERED);
        counter(
                out,
                "deliveries_skipped_total",
                "Deliveries that the subscriber had asked to leave out.",
                Count.SKIPPED);
        out.gauge("deliveries_queued", "Deliveries that wait.").value(counters.queued());
        out.counter("deliveries_dropped_total", "Deliveries that were lost, by cause.");
        numbers.dropped().forEach((cause, number) -> out.value(number, "cause", cause));
    }

    private void counter(MetricsText out, String name, String help, Counters.Count count) {
        out.counter(name, help).value(counters.get(count));
    }

    private void ages(MetricsText out) {
        out.gauge("sent_age_seconds", "How old messages were when the socket had taken them.");
        age(out, Session::sentAges);
        out.gauge("read_age_seconds", "How old messages were when the client had read them.");
        age(out, Session::readAges);
    }

    private void age(MetricsText out, Function<Session, AgeHistogram> which) {
        AgeSummary ages = numbers.ages(which);
        out.seconds(ages.p50().toNanos(), "statistic", "p50");
        out.seconds(ages.p99().toNanos(), "statistic", "p99");
        out.seconds(ages.max().toNanos(), "statistic", "max");
    }

    /** Topics that the token may subscribe to, as the names of others are not for it; those with most messages first. */
    private List<TopicSnapshot> thoseOf(Permissions rights) {
        return numbers.eachTopic().stream()
                .filter(topic -> rights.subscribeFilters().stream().anyMatch(right -> right.matches(topic.name())))
                .sorted(Comparator.comparingLong(TopicSnapshot::messages)
                        .reversed()
                        .thenComparing(TopicSnapshot::name))
                .toList();
    }

    private static void topics(MetricsText out, List<TopicSnapshot> all) {
        List<TopicSnapshot> shown = all.subList(0, Math.min(all.size(), MOST_TOPICS));
        out.gauge("topics_left_out", "Topics that have no numbers of their own here, as there are too many.")
                .value(all.size() - shown.size());
        out.counter("topic_messages_total", "Number of a topic's last message.");
        shown.forEach(topic -> out.value(topic.messages(), "topic", topic.name()));
        out.gauge("topic_queued", "Messages of a topic that wait for clients.");
        shown.forEach(topic -> out.value(topic.queued(), "topic", topic.name()));
        out.counter("topic_dropped_total", "Messages of a topic that clients lost.");
        shown.forEach(topic -> out.value(topic.dropped(), "topic", topic.name()));
        out.gauge("topic_sent_age_seconds", "How old a topic's messages were when the socket had taken them.");
        shown.stream().filter(topic -> topic.sentAges().samples() > 0).forEach(topic -> {
            AgeSummary ages = topic.sentAges();
            out.seconds(ages.p50().toNanos(), "topic", topic.name(), "statistic", "p50");
            out.seconds(ages.p99().toNanos(), "topic", topic.name(), "statistic", "p99");
            out.seconds(ages.max().toNanos(), "topic", topic.name(), "statistic", "max");
        });
    }

    private void sessions(MetricsText out) {
        List<SessionView> views =
                sessions.all().stream().limit(MOST_SESSIONS).map(Session::view).toList();
        out.gauge("session_queued", "Messages that wait for a client.");
        each(out, views, SessionView::queuedMessages);
        out.counter("session_delivered_total", "Messages that left for a client.");
        each(out, views, SessionView::delivered);
        out.counter("session_dropped_total", "Messages that a client lost.");
        each(out, views, SessionView::dropped);
        out.gauge("session_read_age_seconds", "How old messages were when the client had read them, p99.");
        views.forEach(view -> out.seconds(view.readAges().p99().toNanos(), labels(view)));
    }

    private static void each(MetricsText out, List<SessionView> views, ToLongFunction<SessionView> number) {
        views.forEach(view -> out.value(number.applyAsLong(view), labels(view)));
    }

    private static String[] labels(SessionView view) {
        return new String[] {"session", view.id(), "subject", view.principal().name()};
    }
}
