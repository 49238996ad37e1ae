package io.github.robotstream.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.tck.LogSinkContract;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesLogSinkTest extends LogSinkContract {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("logs/broker.jsonl");
    }

    @Override
    protected LogSink newSink() {
        return JsonLinesLogSink.to(file());
    }

    @Override
    protected Optional<String> written() throws IOException {
        return Optional.of(Files.readString(file()));
    }

    private static LogEntry entry(String message) {
        return LogEntry.of(LogEntry.Level.WARN, "event", message)
                .detail("for the robot's own")
                .at(ManualClock.BEGIN);
    }

    private static List<String> messages(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void anEntryIsTheObjectOfServerLogsWithItsDetail() throws IOException {
        try (LogSink sink = newSink()) {
            sink.write(entry("m"));
        }
        assertThat(written())
                .contains(
                        "{\"time\":\"2026-11-24T05:30:00.123Z\",\"level\":\"WARN\",\"severity\":13,\"event\":\"event\","
                                + "\"message\":\"m\",\"detail\":\"for the robot's own\"}\n");
    }

    @Test
    void fullFilesAreRenamedAndTheOldestDeleted() throws IOException {
        String text = "-".repeat(300);
        try (LogSink sink = JsonLinesLogSink.to(file(), 1_024, 3)) {
            for (int i = 1; i <= 9; i++) {
                sink.write(entry(i + text));
            }
        }
        assertThat(messages(file())).containsExactly("9" + text);
        assertThat(messages(folder.resolve("logs/broker.jsonl.1"))).containsExactly("7" + text, "8" + text);
        assertThat(messages(folder.resolve("logs/broker.jsonl.2"))).containsExactly("5" + text, "6" + text);
        try (Stream<Path> all = Files.list(folder.resolve("logs"))) {
            assertThat(all).hasSize(3);
        }
    }

    @Test
    void aSingleFileBeginsAnew() throws IOException {
        try (LogSink sink = JsonLinesLogSink.to(file(), 1_024, 1)) {
            for (int i = 1; i <= 9; i++) {
                sink.write(entry(i + "-".repeat(600)));
            }
        }
        assertThat(messages(file())).containsExactly("9" + "-".repeat(600));
    }

    @Test
    void aLineThatWasLeftHalfWrittenIsEnded() throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(file(), "{\"time\":\"20");
        try (LogSink sink = newSink()) {
            sink.write(entry("m"));
        }
        assertThat(Files.readAllLines(file())).hasSize(2).first().isEqualTo("{\"time\":\"20");
    }

    @Test
    void boundsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> JsonLinesLogSink.to(file(), 1, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonLinesLogSink.to(file(), 1_024, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
