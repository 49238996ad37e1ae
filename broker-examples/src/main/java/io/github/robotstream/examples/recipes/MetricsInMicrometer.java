package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.SessionSnapshot;
import io.github.robotstream.TopicSnapshot;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/** The broker's numbers in a registry of Micrometer, which hands them to what one has: OTLP, Datadog, CloudWatch, JMX. */
public final class MetricsInMicrometer {
    /** Each series costs memory there: those with most messages are shown. */
    private static final int MOST_TOPICS = 100;

    private final RobotStreamBroker broker;
    private final MultiGauge sessionQueues;
    private final MultiGauge topicQueues;

    public MetricsInMicrometer(RobotStreamBroker broker, MeterRegistry registry) {
        this.broker = broker;
        Gauge.builder("robotstream.sessions", broker, b -> b.stats().sessions()).register(registry);
        Gauge.builder("robotstream.deliveries.queued", broker, b -> b.stats().queued())
                .register(registry);
        FunctionCounter.builder(
                        "robotstream.messages.published", broker, b -> b.stats().published())
                .register(registry);
        for (String cause : broker.stats().droppedByCause().keySet()) {
            FunctionCounter.builder(
                            "robotstream.deliveries.dropped",
                            broker,
                            b -> b.stats().droppedByCause().get(cause))
                    .tag("cause", cause)
                    .register(registry);
        }
        TimeGauge.builder(
                        "robotstream.read.age",
                        broker,
                        TimeUnit.NANOSECONDS,
                        b -> b.stats().readAges().p99().toNanos())
                .tag("statistic", "p99")
                .register(registry);
        sessionQueues = MultiGauge.builder("robotstream.session.queued").register(registry);
        topicQueues = MultiGauge.builder("robotstream.topic.queued").register(registry);
    }

    /** Sessions and topics come and go: to be called as often as the registry publishes. */
    public void refresh() {
        sessionQueues.register(
                broker.sessions().stream().map(MetricsInMicrometer::row).toList(), true);
        topicQueues.register(
                broker.topics().stream()
                        .sorted(Comparator.comparingLong(TopicSnapshot::messages)
                                .reversed())
                        .limit(MOST_TOPICS)
                        .map(topic -> Row.of(Tags.of("topic", topic.name()), topic.queued()))
                        .toList(),
                true);
    }

    private static Row<?> row(SessionSnapshot session) {
        return Row.of(
                Tags.of("session", session.id(), "subject", session.principal().name()), session.queuedMessages());
    }

    public static RobotStreamBroker start(int port) throws IOException {
        return RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.all())
                .start();
    }

    public static void main(String[] args) throws Exception {
        try (RobotStreamBroker broker = start(Integer.getInteger("port", 8765))) {
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
            SimpleMeterRegistry registry = new SimpleMeterRegistry(); // here yours: new OtlpMeterRegistry(…)
            MetricsInMicrometer metrics = new MetricsInMicrometer(broker, registry);
            while (!broker.isClosed()) {
                metrics.refresh();
                System.out.println(registry.getMetersAsString());
                TimeUnit.SECONDS.sleep(10);
            }
        }
    }
}
