package io.github.robotstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Payload;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageBufferTest {
    private long now;

    @Test
    void aFullQueueLosesTheOldestAndTellsIt() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none().queue(2));
        offer(buffer, 1, 2, 3, 4, 5);
        assertThat(taken(buffer)).containsExactly("4 dropped 3", "5 dropped 0");
    }

    @Test
    void aFullQueueOfTheOldestLosesTheNewest() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none().queueOfOldest(2));
        offer(buffer, 1, 2, 3, 4, 5);
        assertThat(taken(buffer)).containsExactly("1 dropped 3", "2 dropped 0");
    }

    @Test
    void latestGivesTheNewestInThePlaceOfTheOneBefore() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none().latest());
        buffer.offer(message("a", 1, "1"));
        buffer.offer(message("b", 7, "1"));
        buffer.offer(message("a", 2, "1"));
        assertThat(taken(buffer)).containsExactly("2 dropped 0", "7 dropped 0");
    }

    @Test
    void ofBytesTheNewestWaitsUnlessAQueueIsAskedFor() {
        for (SubscribeOptions options :
                List.of(SubscribeOptions.none(), SubscribeOptions.none().queue(10))) {
            MessageBuffer buffer = new MessageBuffer(options);
            buffer.offer(picture(1));
            buffer.offer(picture(2));
            assertThat(buffer.size()).isEqualTo(options.queue().isPresent() ? 2 : 1);
        }
    }

    @Test
    void aPictureComesInItsPlaceAmongAllTopics() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        buffer.offer(message("pose", 1, "1"));
        buffer.offer(picture(11));
        buffer.offer(message("pose", 2, "1"));
        assertThat(taken(buffer)).containsExactly("1 dropped 0", "11 dropped 0", "2 dropped 0");
    }

    @Test
    void bytesAndJsonOfATopicComeInTheirOrder() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        buffer.offer(picture(1));
        buffer.offer(message("camera", 2, "1"));
        buffer.offer(picture(3));
        buffer.offer(picture(4));
        buffer.offer(message("camera", 5, "1"));
        assertThat(taken(buffer)).containsExactly("1 dropped 1", "2 dropped 0", "4 dropped 0", "5 dropped 0");
    }

    @Test
    void newerBytesComeInThePlaceOfThoseBefore() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        buffer.offer(picture(11));
        buffer.offer(message("pose", 1, "1"));
        buffer.offer(picture(12));
        buffer.offer(picture(13));
        assertThat(taken(buffer)).containsExactly("13 dropped 2", "1 dropped 0");
    }

    @Test
    void aFullQueueCountsWhatItLosesBesideWhatWasReplaced() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        buffer.offer(picture(11));
        buffer.offer(picture(12));
        for (int i = 1; i <= MessageBuffer.MESSAGES; i++) {
            buffer.offer(message("quiet/" + i, i, "1"));
        }
        buffer.offer(picture(13));
        assertThat(taken(buffer))
                .hasSize(MessageBuffer.MESSAGES)
                .startsWith("2 dropped 3", "3 dropped 0")
                .endsWith("13 dropped 0");
    }

    @Test
    void theLengthOfWhatWaitsCountsAndNotOfWhatWasReplaced() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        int mi = 1 << 20;
        buffer.offer(message("pose", 1, "1"));
        buffer.offer(picture(11, 3 * mi));
        buffer.offer(picture(12, mi));
        buffer.offer(picture(13, 3 * mi));
        assertThat(buffer.size()).isEqualTo(2);
        buffer.offer(picture(14, 4 * mi));
        assertThat(taken(buffer)).containsExactly("14 dropped 4");
    }

    @Test
    void aBusyTopicPushesNoQuietOneOutOfAFullQueue() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none().queue(3));
        buffer.offer(message("mode", 7, "1"));
        buffer.offer(picture(11));
        offer(buffer, 1, 2, 3, 4, 5);
        assertThat(taken(buffer)).containsExactly("7 dropped 4", "11 dropped 0", "5 dropped 0");
    }

    @Test
    void whatIsOldAndWasFollowedIsLostAndNeverTheNewestOfATopic() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        offer(buffer, 1, 2);
        buffer.offer(message("rare", 9, "1"));
        now = 2_500_000;
        assertThat(taken(buffer)).containsExactly("2 dropped 1", "9 dropped 0");
    }

    @Test
    void nothingOfTheLogAndOfTheBrokersOwnTopicsIsLostForItsAge() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        for (String topic : List.of("server_logs", "$stats")) {
            buffer.offer(message(topic, 1, "1"));
            buffer.offer(message(topic, 2, "1"));
        }
        now = 2_500_000;
        assertThat(taken(buffer)).containsExactly("1 dropped 0", "2 dropped 0", "1 dropped 0", "2 dropped 0");
    }

    @Test
    void noCommandIsLostForItsAge() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none());
        buffer.offer(message("go", 1, Payload.of("go", "text", "1"), true));
        buffer.offer(message("go", 2, Payload.of("go", "text", "2"), true));
        now = 2_500_000;
        assertThat(taken(buffer)).containsExactly("1 dropped 0", "2 dropped 0");
    }

    @Test
    void theAgeThatWasAskedForCountsInThePlaceOfTwoSeconds() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none().maxAge(Duration.ofSeconds(10)));
        offer(buffer, 1, 2);
        now = 2_500_000;
        assertThat(taken(buffer)).containsExactly("1 dropped 0", "2 dropped 0");
    }

    @Test
    void whatIsOlderThanAskedIsLost() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none().maxAge(Duration.ofMillis(200)));
        offer(buffer, 1);
        now = 300_000;
        offer(buffer, 2);
        assertThat(taken(buffer)).containsExactly("2 dropped 1");
    }

    @Test
    void reliableRefusesWhatFindsNoRoom() {
        MessageBuffer buffer = new MessageBuffer(SubscribeOptions.none().reliable());
        String half = '"' + "x".repeat(3 << 20) + '"';
        assertThat(buffer.offer(message("t", 1, half))).isTrue();
        assertThat(buffer.offer(message("t", 2, half))).isFalse();
        assertThat(taken(buffer)).containsExactly("1 dropped 0");
    }

    private void offer(MessageBuffer buffer, int... numbers) {
        for (int number : numbers) {
            buffer.offer(message("t", number, "1"));
        }
    }

    private RobotMessage<Payload> message(String topic, int seq, String json) {
        return message(topic, seq, Payload.of(topic, "float", json));
    }

    private RobotMessage<Payload> picture(int seq) {
        return picture(seq, 3);
    }

    private RobotMessage<Payload> picture(int seq, int bytes) {
        return message("camera", seq, Payload.ofBytes("camera", "image/png", ByteBuffer.allocate(bytes)));
    }

    private RobotMessage<Payload> message(String topic, int seq, Payload payload) {
        return message(topic, seq, payload, false);
    }

    private RobotMessage<Payload> message(String topic, int seq, Payload payload, boolean isCommand) {
        return new RobotMessage<>(
                topic,
                payload,
                payload.type(),
                new Position("e", seq),
                0,
                now,
                0,
                0,
                false,
                false,
                "robot",
                isCommand,
                () -> now);
    }

    private static List<String> taken(MessageBuffer buffer) {
        List<String> all = new ArrayList<>();
        for (RobotMessage<Payload> next = buffer.take(); next != null; next = buffer.take()) {
            all.add(next.position().seq() + " dropped " + next.dropped());
        }
        return all;
    }
}
