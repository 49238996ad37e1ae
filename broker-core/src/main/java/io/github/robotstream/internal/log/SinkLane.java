package io.github.robotstream.internal.log;

import io.github.robotstream.spi.LogEntry;
import java.time.Duration;

/** The way to the sink, as the broker's log sees it. */
interface SinkLane {
    /** Starts the thread behind it. */
    void start();

    /** Hands an entry over and never waits; false if it is lost to the sink. */
    boolean offer(LogEntry entry);

    /** Whether the caller is the sink itself, in one of its calls. */
    boolean isInsideSink();

    /** How many entries were lost to the sink. */
    long lost();

    /** Lets the sink work off what waits and closes it; false if that took longer than the limit. */
    boolean close(Duration limit);
}
