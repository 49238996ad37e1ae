package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RobotLaneTest {
    private static final int MESSAGES = 16;

    private final TopicState pose = Messages.topic("pose");
    private final TopicState battery = Messages.topic("battery");
    /** What was handed over: {@code pose 3}, or {@code pose 7 after 2 lost}, or what a command wrote. */
    private final List<String> taken = new ArrayList<>();

    private Consumer<RoutedMessage> route = this::note;
    private RobotLane lane = lane(1 << 20, new MessageRun(8, 1 << 20));

    private RobotLane lane(long bytes, MessageRun run) {
        return new RobotLane(MESSAGES, bytes, run, taken -> taken.forEach(route));
    }

    private void publish(TopicState topic, long value) {
        lane.offer(Messages.message(topic, value));
    }

    private void command(String name) {
        lane.offer(() -> taken.add(name));
    }

    private void fillUp() {
        for (int i = 1; i <= MESSAGES; i++) {
            publish(pose, i);
        }
    }

    private boolean takeOne() {
        return lane.take() > 0;
    }

    private List<String> takeAll() {
        while (!lane.isEmpty()) {
            while (takeOne()) {}
            lane.takeOverflow(64);
        }
        return taken;
    }

    private void note(RoutedMessage message) {
        String lost = message.lostBefore() == 0 ? "" : " after " + message.lostBefore() + " lost";
        taken.add(message.topic().name() + " " + Messages.value(message) + lost);
    }

    @Test
    void messagesAndCommandsComeInTheOrderOfTheCalls() {
        publish(pose, 1);
        command("subscribe");
        publish(battery, 1);
        publish(pose, 2);
        command("unsubscribe");
        assertThat(takeAll()).containsExactly("pose 1", "subscribe", "battery 1", "pose 2", "unsubscribe");
    }

    @Test
    void ofAFullLanesTopicTheNewestMessageComesLastAndSaysWhatItReplaced() {
        fillUp();
        publish(pose, 17);
        publish(pose, 18);
        publish(pose, 19);
        assertThat(takeAll())
                .hasSize(MESSAGES + 1)
                .startsWith("pose 1", "pose 2")
                .endsWith("pose 16", "pose 19 after 2 lost");
    }

    @Test
    void anOverflowMessageThatReplacedNothingSaysNothing() {
        fillUp();
        publish(pose, 17);
        assertThat(takeAll()).endsWith("pose 16", "pose 17");
    }

    @Test
    void everyTopicHasAnOverflowPlaceOfItsOwn() {
        fillUp();
        publish(pose, 17);
        publish(battery, 1);
        publish(pose, 18);
        publish(battery, 2);
        assertThat(takeAll()).contains("pose 18 after 1 lost", "battery 2 after 1 lost");
    }

    @Test
    void anOverflowMessageWaitsForItsTopicsMessagesInTheLane() {
        fillUp();
        publish(pose, 17);
        command("stop");
        while (taken.size() < MESSAGES) {
            lane.takeOverflow(64);
            takeOne();
        }
        assertThat(taken).endsWith("pose 16");
        lane.takeOverflow(64);
        assertThat(taken).endsWith("pose 16", "pose 17");
    }

    @Test
    void whileItsOverflowMessageWaitsATopicsMessagesDoNotOvertakeItInTheLane() {
        fillUp();
        publish(pose, 17);
        takeOne();
        takeOne();
        publish(pose, 18);
        assertThat(takeAll()).endsWith("pose 16", "pose 18 after 1 lost");
    }

    @Test
    void afterItsOverflowMessageWasTakenATopicUsesTheLaneAgain() {
        fillUp();
        publish(pose, 17);
        takeAll();
        publish(pose, 18);
        publish(pose, 19);
        assertThat(takeAll()).endsWith("pose 17", "pose 18", "pose 19");
    }

    @Test
    void aQuietTopicsOverflowMessageDoesNotWaitForTheMessagesOfABusyOne() {
        fillUp();
        publish(battery, 1);
        lane.takeOverflow(64);
        assertThat(taken).containsExactly("battery 1");
    }

    @Test
    void aMessageComesAfterTheCommandThatWasGivenBeforeItThoughItOverflowed() {
        fillUp();
        command("subscribe to battery");
        publish(battery, 1);
        lane.takeOverflow(64);
        assertThat(taken).as("the command has not been done").isEmpty();
        assertThat(takeAll()).containsSubsequence("subscribe to battery", "battery 1");
    }

    @Test
    void aMessageComesBeforeTheCommandThatWasGivenAfterItThoughItOverflowed() {
        fillUp();
        publish(pose, 17);
        publish(battery, 1);
        command("clear");
        assertThat(takeAll()).endsWith("pose 16", "pose 17", "battery 1", "clear");
    }

    @Test
    void commandsAndOverflowMessagesKeepTheirOrderAmongEachOther() {
        fillUp();
        publish(pose, 17);
        command("first");
        publish(pose, 18);
        publish(pose, 19);
        command("second");
        publish(battery, 1);
        assertThat(takeAll())
                .as("17 was replaced before the first command could be done")
                .endsWith("pose 16", "first", "pose 19 after 2 lost", "second", "battery 1");
    }

    @Test
    void messagesAreBoundedByBytes() {
        int size = Messages.message(pose, 1).envelope().size();
        lane = lane(3L * size, Messages.run());
        for (int i = 1; i <= 6; i++) {
            publish(pose, i);
        }
        assertThat(takeAll()).containsExactly("pose 1", "pose 2", "pose 3", "pose 6 after 2 lost");
    }

    @Test
    void whatIsTakenGivesItsBytesBack() {
        int size = Messages.message(pose, 1).envelope().size();
        lane = lane(size, Messages.run());
        for (int i = 1; i <= 9; i++) {
            publish(pose, i);
            takeOne();
        }
        assertThat(taken).hasSize(9).noneMatch(text -> text.contains("lost"));
    }

    @Test
    void aMessageLargerThanTheLaneIsTakenAllTheSame() {
        lane = lane(10, Messages.run());
        publish(pose, 1);
        publish(pose, 2);
        assertThat(takeAll()).containsExactly("pose 2 after 1 lost");
    }

    @Test
    void asManyCommandsAsMessagesFindRoomInALaneFullOfMessages() {
        fillUp();
        for (int i = 1; i <= MESSAGES; i++) {
            command("command " + i);
        }
        publish(pose, 17);
        assertThat(takeAll()).hasSize(2 * MESSAGES + 1).containsSubsequence("command 1", "command 16", "pose 17");
    }

    @Test
    @Timeout(60)
    void aCommandThatFindsNoRoomWaitsAndIsNotLost() throws InterruptedException {
        for (int i = 1; i <= 2 * MESSAGES; i++) {
            command("command " + i);
        }
        Thread caller = new Thread(() -> command("last"));
        caller.start();
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        takeOne();
        caller.join();
        assertThat(takeAll()).hasSize(2 * MESSAGES + 1).endsWith("command 32", "last");
    }

    @Test
    @Timeout(60)
    void whoeverWaitsToGiveACommandGoesOnWhenTheLaneIsClosed() throws InterruptedException {
        for (int i = 1; i <= 2 * MESSAGES; i++) {
            command("command " + i);
        }
        Thread caller = new Thread(() -> command("last"));
        caller.start();
        while (caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        lane.close();
        caller.join();
        assertThat(takeAll()).hasSize(2 * MESSAGES).doesNotContain("last");
    }

    @Test
    void onlySoManyTopicsAreLookedAtATime() {
        fillUp();
        List<TopicState> topics = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            topics.add(Messages.topic("t" + i));
            publish(topics.get(i), i);
        }
        lane.takeOverflow(4);
        assertThat(taken).containsExactly("t0 0", "t1 1", "t2 2", "t3 3");
        lane.takeOverflow(4);
        assertThat(taken).hasSize(8);
    }

    @Test
    void commandsAndALaneThatFillsUpAreNotLeftToWait() {
        for (int i = 1; i <= MESSAGES / 2; i++) {
            publish(pose, i);
        }
        assertThat(lane.isUrgent()).isFalse();
        publish(pose, 9);
        assertThat(lane.isUrgent()).as("more than half full").isTrue();
        takeAll();
        assertThat(lane.isUrgent()).isFalse();
        publish(pose, 10);
        command("subscribe");
        assertThat(lane.isUrgent()).as("a command waits").isTrue();
        takeOne();
        assertThat(lane.isUrgent()).isTrue();
        takeOne();
        publish(pose, 11);
        assertThat(lane.isUrgent()).isFalse();
    }

    @Test
    void whatAMessagesTakerThrowsLeavesTheLaneInOrder() {
        fillUp();
        publish(battery, 1);
        publish(battery, 2);
        route = message -> {
            throw new IllegalStateException("broken");
        };
        for (int runs = 0; runs < MESSAGES / 4; runs++) {
            assertThatThrownBy(lane::take).hasMessage("broken");
        }
        route = this::note;
        publish(battery, 3);
        assertThat(takeAll()).containsExactly("battery 3 after 2 lost");
    }
}
