package io.github.robotstream.internal.routing;

/**
 * Bounds what one step does for a session beside handing over messages, in looks at a topic of half a microsecond each; what was
 * done is charged to the session's rate. Broker thread.
 */
public final class Work {
    /** So many looks a step: less than 100 microseconds with 10,000 topics of the longest names. */
    static final int LOOKS_A_STEP = 64;
    /** A filter is compared with one topic's name so often in the time of a look. */
    private static final int COMPARISONS_A_LOOK = 8;

    private int left = LOOKS_A_STEP;
    private int comparisons;
    private int done;

    public void renew() {
        left = LOOKS_A_STEP;
    }

    /** Counts looks at topics, or what costs as much; false, and none, if the step has done enough. */
    public boolean take(int looks) {
        if (left <= 0) {
            return false;
        }
        left -= looks;
        done += looks;
        return true;
    }

    /** Counts a comparison of a filter with a name; false, and none, if the step has done enough. */
    boolean takeComparison() {
        if (comparisons == 0 && !take(1)) {
            return false;
        }
        comparisons = (comparisons + 1) % COMPARISONS_A_LOOK;
        return true;
    }

    /** How many full steps of work were done since this was asked last; less than a step is what any request may cost. */
    public int takeSteps() {
        int steps = done / LOOKS_A_STEP;
        done = 0;
        return steps;
    }
}
