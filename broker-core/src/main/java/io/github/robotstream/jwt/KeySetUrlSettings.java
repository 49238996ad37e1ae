package io.github.robotstream.jwt;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** How a key set is fetched from an identity provider. For one thread. */
public final class KeySetUrlSettings {
    static final Duration OUTAGE_TOLERANCE = Duration.ofHours(4);

    private static final Duration MIN_INTERVAL = Duration.ofSeconds(10);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI address;
    private boolean plainHttp;
    private Duration refreshInterval = Duration.ofMinutes(5);
    private Duration outageTolerance = OUTAGE_TOLERANCE;
    private Duration minInterval = MIN_INTERVAL;

    KeySetUrlSettings(URI address) {
        this.address = address;
    }

    /**
     * How old keys may get while the provider can be reached; a key that is taken back there lives so long here. 5 minutes
     * unless set.
     *
     * @param value 1 minute to 24 hours
     * @return this
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public KeySetUrlSettings refreshInterval(Duration value) {
        refreshInterval = within("refreshInterval", value, Duration.ofMinutes(1), Duration.ofHours(24));
        return this;
    }

    /**
     * How long the keys of the last fetch are used while the provider cannot be reached; 4 hours unless set. Whoever can
     * cut the robot off from its provider keeps a key alive so long that was taken back there.
     *
     * @param value 1 minute to 30 days
     * @return this
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public KeySetUrlSettings outageTolerance(Duration value) {
        outageTolerance = within("outageTolerance", value, Duration.ofMinutes(1), Duration.ofDays(30));
        return this;
    }

    /**
     * Allows an address of {@code http}: whoever is on the way to it can then hand the robot keys of his own, and drive
     * it. Not needed for the robot's own loopback address.
     *
     * @return this
     */
    public KeySetUrlSettings allowPlainHttp() {
        plainHttp = true;
        return this;
    }

    KeySetUrlSettings minInterval(Duration value) {
        minInterval = value;
        return this;
    }

    KeySetUrlSettings uncheckedIntervals(Duration refresh, Duration outage) {
        refreshInterval = refresh;
        outageTolerance = outage;
        return this;
    }

    private static Duration within(String setting, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(setting + " is " + value + ": take " + least + " to " + most);
        }
        return value;
    }

    /** Throws unless keys may come from there. */
    void check() {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("key set address has the scheme " + scheme + ": it has to be https");
        }
        if (address.getHost() == null) {
            throw new IllegalArgumentException("key set address has no host: write https://host/path");
        }
        if (address.getRawUserInfo() != null) {
            throw new IllegalArgumentException("key set address has a user or password, which would get into logs");
        }
        if (scheme.equals("http") && !plainHttp && !LOOPBACK.contains(address.getHost())) {
            throw new IllegalArgumentException("key set address " + name()
                    + " is not https: whoever is on the way could hand the robot keys of his own. Use https, or deliberately"
                    + " allowPlainHttp()");
        }
    }

    /** The address without its query, which may hold a secret. */
    String name() {
        return "key set " + address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
    }

    URI address() {
        return address;
    }

    Duration refreshInterval() {
        return refreshInterval;
    }

    Duration outageTolerance() {
        return outageTolerance;
    }

    Duration minInterval() {
        return minInterval;
    }
}
