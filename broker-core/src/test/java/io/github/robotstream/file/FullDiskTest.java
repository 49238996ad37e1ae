package io.github.robotstream.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.testing.SteppedBroker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a broker does while the disk that its store is on has no room. */
class FullDiskTest {
    private static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);

    private final StoreFixture files = new StoreFixture();
    private final List<Long> heard = new CopyOnWriteArrayList<>();
    private final List<Message> logs = new CopyOnWriteArrayList<>();

    @Test
    void itServesOnFromMemorySaysSoAndKeepsMessagesAgainWhenThereIsRoom() throws Exception {
        try (SteppedBroker stepped =
                new SteppedBroker(builder -> builder.store(files.store).topic(COUNT))) {
            stepped.broker.subscribe(TopicFilter.of("server_logs"), logs::add);
            stepped.broker.subscribe(COUNT, heard::add);
            files.disk.room(0);
            stepped.broker.publish(COUNT, 1L);
            stepped.await("the failure", () -> isTold("store_failed"));
            stepped.broker.publish(COUNT, 2L);
            stepped.await("the second loss", () -> stepped.broker.stats().notStored() == 2);

            stepped.await("both messages", () -> heard.equals(List.of(1L, 2L)));
            List<Long> later = new CopyOnWriteArrayList<>();
            stepped.broker.subscribe(COUNT, later::add, settings -> settings.retained());
            stepped.await("the last value", () -> later.equals(List.of(2L)));

            files.disk.room(Long.MAX_VALUE);
            stepped.broker.publish(COUNT, 3L);
            stepped.await("its end", () -> isTold("store_goes_on"));
            assertThat(stepped.broker.stats().notStored()).isEqualTo(2);
        }
        assertThat(files.reopenOne().lastSequence()).isEqualTo(3);
        assertThat(files.sequences("count")).containsExactly(3L);
    }

    private boolean isTold(String event) {
        return logs.stream().anyMatch(entry -> entry.payload().json().contains("\"" + event + "\""));
    }
}
