package io.github.robotstream;

import java.time.Duration;

/** How messages get to clients: a trade of latency against work. Not safe for use by several threads; the broker takes a copy when it starts. */
public final class DeliverySettings {
    private Duration flushInterval = Duration.ZERO;
    private int socketBufferBytes = 128 << 10;

    DeliverySettings() {}

    /**
     * How long the broker waits after it wrote to clients until it writes again, so that more goes into one write. None unless set: what is
     * published leaves at once. A millisecond or two makes a robot that publishes often much cheaper, and its calls of {@code publish}
     * too, as they have nobody to wake; messages of robot code, also those to its own listeners, arrive so much later at the most. What
     * clients ask for is done at once, and only what they are sent waits. A queue that fills up does not wait.
     *
     * @param value 0 to 100 milliseconds
     * @return this
     */
    public DeliverySettings flushInterval(Duration value) {
        flushInterval = Range.check("flushInterval", value, Duration.ZERO, Duration.ofMillis(100));
        return this;
    }

    /**
     * The least size of the kernel's buffer for what a client is sent (SO_SNDBUF). 128 KiB unless set; a client has up to sixteen times as
     * much while it takes that within a tenth of a second. A large one carries more over a network with long ways; a small one holds less
     * old data for a client that has stalled, since what is in it can not be dropped any more.
     *
     * @param value 8 KiB to 16 MiB; Linux takes twice as much for its own needs, and no more than its {@code net.core.wmem_max} allows
     * @return this
     */
    public DeliverySettings socketBufferBytes(int value) {
        socketBufferBytes = (int) Range.check("socketBufferBytes", value, 8 << 10, 16 << 20);
        return this;
    }

    DeliverySettings copy() {
        return new DeliverySettings().flushInterval(flushInterval).socketBufferBytes(socketBufferBytes);
    }

    /**
     * See {@link #flushInterval(Duration)}.
     *
     * @return 0 to 100 milliseconds
     */
    public Duration flushInterval() {
        return flushInterval;
    }

    /**
     * See {@link #socketBufferBytes(int)}.
     *
     * @return bytes
     */
    public int socketBufferBytes() {
        return socketBufferBytes;
    }
}
