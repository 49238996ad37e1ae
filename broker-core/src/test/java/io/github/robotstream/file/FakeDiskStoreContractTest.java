package io.github.robotstream.file;

import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.tck.TopicStoreContract;
import java.time.Instant;
import java.util.Optional;

/** The same on files of 4 KiB that are put together all the time, and with ends of the process. */
class FakeDiskStoreContractTest extends TopicStoreContract {
    private final StoreFixture fixture = new StoreFixture();

    @Override
    protected TopicStore newStore() {
        return fixture.store;
    }

    @Override
    protected Instant now() {
        return fixture.clock.now();
    }

    @Override
    protected TopicStore reopened(TopicStore closed) {
        return fixture.newStore();
    }

    @Override
    protected Optional<TopicStore> afterKill(TopicStore open) {
        fixture.disk.kill();
        return Optional.of(fixture.newStore());
    }
}
