package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.LossCause;
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
        assertThat(joints.queued).isEqualTo(3);
        fixture.publish("joints/1", 5);
        assertThat(client.receive()).containsExactly("joints/1 1", "joints/2 3", "joints/1 4", "joints/1 5");
        assertThat(fixture.tally.losses()).containsEntry(LossCause.ENDED, 1L);
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
        assertThat(fixture.tally.losses().values()).containsOnly(0L);
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
        fixture.publish("pose", 1);
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("+");
        assertThat(client.queue.messages())
                .as("only so many are looked at a time")
                .isZero();
        assertThat(client.receiveAll()).containsExactly("pose 1");
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
        assertThat(fixture.tally.queued()).isZero();
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
