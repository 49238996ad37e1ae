package io.github.robotstream.internal.transport.connection;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TaskThreadTest {
    @Test
    void aTaskThatStandsStillIsInterruptedWhenTheTimeForTheEndIsOver() throws Exception {
        TaskThread thread = TaskThread.start("test-tasks", new FaultLog(System::nanoTime, handshake -> {}));
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        thread.step(() -> {
                    stands.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException told) {
                        interrupted.countDown();
                    }
                })
                .ask();
        stands.await();
        thread.end(Deadline.in(Duration.ofMillis(1)));
        interrupted.await();
    }
}
