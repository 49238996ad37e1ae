package io.github.robotstream.endurance;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.Parent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A robot with little memory, as a program of its own: publishes at 100 Hz until it is told to end. */
final class SubscriptionCrowdBroker {
    static final Topic<Long> POSE = Topic.state("pose", "int", Long.class);

    private static volatile boolean over;

    private SubscriptionCrowdBroker() {}

    /** Prints its port; ends at the second line that comes in. */
    public static void main(String[] args) throws Exception {
        AtomicLong died = new AtomicLong();
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> died.incrementAndGet());
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none())
                .closeTimeout(Duration.ofSeconds(2))
                .start();
        Thread loop = new Thread(() -> publish(broker), "robot-control");
        loop.start();
        Parent.tell("port", broker.address().getPort());
        Parent.awaitGoOn();
        over = true;
        loop.join();
        Parent.tell("died", died.get());
        broker.close();
    }

    private static void publish(RobotStreamBroker broker) {
        for (long number = 1; !over; number++) {
            broker.publish(POSE, number);
            LockSupport.parkNanos(POSE, TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
