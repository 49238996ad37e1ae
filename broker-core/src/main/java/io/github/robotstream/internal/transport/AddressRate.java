package io.github.robotstream.internal.transport;

import io.github.robotstream.internal.time.TokenBucket;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * How often something may happen from one network address, see {@link AddressNetwork}. At most {@value #MOST} networks are kept; one more
 * replaces the one that was counted longest ago. Loopback is never counted. Thread-safe.
 */
public final class AddressRate {
    static final int MOST = 4096;

    private final int perSecond;
    private final int burst;
    private final Predicate<InetAddress> exempt;
    private final LongSupplier nanoTime;
    private final Map<AddressNetwork, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param burst how many at once after a pause
     * @param exempt addresses that are not counted, beside loopback
     * @param nanoTime a monotonic clock
     */
    public AddressRate(int perSecond, int burst, Predicate<InetAddress> exempt, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.exempt = exempt;
        this.nanoTime = nanoTime;
    }

    /**
     * Counts one.
     *
     * @return 0, or if it is one too many, in how many milliseconds it would not be
     */
    public synchronized int oneMore(InetAddress address) {
        if (address.isLoopbackAddress() || exempt.test(address)) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        TokenBucket bucket =
                buckets.computeIfAbsent(AddressNetwork.of(address), unknown -> new TokenBucket(perSecond, burst, now));
        if (buckets.size() > MOST) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        long wait = bucket.tryTake(now);
        return wait == 0 ? 0 : (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait));
    }

    synchronized int known() {
        return buckets.size();
    }
}
