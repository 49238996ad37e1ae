package io.github.robotstream.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.testing.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand messages are written and found again in a JVM of 32 MiB. */
class LargeStoreTest {
    @TempDir
    Path directory;

    @Test
    void aLargeStoreOpensInLittleMemory() throws Exception {
        try (ChildJvm program = ChildJvm.start(Filling.class, List.of("-Xmx32m"), directory.toString())) {
            assertThat(program.exitCode()).as("%s", program.output()).isZero();
            assertThat(program.value("recovered")).isEqualTo(100_000);
            assertThat(program.value("recoveryMillis")).isLessThan(20_000);
        }
    }

    /** Prints what it takes: also to be run by hand for the numbers of docs/storage.md. */
    static final class Filling {
        private static final int MESSAGES = 100_000;
        private static final int BATCH = 100;

        private Filling() {}

        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            fill(directory.resolve("warm"), Duration.ofHours(1), Long.MAX_VALUE, "warm");
            fill(directory.resolve("unsynced"), Duration.ofHours(1), Long.MAX_VALUE, "unsynced");
            fill(directory.resolve("batched"), Duration.ofSeconds(1), 1 << 20, "batched");
            FileTopicStore store =
                    FileTopicStore.builder(directory.resolve("batched")).build();
            long begin = System.nanoTime();
            long last = store.open().stream()
                    .mapToLong(topic -> topic.lastSequence())
                    .sum();
            System.out.println("recoveryMillis=" + (System.nanoTime() - begin) / 1_000_000);
            System.out.println("recovered=" + last);
            store.close();
        }

        private static void fill(Path directory, Duration interval, long bytes, String name) throws Exception {
            FileTopicStore store = FileTopicStore.builder(directory)
                    .syncInterval(interval)
                    .syncBytes(bytes)
                    .retain(1 << 30, Duration.ofDays(1))
                    .build();
            store.open();
            String value = "\"" + "x".repeat(510) + "\"";
            long begin = System.nanoTime();
            for (int i = 0; i < MESSAGES / BATCH; i++) {
                List<Message> batch = new ArrayList<>();
                for (int k = 0; k < BATCH; k++) {
                    String topic = "t" + k % 10;
                    long sequence = i * (BATCH / 10L) + k / 10 + 1;
                    batch.add(new Message(
                            topic, Payload.of(topic, "string", value), "e1", sequence, Instant.now(), "robot"));
                }
                store.append(batch);
                store.idle();
            }
            System.out.println(name + "PerSecond=" + MESSAGES * 1_000_000_000L / (System.nanoTime() - begin));
            store.close();
        }
    }
}
