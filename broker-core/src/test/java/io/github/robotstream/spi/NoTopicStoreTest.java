package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoTopicStoreTest {
    @Test
    void takesEverythingAndKeepsNothing() throws IOException {
        TopicStore store = TopicStore.none();
        store.open();
        store.append(
                List.of(new Message("pose", Payload.of("pose", "int", "1"), "k3f9", 1, ManualClock.BEGIN, "robot")));
        assertThat(store.read("pose", 0, 10)).isEmpty();
        store.forget("pose");
        store.close();
        assertThat(store.open()).isEmpty();
        store.close();
    }
}
