package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.protocol.OverflowPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Last values for clients that subscribe late: each once, before what is live, and as the queue has room. */
class ReplayTest {
    private static final DeliveryOptions LATEST = new DeliveryOptions(
            DeliveryOptions.Policy.LATEST, 64, OverflowPolicy.DROP_OLDEST, 0, 0, 0, false, false, false);

    private static final DeliveryOptions EACH_SECOND = new DeliveryOptions(
            DeliveryOptions.Policy.QUEUE, 64, OverflowPolicy.DROP_OLDEST, 1_000_000_000, 0, 0, false, false, false);

    private final RouterFixture fixture = new RouterFixture(5_000, 1 << 24);

    private void publishToMany(int topics) {
        for (int i = 0; i < topics; i++) {
            fixture.publish("t/" + i, i);
        }
    }

    @Test
    void whatWaitsForASubscriptionThatEndsGoesToAnotherThatWantsIt() {
        RouterFixture.Client client = fixture.new Client(100);
        RemoteSubscriber joints = client.subscribe("joints/+");
        RemoteSubscriber exact = client.subscribe("joints/1");
        RemoteSubscriber pose = client.subscribe("pose");
        fixture.publish("joints/1", 1);
        fixture.publish("pose", 2);
        fixture.publish("joints/2", 3);
        fixture.publish("joints/1", 4);

        fixture.router.unsubscribe(exact);
        fixture.router.unsubscribe(pose);
        assertThat(client.queue.messages()).isEqualTo(3);
        assertThat(joints.queued()).isEqualTo(3);
        fixture.publish("joints/1", 5);
        assertThat(client.receive()).containsExactly("joints/1 1", "joints/2 3", "joints/1 4", "joints/1 5");
        assertThat(fixture.counters.losses()).containsEntry(LossCause.ENDED, 1L);
    }

    @Test
    void theLastValueComesOnceAndThenWhatIsLive() {
        fixture.publish("pose", 1);
        fixture.publish("pose", 2);
        RouterFixture.Client client = fixture.new Client(10);
        client.subscribeRetained("pose");
        fixture.publish("pose", 3);
        assertThat(client.receiveAll()).containsExactly("pose 2", "pose 3");
    }

    @Test
    void noNewerValueOfOneSubscriptionPassesTheLastValueThatWaitsForAnother() {
        RouterFixture.Client client = fixture.new Client(10);
        fixture.router.options(client.subscribe("arm/#"), LATEST);
        fixture.publish("arm/load", 1);
        client.subscribeRetained("#");
        fixture.publish("arm/load", 2);
        fixture.publish("arm/load", 3);
        assertThat(client.receiveAll()).containsExactly("arm/load 1", "arm/load 1", "arm/load 3");
    }

    @Test
    void whatASubscriptionHoldsBackIsSentBeforeTheNewerLastValueOfAnother() {
        RouterFixture.Client client = fixture.new Client(10);
        fixture.router.options(client.subscribe("arm/load"), EACH_SECOND);
        fixture.publish("arm/load", 1);
        fixture.publish("arm/load", 2);
        fixture.route(Messages.notTo(client.queue, fixture.topic("arm/load"), 3)); // its own, without an echo
        client.subscribeRetained("#");
        assertThat(client.receiveAll()).containsExactly("arm/load 1", "arm/load 2", "arm/load 3");
    }

    @Test
    void whoDoesNotAskForItGetsWhatIsLiveOnly() {
        fixture.publish("pose", 1);
        RouterFixture.Client client = fixture.new Client(10);
        client.subscribe("pose");
        fixture.publish("pose", 2);
        assertThat(client.receiveAll()).containsExactly("pose 2");
    }

    @Test
    void aTopicWithoutAValueHasNothingToReplay() {
        fixture.topic("made");
        fixture.state("declared");
        RouterFixture.Client client = fixture.new Client(10);
        client.subscribeRetained("made");
        client.subscribeRetained("declared");
        client.subscribeRetained("unknown");
        client.subscribeRetained("+");
        fixture.publish("made", 1);
        assertThat(client.receiveAll()).containsExactly("made 1");
    }

    @Test
    void moreLastValuesThanTheQueueHoldsAllComeAsItEmpties() {
        publishToMany(3_000);
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("t/+");
        assertThat(client.queue.messages())
                .as("half of the queue is left to live messages")
                .isEqualTo(8);
        assertThat(client.receiveAll()).hasSize(3_000).doesNotHaveDuplicates();
        assertThat(fixture.counters.losses().values()).containsOnly(0L);
    }

    @Test
    void aQueueOfOneMessageReplaysToo() {
        publishToMany(5);
        RouterFixture.Client client = fixture.new Client(1);
        client.subscribeRetained("t/#");
        assertThat(client.receiveAll()).containsExactly("t/0 0", "t/1 1", "t/2 2", "t/3 3", "t/4 4");
    }

    @Test
    void itGoesOnThoughAtFirstTheQueueIsFullOfOtherMessages() {
        publishToMany(3);
        RouterFixture.Client client = fixture.new Client(4);
        client.subscribe("busy");
        for (int i = 1; i <= 4; i++) {
            fixture.publish("busy", i);
        }
        client.turnsAsked = 0;
        client.subscribeRetained("t/+");
        assertThat(client.turnsAsked).as("somebody has to come back to it").isPositive();
        assertThat(client.receiveAll())
                .containsExactly("busy 1", "busy 2", "busy 3", "busy 4", "t/0 0", "t/1 1", "t/2 2");
    }

    @Test
    void itGoesOnThoughManyTopicsInARowAreNotWanted() {
        publishToMany(3_000);
        fixture.publish("x/y/pose", 1);
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("+/+/pose");
        assertThat(client.queue.messages())
                .as("only so many are looked at a time")
                .isZero();
        assertThat(client.receiveAll()).containsExactly("x/y/pose 1");
    }

    @Test
    void aLiveMessageComesAfterTheValueBeforeItThoughThatHadNoRoomYet() {
        publishToMany(50);
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("t/+");
        fixture.publish("t/40", 1040);
        fixture.publish("t/40", 2040);
        List<String> all = client.receiveAll();
        assertThat(all).containsSubsequence("t/40 40", "t/40 1040", "t/40 2040");
        assertThat(all).hasSize(52).doesNotHaveDuplicates();
    }

    @Test
    void aTopicThatBeginsWhileOthersAreReplayedIsLiveOnly() {
        publishToMany(50);
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("t/+");
        fixture.publish("t/new", 7);
        assertThat(client.receiveAll()).hasSize(51).containsOnlyOnce("t/new 7");
    }

    @Test
    void aValueThatWasClearedMeanwhileIsNotReplayed() {
        publishToMany(50);
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("t/+");
        fixture.router.clear(fixture.topic("t/40"), "e2");
        assertThat(client.receiveAll()).hasSize(49).doesNotContain("t/40 40");
    }

    @Test
    void aSecondSubscriptionThatTakesATopicOverMakesNoSecondCopyOfItsLiveMessages() {
        publishToMany(50);
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("t/+");
        client.subscribe("t/40");
        fixture.publish("t/40", 1040);
        assertThat(client.receiveAll()).containsOnlyOnce("t/40 1040");
    }

    @Test
    void askingAgainBeginsAgainHoweverOften() {
        publishToMany(50);
        RouterFixture.Client client = fixture.new Client(16);
        RemoteSubscriber subscriber = client.subscribeRetained("t/+");
        client.receiveAll();
        for (int i = 0; i < 1_000; i++) {
            fixture.router.replay(subscriber);
        }
        assertThat(client.receiveAll().stream().distinct()).hasSize(50);
    }

    @Test
    void aSubscriptionThatEndsIsReplayedNoFurther() {
        publishToMany(50);
        RouterFixture.Client client = fixture.new Client(16);
        RemoteSubscriber subscriber = client.subscribeRetained("t/+");
        fixture.router.unsubscribe(subscriber);
        assertThat(client.receiveAll()).isEmpty();
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void aRunThatHasNoRoomIsNotFollowedByTheLastValueOfBefore() {
        publishToMany(1_000);
        RouterFixture.Client client = fixture.new Client(40);
        client.subscribeRetained("t/+");
        TopicState late = fixture.topic("t/999");
        RoutedMessage[] messages = new RoutedMessage[32];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = Messages.message(late, 10_000 + i);
        }
        fixture.router.route(Messages.run(messages));
        List<String> waiting = client.receive();
        assertThat(waiting).doesNotHaveDuplicates().contains("t/0 0").endsWith("t/999 10031");
        assertThat(waiting).as("no more was pushed out than had to be").hasSizeGreaterThanOrEqualTo(39);
        assertThat(client.receiveAll()).doesNotHaveDuplicates().doesNotContain("t/999 999");
    }

    private TopicState twoHundredLogs() {
        TopicState logs = fixture.topics.builtIn("server_logs", 200);
        for (int i = 1; i <= 200; i++) {
            fixture.publish(logs, i);
        }
        return logs;
    }

    @Test
    void ofATopicThatKeepsManyAllComeThroughAQueueThatHoldsFew() {
        TopicState logs = twoHundredLogs();
        RouterFixture.Client client = fixture.new Client(50);
        client.subscribeRetained("server_logs");
        List<String> received = new ArrayList<>();
        for (int i = 201; i <= 260; i++) {
            fixture.publish(logs, i);
            if (i % 3 == 0) {
                received.add(client.receiveOne());
            }
        }
        received.addAll(client.receiveAll());
        assertThat(received).hasSize(260).first().isEqualTo("server_logs 1");
        for (int i = 0; i < 260; i++) {
            assertThat(received.get(i)).isEqualTo("server_logs " + (i + 1));
        }
        assertThat(fixture.counters.losses().values()).containsOnly(0L);
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void whatWaitsBehindTheKeptMessagesOfATopicIsBoundedAndItsLossIsTold() {
        TopicState logs = twoHundredLogs();
        RouterFixture.Client client = fixture.new Client(50);
        RemoteSubscriber subscriber = client.subscribeRetained("server_logs");
        for (int i = 201; i <= 1_000; i++) {
            fixture.publish(logs, i);
        }
        List<String> received = client.receiveAll();
        assertThat(received).endsWith("server_logs 1000").hasSizeLessThan(450);
        assertThat(Queues.untold(subscriber)).isEqualTo(1_000 - received.size());
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void liveMessagesThatWaitForAReplayGoToAnotherSubscriptionWhenTheirsEnds() {
        TopicState logs = twoHundredLogs();
        RouterFixture.Client client = fixture.new Client(50);
        RemoteSubscriber former = client.subscribeRetained("server_logs");
        client.subscribe("server_logs/#");
        fixture.publish(logs, 201);
        fixture.publish(logs, 202);
        fixture.router.unsubscribe(former);
        fixture.publish(logs, 203);
        assertThat(client.receiveAll()).endsWith("server_logs 201", "server_logs 202", "server_logs 203");
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void liveMessagesThatWaitForAReplayAreLostWithTheirSubscriptionWhereNoOtherWantsThem() {
        TopicState logs = twoHundredLogs();
        RouterFixture.Client client = fixture.new Client(50);
        RemoteSubscriber former = client.subscribeRetained("server_logs");
        fixture.publish(logs, 201);
        fixture.router.unsubscribe(former);
        assertThat(client.receiveAll()).isEmpty();
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void liveMessagesThatWaitForAReplayEndWithTheSessionOrAnotherReplay() {
        TopicState logs = twoHundredLogs();
        RouterFixture.Client client = fixture.new Client(50);
        RemoteSubscriber subscriber = client.subscribeRetained("server_logs");
        fixture.publish(logs, 201);
        fixture.router.replay(subscriber);
        assertThat(client.receiveAll())
                .endsWith("server_logs 200", "server_logs 201")
                .containsOnlyOnce("server_logs 201");
        assertThat(fixture.counters.queued()).isZero();
        fixture.router.replay(subscriber);
        fixture.publish(logs, 202);
        client.queue.end();
        assertThat(fixture.counters.queued()).isZero();
    }

    @Test
    void ofOverlappingSubscriptionsTheOneThatWantsMostGetsTheEntries() {
        TopicState logs = fixture.topics.builtIn("server_logs", 200);
        RouterFixture.Client client = fixture.new Client(50);
        RemoteSubscriber grave = client.subscribe("server_logs");
        client.subscribe("server_logs/#");
        fixture.router.minSeverity(grave, 17);
        fixture.route(Messages.message(logs, 1).withSeverity(9));
        fixture.route(Messages.message(logs, 2).withSeverity(17));
        assertThat(client.receiveAll()).containsExactly("server_logs 1", "server_logs 2");
        fixture.router.minSeverity(grave, 0);
        fixture.route(Messages.message(logs, 3).withSeverity(9));
        assertThat(grave.queued()).as("it names the topic").isEqualTo(1);
    }

    /** Live messages come at any time between; of each topic every client sees the value it found and all after it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensMeanwhileEachTopicsValuesComeInOrderWithoutAGap(long seed) {
        Random random = new Random(seed);
        Map<String, Long> last = new HashMap<>();
        RouterFixture.Client client = fixture.new Client(64);
        for (int i = 0; i < 300; i++) {
            publishNext("t/" + i, last);
        }
        Map<String, Long> found = new HashMap<>(last);
        client.subscribeRetained("t/+");
        List<String> received = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (random.nextInt(3) > 0) {
                publishNext("t/" + random.nextInt(320), last);
            }
            if (random.nextInt(8) == 0) {
                client.queue.replayMore(fixture.topics);
            }
            if (client.queue.messages() > 30) {
                received.addAll(client.receive());
            }
        }
        received.addAll(client.receiveAll());
        Map<String, Long> seen = new HashMap<>();
        for (String text : received) {
            String topic = text.substring(0, text.indexOf(' '));
            long value = Long.parseLong(text.substring(text.indexOf(' ') + 1));
            long expected = seen.containsKey(topic) ? seen.get(topic) + 1 : found.getOrDefault(topic, 1L);
            assertThat(value).as(topic).isEqualTo(expected);
            seen.put(topic, value);
        }
        assertThat(seen).isEqualTo(last);
    }

    private void publishNext(String topic, Map<String, Long> last) {
        fixture.publish(topic, last.merge(topic, 1L, Long::sum));
    }
}
