package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.testing.ManualClock;
import io.github.robotstream.testing.Outbound;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for one session. */
class DeliveryQueueTest {
    private static final DeliveryOptions DELAYED = new DeliveryOptions(
            DeliveryOptions.Policy.QUEUE, 4, OverflowPolicy.DROP_OLDEST, 1_000_000, 0, 0, false, false, false);
    private static final DeliveryOptions DROPS_NEWEST = new DeliveryOptions(
            DeliveryOptions.Policy.QUEUE, 3, OverflowPolicy.DROP_NEWEST, 0, 0, 0, false, false, false);

    private static final DeliveryOptions LATEST = new DeliveryOptions(
            DeliveryOptions.Policy.LATEST, 4, OverflowPolicy.DROP_OLDEST, 0, 0, 0, true, false, false);

    private final ManualClock clock = new ManualClock();
    private final Counters counters = new Counters();
    private final TopicState pose = Messages.topic("pose");
    private final TopicState map = Messages.topic("map");
    private final List<String> told = new ArrayList<>();
    private DeliveryQueue queue = queue(4, 1 << 20);
    private RemoteSubscriber poses = subscription("pose");
    private RemoteSubscriber maps = subscription("map");

    private DeliveryQueue queue(int maxMessages, int maxBytes) {
        return Queues.of(
                FrameStyle.ENVELOPE,
                Queues.context(maxMessages, maxBytes, new QueueBudget(1 << 30), counters, clock),
                () -> told.add("work"),
                () -> told.add("loss"));
    }

    private void begin(int maxMessages, int maxBytes) {
        queue = queue(maxMessages, maxBytes);
        poses = subscription("pose");
        maps = subscription("map");
    }

    private RemoteSubscriber subscription(String filter) {
        RemoteSubscriber subscriber = Queues.subscriber(filter, queue);
        queue.add(subscriber);
        return subscriber;
    }

    private void pose(long value) {
        queue.offer(poses, Messages.message(pose, value));
    }

    private void map(long value) {
        queue.offer(maps, Messages.message(map, value));
    }

    private void reply(String text) {
        queue.reply(Outbound.message(text));
    }

    /** What comes out: {@code pose 3}, or a reply's text. */
    private List<String> takeAll() {
        List<String> all = new ArrayList<>();
        while (queue.peek() != null) {
            all.add(takeOne());
        }
        return all;
    }

    private String takeOne() {
        String text = plain(queue.peek());
        queue.pop();
        return text;
    }

    private static String plain(OutboundMessage message) {
        return Outbound.text(message)
                .replaceAll("^\\{\"action\":\"publish\",\"topic\":\"(.*)\",\"data\":.*\"data\":(.*)}}$", "$1 $2");
    }

    private long lost(LossCause cause) {
        return counters.losses().get(cause);
    }

    @Test
    void whatIsHandedOverAndNotTakenComesFirstTheNextTime() {
        pose(1);
        reply("ack");
        map(2);
        pose(3);
        List<String> taken = new ArrayList<>();
        queue.beginFlush();
        assertThat(queue.handOver(message -> taken.size() < 2 && taken.add(plain(message))))
                .isFalse();
        assertThat(taken).containsExactly("ack", "pose 1");
        assertThat(queue.gone()).isEqualTo(1);
        assertThat(takeOne()).isEqualTo("map 2");
        pose(4);
        queue.beginFlush();
        assertThat(queue.handOver(message -> taken.add(plain(message)))).isTrue();
        assertThat(queue.gone()).isEqualTo(2);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(taken).containsExactly("ack", "pose 1", "pose 3", "pose 4");
        assertThat(queue.peek()).isNull();
    }

    @Test
    void whatIsReadLateIsTooOldSoMuchSooner() {
        posesOfAges(1700, 0);
        queue.readDelay(TimeUnit.MILLISECONDS.toNanos(290));
        assertThat(takeAll()).containsExactly("pose 1", "pose 2");

        posesOfAges(1700, 0);
        queue.readDelay(TimeUnit.MILLISECONDS.toNanos(310));
        assertThat(takeAll()).containsExactly("pose 2");
        assertThat(lost(LossCause.TOO_OLD)).isEqualTo(1);
    }

    private void posesOfAges(int... millis) {
        TopicState state = Messages.state("pose");
        queue.beginFlush();
        int number = 0;
        for (int age : millis) {
            RoutedMessage message =
                    Messages.message(state, ++number, queue.flushNanos() - TimeUnit.MILLISECONDS.toNanos(age));
            message.ordinal(number);
            queue.offer(poses, message);
        }
    }

    @Test
    void whatIsReplacedWhileARoundTripIsWaitedForIsLostOnlyIfThatTakesLong() {
        queue.changed(poses, LATEST);
        queue.beginFlush();
        queue.stalled(true, true);
        pose(1);
        pose(2);
        assertThat(lost(LossCause.SUPERSEDED)).isZero();
        clock.advance(Duration.ofMillis(1001));
        pose(3);
        assertThat(lost(LossCause.SUPERSEDED)).isEqualTo(1);
        queue.beginFlush();
        queue.stalled(true, false);
        pose(4);
        assertThat(lost(LossCause.SUPERSEDED)).isEqualTo(2);
    }

    @Test
    void conflatesOnlyWhileThereAreSubscriptionsAndAllKeepButTheNewest() {
        assertThat(queue.conflates()).isFalse();
        queue.changed(poses, LATEST);
        assertThat(queue.conflates()).isFalse();
        queue.remove(maps);
        assertThat(queue.conflates()).isTrue();
        subscription("map");
        assertThat(queue.conflates()).isFalse();
        begin(4, 1 << 20);
        queue.remove(poses);
        queue.remove(maps);
        assertThat(queue.conflates()).isFalse();
    }

    @Test
    void messagesComeInTheOrderTheyWerePutInAndRepliesBeforeThem() {
        pose(1);
        reply("ack 1");
        map(2);
        reply("ack 2");
        pose(3);
        assertThat(takeAll()).containsExactly("ack 1", "ack 2", "pose 1", "map 2", "pose 3");
    }

    @Test
    void aFullQueueLosesTheOldestOfTheSubscriptionWithMostBytes() {
        map(1);
        pose(1);
        pose(2);
        pose(3);
        pose(4);
        map(2);
        assertThat(takeAll()).as("the quiet topic lost nothing").containsExactly("map 1", "pose 3", "pose 4", "map 2");
        assertThat(lost(LossCause.QUEUE_FULL)).isEqualTo(2);
        assertThat(Queues.untold(poses)).isEqualTo(2);
        assertThat(Queues.untold(maps)).isZero();
    }

    @Test
    void bytesCountAndNotMessages() {
        queue.offer(maps, Messages.ofSize(map, 1_000));
        map(2);
        pose(1);
        pose(2);
        pose(3);
        assertThat(takeAll()).containsExactly("map 2", "pose 1", "pose 2", "pose 3");
        assertThat(Queues.untold(maps)).isEqualTo(1);
    }

    /** A value of a state topic with the topic's next number. */
    private static RoutedMessage numbered(TopicState topic, long value) {
        RoutedMessage message = Messages.message(topic, value);
        topic.sequence++;
        message.number(topic.epoch, topic.sequence, Instant.EPOCH);
        return message;
    }

    @Test
    void ofAWildcardAFullQueueLosesValuesThatNewerOnesHaveFollowedBeforeTheOnlyOneOfAQuietTopic() {
        RemoteSubscriber all = subscription("#");
        TopicState battery = Messages.state("battery");
        TopicState joints = Messages.state("joints");
        queue.offer(all, numbered(battery, 1));
        for (int i = 1; i <= 7; i++) {
            queue.offer(all, numbered(joints, i));
        }
        assertThat(takeAll()).containsExactly("battery 1", "joints 5", "joints 6", "joints 7");
        assertThat(lost(LossCause.QUEUE_FULL)).isEqualTo(4);
    }

    @Test
    void aValueThatWasTheNewestWhenTheQueueLookedGoesOnceANewerOneHasFollowed() {
        RemoteSubscriber all = subscription("#");
        TopicState battery = Messages.state("battery");
        TopicState joints = Messages.state("joints");
        queue.offer(all, numbered(battery, 1));
        for (int i = 1; i <= 4; i++) {
            queue.offer(all, numbered(joints, i));
        }
        queue.offer(all, numbered(battery, 2));
        queue.offer(all, numbered(Messages.state("map"), 1));
        queue.offer(all, numbered(Messages.state("plan"), 1));
        assertThat(takeAll()).containsExactly("joints 4", "battery 2", "map 1", "plan 1");
    }

    @Test
    void ofARunInAFullQueueTheNewestValueIsLeft() {
        RemoteSubscriber all = subscription("#");
        TopicState battery = Messages.state("battery");
        TopicState joints = Messages.state("joints");
        queue.offer(all, Messages.run(numbered(battery, 1), numbered(battery, 2)));
        for (int i = 1; i <= 5; i++) {
            queue.offer(all, numbered(joints, i));
        }
        assertThat(takeAll()).containsExactly("battery 2", "joints 3", "joints 4", "joints 5");
    }

    @Test
    void whatCameBeforeATopicWasClearedIsNotItsNewestValue() {
        RemoteSubscriber all = subscription("#");
        TopicState battery = Messages.state("battery");
        TopicState joints = Messages.state("joints");
        joints.sequence = 50;
        queue.offer(all, numbered(battery, 1));
        queue.offer(all, numbered(joints, 1));
        queue.offer(all, numbered(joints, 2));
        joints.epoch = "e2";
        joints.sequence = 0;
        for (int i = 3; i <= 5; i++) {
            queue.offer(all, numbered(joints, i));
        }
        assertThat(takeAll()).containsExactly("battery 1", "joints 3", "joints 4", "joints 5");
    }

    @Test
    void ofMoreTopicsThanTheQueueHasPlacesItLosesTheOldestValues() {
        RemoteSubscriber all = subscription("#");
        for (int i = 1; i <= 9; i++) {
            queue.offer(all, numbered(Messages.state("t" + i), i));
        }
        assertThat(takeAll()).containsExactly("t6 6", "t7 7", "t8 8", "t9 9");
    }

    @Test
    void theOnlyMessageOfASubscriptionGivesWayLastThoughItIsTheLargest() {
        queue.offer(maps, Messages.ofSize(map, 5_000));
        for (int i = 1; i <= 5; i++) {
            pose(i);
        }
        assertThat(takeOne()).startsWith("map");
        assertThat(takeAll()).containsExactly("pose 3", "pose 4", "pose 5");
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsHeldBackOfSeveralTopicsIsLostForTheGoodOfAllThoughThatDoesNotSuffice() {
        queue = Queues.of(
                FrameStyle.ENVELOPE,
                Queues.context(4, 1 << 20, new QueueBudget(1_000), counters, clock),
                () -> {},
                () -> {});
        poses = subscription("#");
        queue.changed(poses, DELAYED);
        for (int i = 0; i < 2; i++) {
            takeAll();
            queue.offer(poses, Messages.message(pose, i));
            queue.offer(poses, Messages.message(map, i));
        }
        reply("r".repeat(2_000));
        queue.offer(poses, Messages.ofSize(map, 500));
        assertThat(queue.bytes()).isZero();
        assertThat(lost(LossCause.ALL_QUEUES_FULL)).isEqualTo(2);
    }

    @Test
    void aFullQueueThatIsToDropTheNewestKeepsAnUnbrokenBeginning() {
        begin(3, 1 << 20);
        for (RemoteSubscriber each : List.of(poses, maps)) {
            queue.changed(each, DROPS_NEWEST);
        }
        pose(1);
        pose(2);
        pose(3);
        map(1);
        pose(4);
        assertThat(Queues.untold(maps)).isEqualTo(1);
        assertThat(Queues.untold(poses)).isEqualTo(1);
        assertThat(takeAll()).containsExactly("pose 1", "pose 2", "pose 3");
        pose(5);
        assertThat(takeAll()).containsExactly("pose 5");
    }

    @Test
    void itIsBoundedByBytesToo() {
        begin(100, 1_000);
        for (int i = 0; i < 10; i++) {
            queue.offer(poses, Messages.ofSize(pose, 300));
        }
        assertThat(queue.messages()).isEqualTo(3);
        assertThat(queue.bytes()).isEqualTo(900);
        queue.offer(poses, Messages.ofSize(pose, 1_000));
        assertThat(queue.messages()).as("it may have to take several out").isEqualTo(1);
        assertThat(queue.bytes()).isEqualTo(1_000);
        assertThat(lost(LossCause.QUEUE_FULL)).isEqualTo(10);
    }

    @Test
    void aMessageThatIsTooLargeForTheQueueOrForAnyClientIsLostAlone() {
        begin(100, 1_000);
        pose(1);
        queue.offer(poses, Messages.ofSize(pose, 1_001));
        assertThat(lost(LossCause.TOO_LARGE)).isEqualTo(1);
        assertThat(takeAll()).containsExactly("pose 1");
        begin(100, 1 << 24);
        queue.offer(poses, Messages.ofSize(pose, DeliveryQueue.MAX_FRAME_BYTES));
        queue.offer(poses, Messages.ofSize(pose, DeliveryQueue.MAX_FRAME_BYTES + 1));
        assertThat(queue.messages()).isEqualTo(1);
        assertThat(lost(LossCause.TOO_LARGE)).isEqualTo(2);
    }

    @Test
    void aHeldMessageThatIsLostAtOnceForTheGoodOfAllIsDueNoMore() {
        queue = Queues.of(
                FrameStyle.ENVELOPE,
                Queues.context(4, 1 << 20, new QueueBudget(1_000), counters, clock),
                () -> {},
                () -> {});
        poses = subscription("pose");
        queue.changed(poses, DELAYED);
        pose(1);
        takeOne();
        queue.offer(poses, Messages.ofSize(pose, 1_100));
        assertThat(lost(LossCause.ALL_QUEUES_FULL)).isEqualTo(1);
        assertThat(queue.bytes()).isZero();
        pose(2);
        clock.advance(Duration.ofMillis(1));
        queue.beginFlush();
        assertThat(takeAll()).containsExactly("pose 2");
    }

    @Test
    void repliesAreNeverLostAndCountForNothing() {
        for (int i = 0; i < 100; i++) {
            reply("ack");
            pose(i);
        }
        assertThat(queue.messages()).isEqualTo(4);
        assertThat(queue.replies()).isEqualTo(100);
        List<String> all = takeAll();
        assertThat(all).hasSize(104).endsWith("ack", "pose 96", "pose 97", "pose 98", "pose 99");
        assertThat(queue.replies()).isZero();
    }

    @Test
    void theReplyToASubscribePassesMessagesAndNoReplyThatIsStillOnItsWay() {
        queue.replyFirst(Outbound.message("first ack"));
        queue.peek();
        assertThat(queue.isUrgent()).isTrue();
        queue.pop();
        reply("pong");
        queue.replyFirst(Outbound.message("second ack"));
        assertThat(takeOne()).isEqualTo("pong");
        queue.peek();
        assertThat(queue.isUrgent()).isFalse();

        assertThat(queue.asksForEmptyLane()).isTrue();
        queue.laneIsEmpty();
        assertThat(queue.isUrgent()).isTrue();
        assertThat(queue.asksForEmptyLane()).isFalse();
    }

    @Test
    void countsMessagesThatAreTakenOutAndNoReplies() {
        pose(1);
        reply("ack");
        takeOne();
        assertThat(queue.gone()).isZero();
        takeOne();
        assertThat(queue.gone()).isEqualTo(1);
        assertThat(queue.peek()).isNull();
    }

    @Test
    void theSubscriptionThatEndsTakesItsMessagesWithItAndNobodyElses() {
        pose(1);
        map(1);
        pose(2);
        reply("ack");
        queue.remove(poses);
        assertThat(queue.messages()).isEqualTo(1);
        assertThat(lost(LossCause.ENDED)).isEqualTo(2);
        assertThat(Queues.untold(poses)).as("nobody misses them").isZero();
        assertThat(takeAll()).containsExactly("ack", "map 1");
        assertThat(queue.subscriptions()).containsExactly(maps);
    }

    @Test
    void atTheEndWhatWaitsIsLost() {
        pose(1);
        map(1);
        queue.end();
        assertThat(queue.messages()).isZero();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.subscriptions()).isEmpty();
        assertThat(lost(LossCause.ENDED)).isEqualTo(2);
    }

    @Test
    void itTellsOfWorkAndOfLosses() {
        pose(1);
        assertThat(told).containsExactly("work");
        told.clear();
        for (int i = 2; i <= 5; i++) {
            pose(i);
        }
        assertThat(told).containsExactly("work", "work", "work", "loss", "work");
    }

    @Test
    void aMessageCountsAsWhatIsKeptOfItWhateverIsSent() {
        DeliveryQueue flat = Queues.of(FrameStyle.FLAT, 10, 1 << 20, counters);
        RemoteSubscriber subscriber = Queues.subscriber("pose", flat);
        flat.add(subscriber);
        RoutedMessage message = Messages.message(pose, 1);
        flat.offer(subscriber, message);
        assertThat(flat.bytes()).isEqualTo(message.envelope().size());
        assertThat(Outbound.text(flat.peek())).isEqualTo("{\"name\":\"pose\",\"type\":\"t\",\"data\":1}");
    }

    @Test
    @Timeout(60)
    void nothingOfASessionIsKeptByTopicsThatItHeardOfBeforeItsEnd() {
        RouterFixture fixture = new RouterFixture();
        List<WeakReference<List<String>>> sessions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            List<String> session = new ArrayList<>();
            DeliveryQueue ending = Queues.of(
                    FrameStyle.FLAT,
                    Queues.context(4, 1 << 20, new QueueBudget(1 << 30), counters, clock),
                    () -> session.add("work"),
                    () -> session.add("loss"));
            RemoteSubscriber subscriber = Queues.subscriber("#", ending);
            fixture.router.subscribe(subscriber);
            fixture.publish("published once", i);
            fixture.router.unsubscribe(subscriber);
            ending.end();
            sessions.add(new WeakReference<>(session));
        }
        while (sessions.stream().anyMatch(session -> session.get() != null)) {
            System.gc();
            assertThat(Thread.currentThread().isInterrupted()).as("it is kept").isFalse();
        }
        assertThat(fixture.topics.find("published once")).isNotNull();
    }
}
