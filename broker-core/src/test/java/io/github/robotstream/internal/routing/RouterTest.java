package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Message;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Numbering, last values, who gets what. */
class RouterTest {
    private final RouterFixture fixture = new RouterFixture();
    private final Router router = fixture.router;

    @Test
    void everyTopicIsNumberedByItselfFromOneInTheEpochOfTheRun() {
        fixture.publish("pose", 10);
        fixture.publish("battery", 20);
        Message third = fixture.publish("pose", 30).toMessage();
        assertThat(third.sequence()).isEqualTo(2);
        assertThat(third.epoch()).isEqualTo("e1");
        assertThat(third.topic()).isEqualTo("pose");
        assertThat(third.payload().json()).isEqualTo("30");
        assertThat(third.publisher()).isEqualTo("robot");
    }

    @Test
    void aMessageCarriesTheWallClocksTimeToTheMicrosecond() {
        fixture.clock.setWall(ManualClock.BEGIN.plusNanos(456_789));
        assertThat(fixture.publish("pose", 1).toMessage().time()).isEqualTo(ManualClock.BEGIN.plusNanos(456_000));
    }

    @Test
    void timesBeforeTheEpochOfTheClockAreToldAsTheyAre() {
        fixture.clock.setWall(Instant.ofEpochSecond(-1, 250_000_000));
        assertThat(fixture.publish("pose", 1).toMessage().time()).isEqualTo(Instant.ofEpochSecond(-1, 250_000_000));
    }

    @Test
    void whatWasLostInTheRobotsLaneIsAGapExactlyThere() {
        RecordingSubscriber one = fixture.subscribe("pose");
        RecordingSubscriber other = fixture.subscribe("#");
        fixture.publish("pose", 1);
        RoutedMessage late = Messages.message(fixture.topic("pose"), 5);
        late.lostBefore(3);
        router.route(late);
        fixture.publish("pose", 6);
        assertThat(one.sequences()).containsExactly(1L, 5L, 6L);
        assertThat(other.sequences()).containsExactly(1L, 5L, 6L);
        assertThat(fixture.counters.get(Counters.Count.PUBLISHED)).isEqualTo(6);
        assertThat(fixture.counters.get(Counters.Count.OFFERED)).isEqualTo(12);
        assertThat(fixture.counters.losses()).containsEntry(LossCause.PUBLISH_QUEUE_FULL, 6L);
        assertThat(fixture.logged).singleElement().satisfies(entry -> {
            assertThat(entry.event()).isEqualTo("messages_dropped");
            assertThat(entry.topic()).contains("pose");
            assertThat(entry.attributes()).containsEntry("dropped", 3L).containsEntry("cause", "publish_queue_full");
        });
    }

    /** Adds a subscriber for whose queue there is no memory. */
    private void subscribeWithoutMemory(String filter) {
        router.subscribe(new Subscriber(TopicFilter.of(filter)) {
            @Override
            protected Object owner() {
                return this;
            }

            @Override
            protected void offer(RoutedMessage message) {
                throw new OutOfMemoryError("on purpose");
            }
        });
    }

    @Test
    void whereThereIsNoMemoryForOneSubscriberItLosesTheMessageAndNobodyElseDoes() {
        subscribeWithoutMemory("pose");
        RecordingSubscriber other = fixture.subscribe("pose");
        subscribeWithoutMemory("#");
        TopicState pose = fixture.state("pose");
        assertThat(router.route(Messages.message(pose, 1))).isEqualTo(3);
        RoutedMessage last = Messages.message(pose, 3);
        router.route(Messages.run(Messages.message(pose, 2), last));
        assertThat(other.sequences()).containsExactly(1L, 2L, 3L);
        assertThat(fixture.kept).hasSize(3);
        assertThat(pose.latest()).isSameAs(last);
        assertThat(fixture.counters.get(Counters.Count.OFFERED)).isEqualTo(9);
        assertThat(fixture.counters.losses()).containsEntry(LossCause.QUEUE_FULL, 6L);
    }

    @Test
    void robotCodesMessagesThatFindNoMemoryBeforeTheyAreNumberedAreAGap() {
        AtomicBoolean isFull = new AtomicBoolean();
        BrokerClock clock = new BrokerClock() {
            @Override
            public long nanoTime() {
                return fixture.clock.nanoTime();
            }

            @Override
            public Instant now() {
                if (isFull.get()) {
                    throw new OutOfMemoryError("on purpose");
                }
                return fixture.clock.now();
            }
        };
        Router poor = new Router(clock, fixture.topics, 1 << 20, fixture.counters, fixture.history, entry -> {});
        RecordingSubscriber subscriber = new RecordingSubscriber("pose");
        poor.subscribe(subscriber);
        TopicState pose = fixture.topic("pose");
        poor.route(Messages.run(Messages.message(pose, 1)));
        isFull.set(true);
        RoutedMessage late = Messages.message(pose, 5);
        late.lostBefore(3);
        assertThatThrownBy(() -> poor.route(Messages.run(late))).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> poor.route(Messages.run(Messages.message(pose, 6), Messages.message(pose, 7))))
                .isInstanceOf(OutOfMemoryError.class);
        isFull.set(false);
        poor.route(Messages.run(Messages.message(pose, 8)));
        assertThat(subscriber.sequences()).containsExactly(1L, 8L);
    }

    @Test
    void clearForgetsTheLastValueAndBeginsANewEpochAtOne() {
        TopicState pose = fixture.topic("pose");
        fixture.publish(pose, 1);
        fixture.publish(pose, 2);
        router.clear(pose, "e2");
        assertThat(pose.latest()).isNull();
        Message next = fixture.publish(pose, 3).toMessage();
        assertThat(next.epoch()).isEqualTo("e2");
        assertThat(next.sequence()).isEqualTo(1);
    }

    @Test
    void aStateTopicsMessagesAreKeptAndTheLastOneIsItsLatest() {
        TopicState pose = fixture.state("pose");
        fixture.publish(pose, 1);
        RoutedMessage last = fixture.publish(pose, 2);
        assertThat(pose.latest()).isSameAs(last);
        assertThat(fixture.kept).hasSize(2);
    }

    @Test
    void aCommandTopicsMessagesAreNeitherKeptNorReplayed() {
        TopicState drive = fixture.command("drive");
        fixture.publish(drive, 1);
        RecordingSubscriber late = fixture.subscribe("drive");
        router.replay(late);
        RouterFixture.Client client = fixture.new Client(10);
        client.subscribeRetained("drive");
        client.subscribeRetained("#");
        assertThat(drive.latest()).isNull();
        assertThat(fixture.kept).isEmpty();
        assertThat(late.values()).isEmpty();
        assertThat(client.receiveAll()).isEmpty();
    }

    @Test
    void aTopicThatIsDeclaredACommandTopicLaterLosesItsLastValue() {
        TopicState drive = fixture.topic("drive");
        fixture.publish(drive, 1);
        fixture.command("drive");
        RouterFixture.Client client = fixture.new Client(10);
        client.subscribeRetained("#");
        assertThat(client.receiveAll()).isEmpty();
        fixture.publish(drive, 2);
        assertThat(drive.retained()).as("nor is it kept in memory").isNull();
    }

    @Test
    void aSubscriptionHearsWhatIsRoutedFromThenOnUntilItEnds() {
        fixture.publish("pose", 1);
        RecordingSubscriber subscriber = fixture.subscribe("pose");
        fixture.publish("pose", 2);
        fixture.publish("battery", 1);
        router.unsubscribe(subscriber);
        fixture.publish("pose", 3);
        assertThat(subscriber.values()).containsExactly("pose 2");
    }

    @Test
    void aMessageGoesToAllButTheOwnerItIsNotFor() {
        Object owner = new Object();
        RecordingSubscriber own = new RecordingSubscriber("pose", owner);
        router.subscribe(own);
        RecordingSubscriber other = fixture.subscribe("pose");
        int reached = router.route(Messages.notTo(owner, fixture.topic("pose"), 1));
        assertThat(reached).isEqualTo(1);
        assertThat(own.values()).isEmpty();
        assertThat(other.values()).containsExactly("pose 1");
        assertThat(fixture.counters.get(Counters.Count.OFFERED)).isEqualTo(1);
    }

    @Test
    void aSubscriberOfRobotCodeIsGivenTheLastValuesOfAllItsTopics() {
        fixture.publish("joints/a", 1);
        fixture.publish("joints/a", 2);
        fixture.publish("joints/b", 3);
        fixture.publish("battery", 4);
        RecordingSubscriber subscriber = fixture.subscribe("joints/#");
        router.replay(subscriber);
        assertThat(subscriber.values()).containsExactlyInAnyOrder("joints/a 2", "joints/b 3");
    }

    @Test
    void aTopicIsKnownOnceItWasDeclaredOrPublishedTo() {
        fixture.topic("asked for");
        fixture.state("declared");
        fixture.publish("joints/left", 1);
        assertThat(fixture.knows("asked for")).isFalse();
        assertThat(fixture.knows("never heard of")).isFalse();
        assertThat(fixture.knows("declared")).isTrue();
        assertThat(fixture.knows("joints/+")).isTrue();
        assertThat(fixture.knows("legs/+")).isFalse();
    }

    @Test
    void ofServerLogsTheLast200ComeOldestFirst() {
        TopicState logs = fixture.topics.builtIn("server_logs", 200);
        for (int i = 1; i <= 250; i++) {
            fixture.publish(logs, i);
        }
        RouterFixture.Client client = fixture.new Client(1024);
        client.subscribeRetained("server_logs");
        assertThat(client.receiveAll())
                .hasSize(200)
                .startsWith("server_logs 51")
                .endsWith("server_logs 250");
    }

    @Test
    void ofServerLogsOneSourceHoldsAtMostAQuarter() {
        TopicState logs = fixture.topics.builtIn("server_logs", 200);
        fixture.publish(logs, 1);
        for (int i = 2; i <= 300; i++) {
            router.route(Messages.message(logs, i).withSource("mallory"));
        }
        router.route(Messages.message(logs, 301).withSource("alice"));
        RouterFixture.Client client = fixture.new Client(1024);
        client.subscribeRetained("server_logs");
        assertThat(client.receiveAll())
                .hasSize(52)
                .startsWith("server_logs 1", "server_logs 251")
                .endsWith("server_logs 300", "server_logs 301");

        for (int i = 302; i <= 600; i++) {
            fixture.publish(logs, i);
        }
        for (int i = 601; i <= 700; i++) {
            router.route(Messages.message(logs, i).withSource("mallory"));
        }
        RouterFixture.Client late = fixture.new Client(1024);
        late.subscribeRetained("server_logs");
        assertThat(late.receiveAll())
                .as("a source whose messages have gone begins anew")
                .hasSize(200)
                .startsWith("server_logs 451")
                .endsWith("server_logs 700")
                .contains("server_logs 600", "server_logs 651")
                .doesNotContain("server_logs 650");
    }

    @Test
    void logEntriesBelowTheLevelThatIsAskedForAreSkippedAndCounted() {
        TopicState logs = fixture.topics.builtIn("server_logs", 200);
        RouterFixture.Client client = fixture.new Client(1024);
        client.subscribe("server_logs").minSeverity(13);
        for (int severity : new int[] {1, 9, 13, 17}) {
            router.route(Messages.message(logs, severity).withSeverity(severity));
        }
        assertThat(client.receive()).containsExactly("server_logs 13", "server_logs 17");
        assertThat(fixture.counters.get(Counters.Count.SKIPPED)).isEqualTo(2);
        RouterFixture.Client late = fixture.new Client(1024);
        RemoteSubscriber subscriber = late.subscribe("server_logs");
        subscriber.minSeverity(17);
        router.replay(subscriber);
        assertThat(late.receiveAll()).containsExactly("server_logs 17");
        assertThat(fixture.counters.get(Counters.Count.SKIPPED)).isEqualTo(5);
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void aTopicThatExpiredAfterAMessageWasMadeIsThereAgainWhenTheMessageIsRouted() {
        TopicState pose = fixture.topic("pose");
        fixture.publish(pose, 1);
        RoutedMessage onItsWay = Messages.message(pose, 2);
        fixture.clock.advance(Duration.ofMinutes(11));
        fixture.sweep(Duration.ofMinutes(10));
        assertThat(fixture.topics.find("pose")).isNull();
        router.route(onItsWay);
        assertThat(fixture.topics.find("pose")).isNotNull().isNotSameAs(pose);
        assertThat(fixture.topics.find("pose").latest()).isSameAs(onItsWay);
    }

    @Test
    void aTopicMayBeDeclaredAfterItWasUsed() {
        TopicState used = fixture.topic("pose");
        fixture.publish(used, 1);
        TopicState declared = fixture.topics.declare(Topic.state("pose", "int", Integer.class));
        assertThat(declared).isSameAs(used);
        assertThat(fixture.publish(declared, 2).sequence()).isEqualTo(2);
    }
}
