package io.github.robotstream.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens at the end to user code that does not come back. */
class StuckWorkTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final RecordingWork work = new RecordingWork();
    private final Worker<String> worker = new Worker<>("robotstream-test", 2, work);
    private final Budget budget = new Budget(10, 10);

    @AfterEach
    void end() {
        letGo.countDown();
        worker.close(LONG);
    }

    private void startWith(String... items) throws InterruptedException {
        for (String item : items) {
            worker.offer(item, budget, 1);
        }
        worker.start();
        begun.await();
    }

    @Test
    void aStuckCallIsInterruptedAndWhatWaitsIsGivenUp() throws InterruptedException {
        work.onRun(RecordingWork.stuck(begun, letGo));
        startWith("a1", "a2", "a3", "b");
        assertThat(worker.close(SHORT)).isFalse();
        await().untilAsserted(() -> assertThat(work.told()).contains("end"));
        assertThat(work.told()).containsExactlyInAnyOrder("run [a1, a2]", "abandoned [a1, a2, a3, b]", "end");
        assertThat(budget.lost()).isEqualTo(4);
        assertThat(budget.take(10)).as("room came back once").isTrue();
    }

    @Test
    void theLastCallComesOnceAndOnlyAfterTheStuckCallIsBack() throws InterruptedException {
        work.onRun(RecordingWork.stuckDeaf(begun, letGo));
        startWith("a", "b");
        assertThat(worker.close(SHORT)).isFalse();
        assertThat(work.told()).containsExactly("run [a]", "abandoned [a, b]");
        letGo.countDown();
        assertThat(worker.close(LONG)).isTrue();
        assertThat(work.told()).containsExactly("run [a]", "abandoned [a, b]", "end");
    }

    @Test
    void aFailureOfACallThatWasGivenUpIsNotToldAsASecondLoss() throws InterruptedException {
        RecordingWork.Call stuck = RecordingWork.stuckDeaf(begun, letGo);
        work.onRun(batch -> {
            stuck.run(batch);
            throw new IOException("too late");
        });
        startWith("a");
        worker.close(SHORT);
        letGo.countDown();
        worker.close(LONG);
        assertThat(work.told()).containsExactly("run [a]", "abandoned [a]", "end");
        assertThat(worker.failures()).isEqualTo(1);
    }

    @Test
    void aStuckLastCallIsLeftAloneToo() throws InterruptedException {
        work.onEnd(RecordingWork.stuckDeaf(begun, letGo));
        Thread closer = new Thread(() -> worker.close(LONG));
        worker.start();
        closer.start();
        begun.await();
        assertThat(worker.close(SHORT)).isFalse();
        assertThat(work.told()).containsExactly("end", "abandoned []");
        letGo.countDown();
        closer.join();
    }

    @Test
    void theInterruptOfAStuckCallDoesNotReachTheLastCall() throws InterruptedException {
        work.onRun(RecordingWork.stuckDeaf(begun, letGo));
        work.onEnd(batch -> work.tell("interrupted " + Thread.currentThread().isInterrupted()));
        startWith("a");
        worker.close(SHORT);
        letGo.countDown();
        worker.close(LONG);
        assertThat(work.told()).endsWith("end", "interrupted false");
    }

    @Test
    void aLimitOfNothingDoesNotWait() throws InterruptedException {
        work.onRun(RecordingWork.stuckDeaf(begun, letGo));
        startWith("a");
        assertThat(worker.close(Duration.ZERO)).isFalse();
        assertThat(worker.close(Duration.ofSeconds(-1))).isFalse();
    }

    @Test
    void aLimitLongerThanAnyClockIsNoFault() {
        worker.start();
        assertThat(worker.close(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }
}
