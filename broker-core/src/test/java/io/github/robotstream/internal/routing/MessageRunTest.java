package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.protocol.OverflowPolicy;
import io.github.robotstream.internal.settings.FrameStyle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are handed over, numbered, offered and queued together, as if they had come one by one. */
class MessageRunTest {
    private final TopicState pose = Messages.topic("pose");
    private final TopicState battery = Messages.topic("battery");
    private final List<String> runs = new ArrayList<>();

    private RobotLane lane(MessageRun run) {
        return new RobotLane(128, 1 << 20, run, this::note);
    }

    /** Each run: {@code pose 1 2 3}. */
    private List<String> takeAll(RobotLane lane) {
        int taken = 1;
        while (taken > 0) {
            taken = lane.take();
        }
        return runs;
    }

    private void note(MessageRun run) {
        StringBuilder text = new StringBuilder(run.first().topic().name());
        run.forEach(message -> text.append(' ').append(Messages.value(message)));
        runs.add(text.toString());
    }

    @Test
    void aRunEndsWithItsTopicAndBeforeACommand() {
        RobotLane lane = lane(Messages.run());
        lane.offer(Messages.message(pose, 1));
        lane.offer(Messages.message(pose, 2));
        lane.offer(Messages.message(battery, 3));
        lane.offer(Messages.message(pose, 4));
        lane.offer(() -> runs.add("command"));
        lane.offer(Messages.message(pose, 5));
        assertThat(takeAll(lane)).containsExactly("pose 1 2", "battery 3", "pose 4", "command", "pose 5");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 1024})
    void aQueueThatIsLessThanHalfFullHasRoomForAnyRun(int queuedMessages) {
        MessageRun run = new MessageRun(queuedMessages, 1 << 20);
        run.begin(Messages.message(pose, 0));
        while (run.add(Messages.message(pose, 0))) {}
        assertThat(run.size()).isEqualTo(Math.max(1, Math.min(32, queuedMessages / 2)));
    }

    @Test
    void aRunHasAtMostHalfTheBytesOfAQueueUnlessItIsOneMessage() {
        MessageRun run = new MessageRun(1024, 1000);
        run.begin(Messages.ofSize(pose, 900));
        assertThat(run.add(Messages.message(pose, 1))).isFalse();
        run.begin(Messages.ofSize(pose, 300));
        assertThat(run.add(Messages.ofSize(pose, 201))).isFalse();
        assertThat(run.add(Messages.ofSize(pose, 200))).isTrue();
        assertThat(run.bytes()).isEqualTo(500);
    }

    @Test
    void littleIsKeptBesideAMessageThatWaits() {
        MessageRun run = Messages.run();
        run.begin(Messages.ofSize(pose, 16_000));
        assertThat(run.add(Messages.ofSize(pose, 400))).isFalse();
    }

    @Test
    void whatQueuesKeepDoesNotChangeWhenTheRunBeginsAnew() {
        RoutedMessage first = Messages.message(pose, 1);
        MessageRun run = Messages.run(first, Messages.message(pose, 2));
        RoutedMessage[] kept = run.shared();
        run.begin(Messages.message(pose, 3));
        assertThat(kept).hasSize(2).startsWith(first);
        assertThat(run.shared()).hasSize(1);
    }

    @Test
    void afterItWasHandedOverTheLaneKeepsNothingOfIt() {
        MessageRun run = Messages.run();
        RobotLane lane = lane(run);
        lane.offer(Messages.message(pose, 1));
        lane.take();
        assertThatThrownBy(run::first).isInstanceOf(IllegalStateException.class);
    }

    /** A router with subscribers of every kind, to which the same is published in runs or one by one. */
    private static final class Subscribed {
        final RouterFixture fixture = new RouterFixture();
        final TopicState pose;
        final RecordingSubscriber robot = fixture.subscribe("pose");
        final RouterFixture.Client roomy = fixture.new Client(100);
        final RouterFixture.Client small;
        final RemoteSubscriber smalls;

        Subscribed(OverflowPolicy policy, boolean command) {
            pose = command ? fixture.command("pose") : fixture.state("pose");
            small = fixture.new Client(4);
            fixture.publish(pose, 1);
            roomy.subscribeRetained("#");
            smalls = small.subscribe("pose");
            fixture.router.options(
                    smalls,
                    new DeliveryOptions(
                            DeliveryOptions.Policy.QUEUE,
                            4,
                            policy,
                            0,
                            0,
                            Queues.THIN_AFTER.toNanos(),
                            true,
                            false,
                            false));
        }

        /** The messages 2 to 7. */
        RoutedMessage[] messages() {
            RoutedMessage[] all = new RoutedMessage[6];
            for (int i = 0; i < all.length; i++) {
                all[i] = Messages.message(pose, i + 2, fixture.clock.nanoTime());
            }
            return all;
        }

        /** All that can be seen of what was published. */
        List<Object> account() {
            return List.of(
                    robot.values(),
                    robot.sequences(),
                    fixture.kept.stream().map(Messages::value).toList(),
                    pose.toReplay().stream().map(Messages::value).toList(),
                    Queues.untold(smalls),
                    fixture.counters.get(Counters.Count.PUBLISHED),
                    fixture.counters.get(Counters.Count.OFFERED),
                    fixture.counters.losses().get(LossCause.QUEUE_FULL),
                    roomy.receiveAll(),
                    small.receive(),
                    fixture.counters.queued());
        }
    }

    @ParameterizedTest
    @EnumSource(OverflowPolicy.class)
    void messagesInARunFareAsTheyWouldOneByOne(OverflowPolicy policy) {
        for (boolean command : new boolean[] {false, true}) {
            Subscribed oneByOne = new Subscribed(policy, command);
            for (RoutedMessage message : oneByOne.messages()) {
                oneByOne.fixture.router.route(message);
            }
            Subscribed together = new Subscribed(policy, command);
            together.fixture.router.route(Messages.run(together.messages()));
            assertThat(together.account()).isEqualTo(oneByOne.account());
        }
    }

    @Test
    void ofARunThatWaitsTheOldestMessagesAreLostFirst() {
        RouterFixture fixture = new RouterFixture();
        RouterFixture.Client client = fixture.new Client(4);
        client.subscribe("#");
        TopicState topic = fixture.topic("pose");
        fixture.router.route(
                Messages.run(Messages.message(topic, 1), Messages.message(topic, 2), Messages.message(topic, 3)));
        fixture.publish("battery", 4);
        fixture.publish("battery", 5);
        assertThat(client.receiveOne()).isEqualTo("pose 2");
        assertThat(client.receive()).containsExactly("pose 3", "battery 4", "battery 5");
    }

    @Test
    void theLastValueThatIsStillToBeSentComesBeforeARun() {
        RouterFixture fixture = new RouterFixture(5_000, 1 << 24);
        for (int i = 0; i < 1_000; i++) {
            fixture.publish("t/" + i, i);
        }
        RouterFixture.Client client = fixture.new Client(16);
        client.subscribeRetained("t/+");
        TopicState late = fixture.topic("t/900");
        fixture.router.route(Messages.run(Messages.message(late, -1), Messages.message(late, -2)));
        assertThat(client.receiveAll())
                .hasSize(1_002)
                .containsSubsequence("t/900 900", "t/900 -1", "t/900 -2")
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsLeftOfARunGoesToAnotherSubscriptionThatWantsIt() {
        RouterFixture fixture = new RouterFixture();
        RouterFixture.Client client = fixture.new Client(16);
        RemoteSubscriber exact = client.subscribe("pose");
        RemoteSubscriber all = client.subscribe("#");
        TopicState topic = fixture.topic("pose");
        fixture.router.route(
                Messages.run(Messages.message(topic, 1), Messages.message(topic, 2), Messages.message(topic, 3)));
        assertThat(client.receiveOne()).isEqualTo("pose 1");
        fixture.router.unsubscribe(exact);
        assertThat(all.queued()).isEqualTo(2);
        fixture.publish("pose", 4);
        assertThat(client.receive()).containsExactly("pose 2", "pose 3", "pose 4");
        assertThat(client.queue.bytes()).isZero();
    }

    @Test
    @Timeout(60)
    void whatIsLostOfARunIsNotKept() {
        DeliveryQueue queue = Queues.of(FrameStyle.ENVELOPE, 4, 1 << 20, new Counters());
        RemoteSubscriber subscriber = Queues.subscriber("pose", queue);
        queue.add(subscriber);
        RoutedMessage[] messages = new RoutedMessage[4];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = Messages.message(pose, i);
        }
        subscriber.offer(Messages.run(messages));
        WeakReference<RoutedMessage> oldest = new WeakReference<>(messages[0]);
        messages[0] = null;
        subscriber.offer(Messages.message(pose, 4));
        subscriber.offer(Messages.message(pose, 5));
        while (oldest.get() != null) {
            System.gc();
            assertThat(Thread.currentThread().isInterrupted()).as("it is kept").isFalse();
        }
        assertThat(queue.peek()).isSameAs(messages[2].envelope().message());
        assertThat(queue.messages()).isEqualTo(4);
    }
}
