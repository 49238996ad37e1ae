package io.github.robotstream.endurance;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.Parent;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A robot that publishes, subscribes and logs at every depth near the end of its stack, as a program of its own. Prints how many of the calls
 * overflowed the stack, whether the broker serves afterwards, and what it counted.
 */
final class DeepStackRobot {
    private static final Topic<Long> POSE = Topic.state("pose", "int", Long.class);
    private static final int DEPTHS = 400;
    private static final int PATIENCE_SECONDS = 30;

    private final RobotStreamBroker broker;
    private final AtomicLong overflows = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private long deepest;

    public static void main(String[] args) throws Exception {
        new DeepStackRobot().run();
    }

    private DeepStackRobot() throws Exception {
        broker = RobotStreamBroker.builder()
                .withoutNetwork()
                .logSink(entry -> {})
                .subscribe(POSE, value -> {})
                .start();
    }

    private void run() throws Exception {
        long[] number = {0};
        deep(() -> {
            if (broker.publish(POSE, ++number[0])) {
                taken.incrementAndGet();
            }
        });
        deep(() -> broker.subscribe(POSE, value -> {}).close());
        deep(() -> broker.log(LogEntry.of(LogEntry.Level.INFO, "deep", "down here")));
        Parent.tell("overflows", overflows.get());
        Parent.tell("taken", taken.get());
        Parent.tell("serves", serves(number[0] + 1) ? 1 : 0);
        broker.close();
        BrokerStats stats = broker.stats();
        Parent.tell("offered", stats.offered());
        Parent.tell("accounted", stats.delivered() + stats.dropped() + stats.skipped());
    }

    /** Calls at each depth, on a small stack of its own. */
    private void deep(Runnable call) throws InterruptedException {
        Thread diver = new Thread(null, () -> dives(call), "diver", 256 * 1024);
        diver.start();
        diver.join();
    }

    private void dives(Runnable call) {
        for (int wide = 0; wide < 8; wide++) {
            deepest = 0;
            dive(wide, Integer.MAX_VALUE, call);
            long most = deepest;
            for (long depth = Math.max(0, most - DEPTHS); depth <= most; depth++) {
                dive(wide, (int) depth, call);
            }
        }
    }

    /** So that depths differ by less than a frame, some frames are wider than the others. */
    private void dive(int wide, int depth, Runnable call) {
        try {
            wide(wide, 0, depth, call);
        } catch (StackOverflowError atTheEnd) {
            overflows.incrementAndGet();
        }
    }

    private long wide(int wide, long pad, int depth, Runnable call) {
        return wide == 0 ? narrow(depth, call) : wide(wide - 1, pad + 1, depth, call) + pad;
    }

    private long narrow(int depth, Runnable call) {
        if (depth == 0) {
            call.run();
            return 0;
        }
        deepest++;
        return narrow(depth - 1, call) + 1;
    }

    private boolean serves(long next) throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        broker.subscribe(POSE, value -> {
            if (value == next) {
                heard.countDown();
            }
        });
        broker.publish(POSE, next);
        return heard.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
