package io.github.robotstream.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Message;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.testing.Campaign;
import io.github.robotstream.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed at any moment loses nothing that its store was given; {@code -Drobotstream.store.kills=200} kills more often. */
class KilledStoreTest {
    private static final int ROUNDS = Campaign.length("store.kills", 5, 20);

    @TempDir
    Path directory;

    private final Map<String, String> valueByNumber = new HashMap<>();
    private final Set<String> epochs = new HashSet<>(Set.of(AppendingProgram.FIRST_EPOCH));
    private final Random random = new Random(1);

    @Test
    void whatWasAppendedIsThereInItsOrderAndUnderANewEpoch() throws Exception {
        long last = 0;
        for (int round = 0; round < ROUNDS; round++) {
            last = killed(round, last);
        }
    }

    private long killed(int round, long before) throws Exception {
        List<String> options = List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
        long told;
        try (ChildJvm program =
                ChildJvm.start(AppendingProgram.class, options, directory.toString(), Integer.toString(round))) {
            told = program.value("call" + (1 + random.nextInt(60)));
            if (round == 0) {
                assertThatThrownBy(
                                () -> FileTopicStore.builder(directory).build().open())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(directory + " is in use by another broker");
            }
            program.kill();
        }
        FileTopicStore store = FileTopicStore.builder(directory).build();
        StoredTopic topic = store.open().get(0);
        assertThat(topic.lastSequence())
                .as("round %d", round)
                .isGreaterThanOrEqualTo(told)
                .isGreaterThan(before);
        assertThat(epochs.add(topic.epoch()))
                .as("round %d has a new epoch", round)
                .isTrue();
        long after = 0;
        for (List<Message> page = store.read("n", 0, 1_000); !page.isEmpty(); page = store.read("n", after, 1_000)) {
            for (Message message : page) {
                assertThat(message.sequence()).isEqualTo(after == 0 ? message.sequence() : after + 1);
                after = message.sequence();
                String value = message.payload().json();
                assertThat(value).matches("\"" + after + "-*\"");
                assertThat(message.epoch()).isEqualTo(topic.epoch());
                assertThat(valueByNumber.putIfAbsent(topic.epoch() + after, value))
                        .isIn(null, value);
            }
        }
        assertThat(after).isEqualTo(topic.lastSequence());
        store.close();
        return after;
    }
}
