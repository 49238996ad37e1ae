package io.github.robotstream.file;

import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.tck.TopicStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileTopicStoreContractTest extends TopicStoreContract {
    @TempDir
    Path directory;

    @Override
    protected TopicStore newStore() {
        return FileTopicStore.builder(directory).build();
    }

    @Override
    protected TopicStore reopened(TopicStore closed) {
        return newStore();
    }
}
