package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Topic;
import io.github.robotstream.testing.Standstill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads on which codecs of the application's are asked. */
class CodecThreadsTest {
    private static final Topic<Long> SLOW = Topic.state("slow", "int", Long.class);
    private static final Topic<Long> OTHER = Topic.state("other", "int", Long.class);

    private final Standstill standstill = new Standstill();
    private final CodecThreads threads = new CodecThreads();

    @AfterEach
    void close() {
        standstill.close();
        threads.close();
        threads.awaitEnd(Duration.ofSeconds(10));
    }

    @Test
    void areBoundedForEachTopicAndOtherTopicsHaveTheirOwn() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Future<?>> checks = new ArrayList<>();
        for (int i = 0; i < CodecThreads.THREADS_A_TOPIC + CodecThreads.WAITING_A_TOPIC; i++) {
            checks.add(threads.submit(SLOW, () -> {
                inside.incrementAndGet();
                standstill.here();
            }));
        }
        await().untilAsserted(() -> assertThat(inside).hasValue(CodecThreads.THREADS_A_TOPIC));
        assertThatThrownBy(() -> threads.submit(SLOW, () -> {})).isInstanceOf(RejectedExecutionException.class);

        threads.submit(OTHER, () -> {}).get(10, TimeUnit.SECONDS);
        assertThat(inside).hasValue(CodecThreads.THREADS_A_TOPIC);
        assertThat(checks).noneMatch(Future::isDone);
    }

    @Test
    void takeNothingOnceTheyAreClosed() {
        threads.close();
        assertThatThrownBy(() -> threads.submit(OTHER, () -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
