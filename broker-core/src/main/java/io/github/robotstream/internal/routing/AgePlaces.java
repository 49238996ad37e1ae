package io.github.robotstream.internal.routing;

/** Bounds of how many topics ages are known at a time: half a kilobyte each. Broker thread. */
final class AgePlaces {
    static final int MOST = 2_048;

    private int taken;

    boolean take() {
        boolean isFree = taken < MOST;
        taken += isFree ? 1 : 0;
        return isFree;
    }

    void give() {
        taken--;
    }
}
