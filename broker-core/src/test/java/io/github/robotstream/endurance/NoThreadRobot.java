package io.github.robotstream.endurance;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.Parent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A robot for which there is no thread to be had any more once its broker has started, as a program of its own, to be run with little address
 * space and large stacks. Prints whether a listener hears what was published meanwhile, once there are threads again and nothing more is
 * published, and whether {@code close} closes all though there are none.
 */
final class NoThreadRobot {
    private static final Topic<Long> COUNT = Topic.state("count", "int", Long.class);

    private final List<CountDownLatch> held = new ArrayList<>();
    private final AtomicLong closed = new AtomicLong();
    private final CountDownLatch heard = new CountDownLatch(1);

    public static void main(String[] args) throws Exception {
        new NoThreadRobot().run();
    }

    private void run() throws Exception {
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .withoutNetwork()
                .logSink(new LogSink() {
                    @Override
                    public void write(LogEntry entry) {}

                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                })
                .subscribe(COUNT, value -> heard.countDown())
                .start();
        holdAllThreads();
        broker.publish(COUNT, 1L);
        Parent.tell("heardWithoutThread", heard.await(1, TimeUnit.SECONDS) ? 1 : 0);
        letGo();
        Parent.tell("heardLater", heard.await(30, TimeUnit.SECONDS) ? 1 : 0);
        holdAllThreads();
        broker.close();
        Parent.tell("closed", closed.get());
        letGo();
    }

    private void holdAllThreads() {
        boolean more = true;
        while (more) {
            CountDownLatch latch = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                try {
                    latch.await();
                } catch (InterruptedException end) {
                    // so it ends
                }
            });
            thread.setDaemon(true);
            try {
                thread.start();
                held.add(latch);
            } catch (OutOfMemoryError none) {
                more = false;
            }
        }
        Parent.tell("held", held.size());
    }

    private void letGo() {
        held.forEach(CountDownLatch::countDown);
        held.clear();
    }
}
