package io.github.robotstream.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept in files is for their owner alone, whatever the process's umask says. */
class OwnFilesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void filesHaveSuchRights() {
        assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    }

    private void assertForTheirOwnerAlone(int files) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.toList())
                    .hasSize(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void theLogAlsoAfterItsFilesWereChanged() throws IOException {
        LogEntry entry =
                LogEntry.of(LogEntry.Level.WARN, "event", "-".repeat(600)).at(ManualClock.BEGIN);
        try (LogSink sink = JsonLinesLogSink.to(folder.resolve("broker.jsonl"), 1_024, 2)) {
            sink.write(entry);
            sink.write(entry);
        }
        assertForTheirOwnerAlone(2);
    }

    @Test
    void theStore() throws Exception {
        try (TopicStore store =
                FileTopicStore.builder(folder).clock(() -> ManualClock.BEGIN).build()) {
            store.open();
            Payload payload = Payload.of("pose", "any", "1");
            store.append(List.of(new Message("pose", payload, "e1", 1, ManualClock.BEGIN, "robot")));
        }
        assertForTheirOwnerAlone(2); // a segment and the lock
    }
}
