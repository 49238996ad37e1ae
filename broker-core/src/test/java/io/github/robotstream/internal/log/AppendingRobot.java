package io.github.robotstream.internal.log;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A robot whose appender hands each line that is logged to the broker, on the thread that logs or on one of its own. Prints the lines that
 * were logged between two entries of the robot's, the later of which comes when the first has been told on {@code server_logs} twice:
 * as it is, and as a line.
 */
final class AppendingRobot {
    private AppendingRobot() {}

    /** Takes {@code inline} or {@code queued}. */
    public static void main(String[] args) throws Exception {
        ExecutorService queue = Executors.newSingleThreadExecutor();
        Executor appender = args[0].equals("inline") ? Runnable::run : queue;
        CountDownLatch cameBack = new CountDownLatch(2);
        CountDownLatch ended = new CountDownLatch(1);
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .withoutNetwork()
                .subscribe(TopicFilter.of("server_logs"), message -> {
                    if (message.payload().json().contains("battery")) {
                        cameBack.countDown();
                    }
                })
                .start();
        AppenderProvider.appender = line -> {
            System.out.println(line);
            if (line.contains("the_end")) {
                ended.countDown();
            } else {
                appender.execute(() -> broker.log(LogEntry.of(Level.INFO, "logged", "12:00:00 " + line)));
            }
        };
        broker.log(LogEntry.of(Level.WARN, "battery", "low"));
        cameBack.await();
        broker.log(LogEntry.of(Level.INFO, "the_end", "of the robot's log"));
        ended.await();
        broker.close();
        queue.shutdownNow();
    }
}
