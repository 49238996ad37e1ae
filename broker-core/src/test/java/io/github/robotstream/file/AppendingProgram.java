package io.github.robotstream.file;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.spi.StoredTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Appends messages without end, and tells after each call how far it is; to be killed. Arguments: directory, seed. */
final class AppendingProgram {
    static final String FIRST_EPOCH = "first";

    private AppendingProgram() {}

    @SuppressWarnings("InfiniteLoopStatement")
    public static void main(String[] args) throws Exception {
        Random random = new Random(Long.parseLong(args[1]));
        FileTopicStore store = FileTopicStore.builder(Path.of(args[0]))
                .maxBytes(1 << 20)
                .syncInterval(Duration.ofMillis(random.nextInt(20)))
                .build();
        String epoch = FIRST_EPOCH;
        long sequence = 0;
        for (StoredTopic topic : store.open()) {
            epoch = topic.epoch();
            sequence = topic.lastSequence();
        }
        for (int call = 1; ; call++) {
            List<Message> batch = new ArrayList<>();
            for (int i = random.nextInt(50); i >= 0; i--) {
                String value = "\"" + ++sequence + "-".repeat(random.nextInt(400)) + "\"";
                batch.add(new Message("n", Payload.of("n", "any", value), epoch, sequence, Instant.now(), "robot"));
            }
            store.append(batch);
            store.idle();
            System.out.println("call" + call + "=" + sequence);
        }
    }
}
