package io.github.robotstream.internal.routing;

/** How far a piece of work has come that is done in steps. */
public enum Progress {
    DONE,
    /** There is more to do in the next turn. */
    MORE,
    /** The topic store is asked; there is nothing to do until it answers. */
    WAITS
}
