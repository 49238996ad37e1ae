package io.github.robotstream;

import java.time.Duration;

/**
 * How long a client may give no sign of life before its session is closed with 4408. Whatever comes from it is one, and so is
 * that its socket takes more after it was full. What is over is noticed within a second, or a quarter of the shortest of the
 * three. Not safe for use by several threads.
 */
public final class SilenceLimits {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofDays(1);

    private Duration pingAfter = Duration.ofSeconds(15);
    private Duration answerWithin = Duration.ofSeconds(10);
    private Duration writeWithin = Duration.ofSeconds(30);

    SilenceLimits() {}

    SilenceLimits copy() {
        return new SilenceLimits()
                .pingAfter(pingAfter)
                .answerWithin(answerWithin)
                .writeWithin(writeWithin);
    }

    /**
     * A client from which nothing came for so long is sent a ping, which every WebSocket client answers by itself. 15 seconds
     * unless set.
     *
     * @param value 100 ms to a day
     * @return this
     * @throws IllegalArgumentException if the value is out of range
     */
    public SilenceLimits pingAfter(Duration value) {
        pingAfter = Range.check("pingAfter", value, LEAST, MOST);
        return this;
    }

    /** {@return after how much silence a client is sent a ping} */
    public Duration pingAfter() {
        return pingAfter;
    }

    /**
     * How long after the ping has left something has to come. 10 seconds unless set.
     *
     * @param value 100 ms to a day
     * @return this
     * @throws IllegalArgumentException if the value is out of range
     */
    public SilenceLimits answerWithin(Duration value) {
        answerWithin = Range.check("answerWithin", value, LEAST, MOST);
        return this;
    }

    /** {@return how long after a ping something has to come} */
    public Duration answerWithin() {
        return answerWithin;
    }

    /**
     * How long a client may read nothing while its socket is full and more waits for it. 30 seconds unless set.
     *
     * @param value 100 ms to a day
     * @return this
     * @throws IllegalArgumentException if the value is out of range
     */
    public SilenceLimits writeWithin(Duration value) {
        writeWithin = Range.check("writeWithin", value, LEAST, MOST);
        return this;
    }

    /** {@return how long a client may read nothing of what waits for it} */
    public Duration writeWithin() {
        return writeWithin;
    }
}
