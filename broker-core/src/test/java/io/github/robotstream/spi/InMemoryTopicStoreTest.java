package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.tck.TopicStoreContract;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class InMemoryTopicStoreTest extends TopicStoreContract {
    private final InMemoryTopicStore store = new InMemoryTopicStore();

    @Override
    protected TopicStore newStore() {
        return TopicStore.inMemory();
    }

    private void append(String topic, long sequence, int characters) {
        Payload payload = Payload.of("", "", "1".repeat(characters));
        store.append(List.of(new Message(topic, payload, "k3f9", sequence, ManualClock.BEGIN, "robot")));
    }

    private List<Long> kept(String topic) {
        return store.read(topic, 0, Integer.MAX_VALUE).stream()
                .map(Message::sequence)
                .toList();
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void keepsTheLastThousandMessagesOfATopic() {
        LongStream.rangeClosed(1, 1_500).forEach(i -> append("pose", i, 1));
        append("twist", 1, 1);
        assertThat(kept("pose")).isEqualTo(numbers(501, 1_500));
        assertThat(kept("twist")).containsExactly(1L);
    }

    @Test
    void aTopicsOldestMessagesGoWhenItsTextIsTooLong() {
        LongStream.rangeClosed(1, 6).forEach(i -> append("map", i, 300_000));
        assertThat(kept("map")).containsExactly(4L, 5L, 6L);
    }

    @Test
    void theOldestMessagesOfAllGoWhenTheirTextIsTooLong() {
        LongStream.rangeClosed(1, 40).forEach(i -> append("map" + i, 1, 1_000_000));
        assertThat(kept("map24")).isEmpty();
        assertThat(kept("map25")).hasSize(1);
        assertThat(kept("map40")).hasSize(1);
    }

    @Test
    void manySmallMessagesAreBoundedByWhatSurroundsThem() {
        for (int topic = 0; topic < 100; topic++) {
            for (int i = 1; i <= 1_000; i++) {
                append("t" + topic, i, 1);
            }
        }
        int sum = 0;
        for (int topic = 0; topic < 100; topic++) {
            sum += kept("t" + topic).size();
        }
        assertThat(sum)
                .isEqualTo((int) (InMemoryTopicStore.MAX_WEIGHT / (InMemoryTopicStore.KeptMessage.OVERHEAD + 1)));
    }

    @Test
    void aPayloadsNameAndTypeCountToo() {
        String text = "x".repeat(600_000);
        store.append(List.of(
                new Message("a", Payload.of(text, text, "1"), "k3f9", 1, ManualClock.BEGIN, "robot"),
                new Message("b", Payload.of(text, "", "1"), "k3f9", 1, ManualClock.BEGIN, "robot")));
        assertThat(kept("a")).isEmpty();
        assertThat(kept("b")).hasSize(1);
    }

    @Test
    void aTopicGoesOnWhereItStoodEvenIfItsMessagesHaveGone() throws IOException {
        append("map", 1, 100);
        append("map", 2, 2 << 20);
        assertThat(kept("map")).isEmpty();
        StoredTopic standing = store.open().get(0);
        assertThat(standing.lastSequence()).isEqualTo(2);
        assertThat(standing.latest()).as("an older message is not the latest").isEmpty();
    }

    @Test
    void theTopicThatWasUsedLeastLatelyGoesWhenThereAreTooMany() throws IOException {
        for (int i = 0; i < InMemoryTopicStore.MAX_TOPICS; i++) {
            append("t" + i, 1, 1);
        }
        append("t0", 2, 1);
        append("one more", 1, 1);
        assertThat(kept("t1")).isEmpty();
        assertThat(kept("t0")).containsExactly(1L, 2L);
        assertThat(store.open()).hasSize(InMemoryTopicStore.MAX_TOPICS);
    }

    @Test
    void whatLeavesGivesItsRoomBack() {
        for (int round = 0; round < 100; round++) {
            append("map", round + 1, 1_000_000);
            store.forget("map");
        }
        LongStream.rangeClosed(1, 16).forEach(i -> append("map" + i, 1, 1_000_000));
        assertThat(kept("map1")).hasSize(1);
    }

    @Test
    void aSecondBrokerAtOnceIsRefusedAndDoesNotDisturbTheFirst() throws IOException {
        store.open();
        assertThatThrownBy(store::open).isInstanceOf(IOException.class).hasMessageContaining("store of its own");
        store.close();
        assertThatThrownBy(store::open).as("the first still has it").isInstanceOf(IOException.class);
        store.close();
        store.close();
        assertThat(store.open()).isEmpty();
    }
}
