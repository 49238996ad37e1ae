package io.github.robotstream.examples.recipes;

import io.github.robotstream.Message;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.file.FileTopicStore;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A store of one's own: it passes to another one what is worth keeping, and drops the rest. */
public final class SelectiveStore implements TopicStore {
    private final TopicFilter kept;
    private final TopicStore store;

    /** Keeps the messages of topics that a filter matches. */
    public SelectiveStore(TopicFilter kept, TopicStore store) {
        this.kept = kept;
        this.store = store;
    }

    @Override
    public List<StoredTopic> open() throws IOException {
        return store.open();
    }

    @Override
    public void append(List<Message> batch) throws IOException {
        List<Message> worth =
                batch.stream().filter(message -> kept.matches(message.topic())).toList();
        if (!worth.isEmpty()) {
            store.append(worth);
        }
    }

    @Override
    public List<Message> read(String topic, long afterSequence, int limit) throws IOException {
        return store.read(topic, afterSequence, limit);
    }

    @Override
    public void forget(String topic) throws IOException {
        store.forget(topic);
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    /** Takes a directory in which positions outlive the program. */
    public static void main(String[] args) throws Exception {
        TopicStore files = FileTopicStore.builder(Path.of(args[0])).build();
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(Integer.getInteger("port", 8765))
                .anonymousAccess(Permissions.all())
                .store(new SelectiveStore(TopicFilter.of("pose"), files))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        broker.awaitClose();
    }
}
