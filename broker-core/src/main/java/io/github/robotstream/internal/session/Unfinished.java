package io.github.robotstream.internal.session;

/** What is left of a request that the broker thread does in bounded steps; the session's next requests wait for its end. */
interface Unfinished {
    /**
     * Does a piece of it.
     *
     * @return whether it is done
     */
    boolean goOn();
}
