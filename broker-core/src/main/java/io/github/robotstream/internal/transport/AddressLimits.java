package io.github.robotstream.internal.transport;

/**
 * What one network address may have, see {@link AddressNetwork}; loopback and trusted proxies are exempt.
 *
 * @param connections at a time
 * @param newPerSecond new connections a second
 */
public record AddressLimits(int connections, int newPerSecond) {
    /** New connections at once after a pause: as many as may be open come back at once after the robot was away. */
    public int newAtOnce() {
        return Math.max(connections, 2 * newPerSecond);
    }
}
