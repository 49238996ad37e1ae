package io.github.robotstream.internal.jfr;

import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/** An event with a duration. */
@StackTrace(false)
abstract class TimedEvent extends Event implements Span {
    @Label("Outcome")
    String outcome = "";

    Span started() {
        begin();
        return this;
    }

    @Override
    public final void end(String how) {
        try {
            outcome = how;
            complete();
            commit();
        } catch (Throwable outOfMemoryPerhaps) {
            // it is missing in the recording
        }
    }

    /** Sets what is known at its end only. */
    void complete() {}
}
