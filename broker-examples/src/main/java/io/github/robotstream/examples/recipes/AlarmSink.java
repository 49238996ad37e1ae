package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.LogSink;
import java.io.IOException;
import java.util.function.Consumer;

/** A log sink of one's own: it writes as another one does, and rings a bell for errors. */
public final class AlarmSink implements LogSink {
    private final LogSink log;
    private final Consumer<LogEntry> bell;

    /** A sink before another; the bell may block, as the sink has a thread of its own. */
    public AlarmSink(LogSink log, Consumer<LogEntry> bell) {
        this.log = log;
        this.bell = bell;
    }

    @Override
    public void write(LogEntry entry) throws IOException {
        if (entry.level() == Level.ERROR) {
            bell.accept(entry);
        }
        log.write(entry);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(Integer.getInteger("port", 8765))
                .anonymousAccess(Permissions.all())
                .logSink(new AlarmSink(LogSink.slf4j(), entry -> System.out.println("alarm: " + entry.event())))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        broker.log(LogEntry.of(Level.ERROR, "motor_hot", "the left motor is at 90 degrees"));
        broker.awaitClose();
    }
}
