package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.settings.TopicOptions;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many topics there are, and for how long. */
class TopicTableTest {
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final RouterFixture fixture = new RouterFixture(3, 1 << 20);
    private final TopicTable topics = fixture.topics;

    private void pass(Duration time) {
        fixture.clock.advance(time);
        fixture.sweep(IDLE);
    }

    @Test
    void topicsThatRobotCodeDidNotDeclareAreLimited() {
        for (String name : List.of("a", "b", "c")) {
            assertThat(topics.findOrMake(name, RouterFixture.CLIENT)).isNotNull();
        }
        assertThat(topics.findOrMake("d", RouterFixture.CLIENT)).isNull();
        assertThat(topics.findOrMake("a", RouterFixture.CLIENT))
                .as("those that are there stay")
                .isNotNull();
    }

    @Test
    void declaredTopicsAlwaysHaveRoomAndTakeNoneFromOthers() {
        for (String name : List.of("a", "b", "c")) {
            fixture.topic(name);
        }
        fixture.state("declared 1");
        fixture.state("declared 2");
        assertThat(topics.findOrMake("d", RouterFixture.CLIENT)).isNull();
        fixture.state("a");
        assertThat(topics.findOrMake("d", RouterFixture.CLIENT))
                .as("a is no client's topic any more")
                .isNotNull();
        assertThat(topics.findOrMake("e", RouterFixture.CLIENT)).isNull();
    }

    @Test
    void whoeverDeclaresATopicOtherwiseIsToldBoth() {
        Topic<Integer> pose = Topic.state("pose", "int", Integer.class);
        TopicState state = topics.declare(pose);
        assertThat(topics.declare(Topic.state("pose", "int", Integer.class), new TopicOptions()))
                .isSameAs(state);
        List<Topic<?>> others = List.of(
                Topic.state("pose", "float", Integer.class),
                Topic.state("pose", "int", Long.class),
                Topic.command("pose", "int", Integer.class));
        for (Topic<?> other : others) {
            assertThatThrownBy(() -> topics.declare(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(pose.toString())
                    .hasMessageContaining(other.toString());
        }
    }

    @Test
    void aTopicExpiresOnceItWasIdleForLongerThanIsSaid() {
        fixture.publish("pose", 1);
        pass(IDLE);
        assertThat(topics.find("pose")).isNotNull();
        pass(Duration.ofNanos(1));
        assertThat(topics.find("pose")).isNull();
        assertThat(topics.all()).isEmpty();
        assertThat(fixture.publish("pose", 2).sequence()).as("it begins anew").isEqualTo(1);
    }

    @Test
    void aTopicThatIsMadeAgainAfterItExpiredHasAnotherEpochAsItsNumbersBeginAnew() {
        String before = fixture.publish("pose", 1).toMessage().epoch();
        pass(IDLE.plusNanos(1));
        assertThat(topics.find("pose")).isNull();
        assertThat(fixture.publish("pose", 2).toMessage().epoch()).isNotEqualTo(before);
    }

    @Test
    void aTopicIsUsedWheneverAMessageComes() {
        fixture.publish("pose", 1);
        pass(IDLE);
        fixture.publish("pose", 2);
        pass(IDLE);
        assertThat(topics.find("pose")).isNotNull();
    }

    @Test
    void aTopicThatIsSubscribedToByNameDoesNotExpire() {
        fixture.publish("joints/left", 1);
        RecordingSubscriber subscriber = fixture.subscribe("joints/left");
        pass(IDLE.multipliedBy(2));
        assertThat(topics.find("joints/left")).isNotNull();
        fixture.router.unsubscribe(subscriber);
        pass(Duration.ofNanos(1));
        assertThat(topics.find("joints/left")).isNull();
    }

    @Test
    void wildcardsKeepNoIdleTopic() {
        fixture.publish("joints/left", 1);
        fixture.subscribe("joints/#");
        fixture.subscribe("joints/+");
        fixture.subscribe("joints/left/angle");
        fixture.subscribe("joints");
        pass(IDLE.plusNanos(1));
        assertThat(topics.find("joints/left")).isNull();
    }

    @Test
    void clientsThatTakeAllPlacesLeaveThoseOfRobotCode() {
        for (String name : List.of("a", "b", "c")) {
            assertThat(topics.findOrMake(name, RouterFixture.CLIENT)).isNotNull();
        }
        assertThat(topics.findOrMake("d", RouterFixture.CLIENT)).isNull();
        for (String name : List.of("d", "e", "f")) {
            assertThat(topics.findOrMake(name, TopicMaker.ROBOT)).isNotNull();
        }
        assertThat(topics.findOrMake("g", TopicMaker.ROBOT)).isNull();
    }

    @Test
    void oneSubjectHasAShareOfThePlacesAndThatComesBackWithTheTopics() {
        RouterFixture large = new RouterFixture(5_000, 1 << 20);
        for (int i = 0; i < 500; i++) {
            assertThat(large.topics.findOrMake("a/" + i, TopicMaker.client("one")))
                    .isNotNull();
        }
        assertThat(large.topics.hasShareLeft("one")).isFalse();
        assertThat(large.topics.findOrMake("b", TopicMaker.client("one"))).isNull();
        assertThat(large.topics.findOrMake("b", TopicMaker.client("other"))).isNotNull();
        large.sweep(IDLE);
        large.clock.advance(IDLE.plusNanos(1));
        large.sweep(IDLE);
        assertThat(large.topics.all()).isEmpty();
        assertThat(large.forgotten).as("in the store too").hasSize(501).contains("a/0", "b");
        assertThat(large.topics.findOrMake("c", TopicMaker.client("one"))).isNotNull();
    }

    @Test
    void declaredTopicsAndThoseOfTheBrokerDoNotExpire() {
        fixture.publish(fixture.state("declared"), 1);
        fixture.publish(topics.builtIn("server_logs", 200), 1);
        fixture.publish("later declared", 1);
        fixture.state("later declared");
        pass(IDLE.multipliedBy(2));
        assertThat(topics.all()).hasSize(3);
    }

    @Test
    void aTopicThatNothingWasEverPublishedToExpiresToo() {
        fixture.topic("asked for");
        pass(Duration.ofSeconds(10));
        assertThat(topics.find("asked for")).isNotNull();
        pass(IDLE);
        assertThat(topics.find("asked for")).isNotNull();
        pass(Duration.ofNanos(1));
        assertThat(topics.find("asked for")).isNull();
    }

    @Test
    void whatExpiredIsForgottenForGood() {
        WeakReference<TopicState> expired = new WeakReference<>(fixture.topic("pose"));
        fixture.publish("pose", 1);
        pass(IDLE.plusNanos(1));
        fixture.kept.clear();
        Awaitility.await().until(() -> {
            System.gc();
            return expired.refersTo(null);
        });
    }

    @Test
    void whatExpiresMakesRoom() {
        for (String name : List.of("a", "b", "c")) {
            fixture.publish(name, 1);
        }
        pass(IDLE.plusNanos(1));
        for (String name : List.of("d", "e", "f")) {
            assertThat(topics.findOrMake(name, RouterFixture.CLIENT)).isNotNull();
        }
        assertThat(topics.findOrMake("g", RouterFixture.CLIENT)).isNull();
    }

    @Test
    void aTopicDoesNotExpireWhileItsOverflowMessageWaits() {
        TopicState pose = fixture.topic("pose");
        fixture.publish(pose, 1);
        RobotLane lane = new RobotLane(16, 1, Messages.run(), run -> {});
        lane.offer(Messages.message(pose, 2));
        pass(IDLE.multipliedBy(2));
        assertThat(topics.find("pose")).isSameAs(pose);
    }

    @Test
    void topicsThatComeAndGoDoNotMixUpTheirLastValues() {
        fixture.state("declared");
        for (int round = 1; round <= 50; round++) {
            fixture.publish("a" + round, round);
            fixture.publish("b" + round, -round);
            RouterFixture.Client client = fixture.new Client(64);
            RemoteSubscriber all = client.subscribeRetained("+");
            assertThat(client.receiveAll())
                    .containsExactlyInAnyOrder("a" + round + " " + round, "b" + round + " " + -round);
            fixture.router.unsubscribe(all);
            pass(IDLE.plusNanos(1));
        }
    }

    @Test
    @Timeout(60)
    void manyThreadsGetOneStateForATopicAndNeverTooManyTopics() throws InterruptedException {
        TopicTable table = new TopicTable("e1", 100, 1 << 20, 0);
        int threads = 4;
        CountDownLatch start = new CountDownLatch(1);
        List<List<TopicState>> found = new ArrayList<>();
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            List<TopicState> mine = new ArrayList<>();
            found.add(mine);
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 1_000; i++) {
                    mine.add(
                            i % 2 == 0
                                    ? table.declare(Topic.state("declared " + i, "int", Integer.class))
                                    : table.findOrMake("t" + i, RouterFixture.CLIENT));
                }
            });
            thread.start();
            running.add(thread);
        }
        start.countDown();
        for (Thread thread : running) {
            thread.join();
        }
        assertThat(table.all()).hasSize(600);
        for (int i = 0; i < 1_000; i += 2) {
            for (int t = 1; t < threads; t++) {
                assertThat(found.get(t).get(i)).isSameAs(found.get(0).get(i));
            }
        }
    }
}
