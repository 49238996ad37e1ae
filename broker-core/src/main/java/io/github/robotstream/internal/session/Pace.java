package io.github.robotstream.internal.session;

import io.github.robotstream.RequestRate;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.time.TokenBucket;
import org.jspecify.annotations.Nullable;

/** How fast a session's client may ask: requests and tokens beyond the rate are refused, bytes beyond it are waited for. */
final class Pace {
    /** How many tokens a client may send at once, and then one a second. */
    static final int TOKENS_AT_ONCE = 5;
    /** How many stops a second are done for a client whose other requests have to wait. */
    private static final int STOPS_A_SECOND = 10;
    /** What a message costs beside its bytes, so that many small ones are bounded as well. */
    private static final int BYTES_EACH = 256;
    /** Else whoever sends much that is small is paused and resumed at each of them, which costs more than they do. */
    private static final long SHORTEST_REST_NANOS = 50_000_000;

    private final BrokerClock clock;
    // The broker thread's.
    private final TokenBucket requests;
    private @Nullable TokenBucket tokens; // most clients have one token
    private @Nullable TokenBucket stops; // most clients never need it
    private final TokenBucket bytes; // of the thread that reads
    private volatile RequestRate rate;
    private RequestRate rateOfBytes; // of the thread that reads
    private volatile long slowedUntilNanos;

    Pace(RequestRate rate, BrokerClock clock) {
        this.rate = rate;
        this.rateOfBytes = rate;
        this.clock = clock;
        long now = clock.nanoTime();
        this.requests = new TokenBucket(rate.requestsPerSecond(), rate.burst(), now);
        this.bytes = new TokenBucket(rate.bytesPerSecond(), rate.bytesPerSecond(), now);
        this.slowedUntilNanos = now;
    }

    /** Another rate from now on; what was taken stays taken. Broker thread. */
    void change(RequestRate other) {
        requests.change(other.requestsPerSecond(), other.burst(), clock.nanoTime());
        rate = other;
    }

    /** A request is due: 0 if it may be done, or how long the client has to wait; broker thread. */
    long nanosToNextRequest() {
        return requests.tryTake(clock.nanoTime());
    }

    /** Whether a stop is done though other requests have to wait: so many a second are. Broker thread. */
    boolean admitsStop() {
        long now = clock.nanoTime();
        if (stops == null) {
            stops = new TokenBucket(STOPS_A_SECOND, STOPS_A_SECOND, now);
        }
        return stops.tryTake(now) == 0;
    }

    /** A token is to be judged: 0 if it may be, or how long the client has to wait; broker thread. */
    long nanosToNextToken() {
        long now = clock.nanoTime();
        if (tokens == null) {
            tokens = new TokenBucket(1, TOKENS_AT_ONCE, now);
        }
        return tokens.tryTake(now);
    }

    /** A request made as much work as so many usual ones: the next ones wait longer. Broker thread. */
    void charge(int moreRequests) {
        if (moreRequests > 0) {
            requests.take(moreRequests, clock.nanoTime());
        }
    }

    /** Counts a ping or pong; true if no more is to be read for {@link #nanosToReading}. The thread that reads. */
    boolean isTooFast(int payloadBytes) {
        return isTooFast(payloadBytes, clock.nanoTime());
    }

    /** The same for a message that was complete a moment ago: a look at the clock costs as much as all else here. */
    boolean isTooFast(int messageBytes, long now) {
        RequestRate present = rate;
        if (present != rateOfBytes) {
            rateOfBytes = present;
            bytes.change(present.bytesPerSecond(), present.bytesPerSecond(), now);
        }
        long wait = bytes.take(BYTES_EACH + messageBytes, now);
        if (wait > 0) {
            slowedUntilNanos = now + Math.max(wait, SHORTEST_REST_NANOS);
        }
        return wait > 0;
    }

    /** How long nothing is to be read, 0 or less if reading may go on; any thread. */
    long nanosToReading() {
        return slowedUntilNanos - clock.nanoTime();
    }

    RequestRate rate() {
        return rate;
    }
}
