package io.github.robotstream.internal.session;

import io.github.robotstream.internal.time.BrokerClock;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * How often tokens from an address did not verify, at the door and in sessions. Of IPv6 addresses the first 64 bits count, as one machine has all the rest. Of at most
 * {@value #MOST} addresses something is known; beyond it, that whose last failure is longest ago is forgotten. Thread-safe.
 */
public final class FailedAttempts {
    static final int MOST = 4096;

    /** What is said to who fails too often, at the door and in a session. */
    static final String TOO_MANY = "too many failed attempts from this address";

    private final BrokerClock clock;
    private final int perSecond;
    private final Predicate<InetAddress> exempt;
    private final Map<Long, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * A count.
     *
     * @param perSecond how many an address may have in a second
     * @param exempt from whom nothing is counted, beside this computer itself
     */
    public FailedAttempts(BrokerClock clock, int perSecond, Predicate<InetAddress> exempt) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.exempt = exempt;
    }

    /**
     * Counts one.
     *
     * @return 0, or if it is one too many, in how many milliseconds it would not be
     */
    synchronized int oneMore(InetAddress address) {
        if (address.isLoopbackAddress() || exempt.test(address)) {
            return 0;
        }
        long now = clock.nanoTime();
        TokenBucket bucket =
                buckets.computeIfAbsent(network(address), unknown -> new TokenBucket(perSecond, perSecond, now));
        if (buckets.size() > MOST) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        long wait = bucket.tryTake(now);
        return wait == 0 ? 0 : (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait));
    }

    synchronized int known() {
        return buckets.size();
    }

    private static long network(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        // No IPv6 network begins like the marked IPv4 addresses: 0000::/8 is not given out (RFC 4291 section 2.4).
        return bytes.remaining() == 4 ? 0xffff_0000_0000L | Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
    }
}
