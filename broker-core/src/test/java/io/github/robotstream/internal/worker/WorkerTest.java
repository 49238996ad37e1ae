package io.github.robotstream.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final RecordingWork work = new RecordingWork();
    private final Worker<String> worker = new Worker<>("robotstream-test", 3, work);
    private final Budget budget = new Budget(5, 1_000);

    @AfterEach
    void end() {
        worker.close(LONG);
    }

    private void offer(String... items) {
        for (String item : items) {
            assertThat(worker.offer(item, budget, 1)).isTrue();
        }
    }

    @Test
    void callsComeInOrderOnOneDaemonThreadOfTheGivenName() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        work.onRun(batch -> threads.add(Thread.currentThread())).onEnd(batch -> threads.add(Thread.currentThread()));
        offer("a", "b", "c");
        worker.start();
        assertThat(worker.close(LONG)).isTrue();
        assertThat(work.told()).containsExactly("run [a]", "run [b]", "run [c]", "end");
        assertThat(threads).allSatisfy(thread -> {
            assertThat(thread).isSameAs(threads.get(0)).isNotSameAs(Thread.currentThread());
            assertThat(thread.getName()).isEqualTo("robotstream-test");
            assertThat(thread.isDaemon()).isTrue();
        });
    }

    @Test
    void neighboursThatJoinMakeOneBatchUpToItsBound() {
        offer("a1", "a2", "a3", "a4", "b1");
        worker.start();
        worker.close(LONG);
        assertThat(work.told()).containsExactly("run [a1, a2, a3]", "run [a4]", "run [b1]", "end");
    }

    @Test
    void anItemThatComesWhileTheThreadIsIdleWakesIt() {
        worker.start();
        IntStream.range(0, 50).forEach(i -> {
            offer("a" + i);
            await().pollInterval(Duration.ofMillis(1)).until(() -> work.told().contains("run [a" + i + "]"));
        });
    }

    @Test
    void whatComesBeyondTheBudgetIsLostAndCountedAndNobodyWaits() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        work.onRun(RecordingWork.stuck(begun, letGo));
        worker.start();
        offer("a");
        begun.await();
        offer("b", "c", "d", "e");
        assertThat(worker.offer("f", budget, 1)).isFalse();
        assertThat(budget.lost()).isEqualTo(1);
        letGo.countDown();
        await().untilAsserted(() -> assertThat(worker.offer("g", budget, 1)).isTrue());
        worker.close(LONG);
        assertThat(work.told()).contains("run [e]", "run [g]").doesNotContain("run [f]");
    }

    @Test
    void whateverACallThrowsIsToldAndCountedAndTheNextCallComes() {
        work.onRun(batch -> {
            switch (batch.get(0)) {
                case "a" -> throw new IOException("checked");
                case "b" -> throw new IllegalStateException("unchecked");
                case "c" -> throw new StackOverflowError("error");
                default -> {}
            }
        });
        offer("a", "b", "c", "d");
        worker.start();
        worker.close(LONG);
        assertThat(work.told())
                .containsExactly(
                        "run [a]",
                        "failed [a] checked",
                        "run [b]",
                        "failed [b] unchecked",
                        "run [c]",
                        "failed [c] error",
                        "run [d]",
                        "end");
        assertThat(worker.failures()).isEqualTo(3);
        assertThat(budget.take(1_000)).as("room came back").isTrue();
    }

    @Test
    void aFailureThatCannotEvenBeToldDoesNotEndTheThread() {
        work.onRun(batch -> {
            if (batch.get(0).equals("a")) {
                throw new HostileException();
            }
        });
        offer("a", "b");
        worker.start();
        assertThat(worker.close(LONG)).isTrue();
        assertThat(work.told()).containsExactly("run [a]", "run [b]", "end");
    }

    @Test
    void aFailureOfTheLastCallIsToldWithoutItems() {
        work.onEnd(batch -> {
            throw new IOException("disk full");
        });
        worker.start();
        assertThat(worker.close(LONG)).isTrue();
        assertThat(work.told()).containsExactly("end", "failed [] disk full");
    }

    @Test
    void anInterruptThatACallLeavesBehindDoesNotReachTheNext() {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        RecordingWork.Call call = batch -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
        };
        work.onRun(call).onEnd(call);
        offer("a", "b");
        worker.start();
        worker.close(LONG);
        assertThat(interrupted).containsExactly(false, false, false);
    }

    @Test
    void closingOnAnInterruptedThreadDrainsAllTheSame() {
        offer("a", "b");
        worker.start();
        Thread.currentThread().interrupt();
        boolean done = worker.close(LONG);
        assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
        assertThat(done).isTrue();
        assertThat(work.told()).containsExactly("run [a]", "run [b]", "end");
    }

    @Test
    void nothingIsTakenOnceItCloses() {
        worker.start();
        worker.close(LONG);
        assertThat(worker.offer("a", budget, 1)).isFalse();
        assertThat(budget.lost()).isEqualTo(1);
        assertThat(worker.close(LONG)).as("closing again").isTrue();
        assertThat(work.told()).containsExactly("end");
    }

    @Test
    void aCallThatClosesTheWorkerDoesNotWaitForItself() {
        work.onRun(batch -> work.tell("close " + worker.close(LONG)));
        offer("a", "b");
        worker.start();
        await().untilAsserted(() -> assertThat(work.told()).endsWith("end"));
        assertThat(work.told()).containsExactly("run [a]", "close false", "run [b]", "close false", "end");
    }

    @Test
    void aWorkerThatNeverStartedClosesWithoutACall() {
        assertThat(worker.close(LONG)).isTrue();
        assertThat(work.told()).isEmpty();
    }

    private static final class HostileException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }

    @Test
    void whatIsDueIsDoneThoughNothingComesAndAgainAfterItsTime() throws InterruptedException {
        CountDownLatch calls = new CountDownLatch(3);
        work.onIdle(() -> {
            calls.countDown();
            return calls.getCount() > 0 ? 1L : Long.MAX_VALUE;
        });
        worker.start();
        assertThat(calls.await(20, TimeUnit.SECONDS)).isTrue();
        offer("a");
        worker.close(LONG);
        assertThat(work.told()).containsExactly("run [a]", "end");
    }

    @Test
    void whatIsDueAndThrowsIsToldAndComesAgainAfterTheNextCall() throws InterruptedException {
        CountDownLatch calls = new CountDownLatch(2);
        work.onIdle(() -> {
            calls.countDown();
            throw new IOException("disk full");
        });
        worker.start();
        await().until(() -> worker.failures() == 1);
        offer("a");
        assertThat(calls.await(20, TimeUnit.SECONDS)).isTrue();
        worker.close(LONG);
        assertThat(work.told()).containsExactly("failed [] disk full", "run [a]", "failed [] disk full", "end");
    }
}
