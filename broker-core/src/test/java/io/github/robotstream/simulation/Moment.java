package io.github.robotstream.simulation;

/**
 * A moment of a simulation.
 *
 * <p>Of two things at different rests, all that the earlier one led to in the broker was done before the later one began.
 */
final class Moment {
    long nanos;
    int rests;

    Moment copy() {
        Moment copy = new Moment();
        copy.nanos = nanos;
        copy.rests = rests;
        return copy;
    }

    @Override
    public String toString() {
        return nanos / 1_000_000 + " ms, rest " + rests;
    }
}
