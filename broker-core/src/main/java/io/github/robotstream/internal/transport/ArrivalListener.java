package io.github.robotstream.internal.transport;

/**
 * Who decides on those that knock.
 *
 * <p>Called on a transport thread, one arrival after the other or several at a time, and must not block: the verdict is given later, once,
 * from any thread. What it throws refuses the arrival with 500 or {@link CloseCode#INTERNAL_ERROR}.
 */
@FunctionalInterface
public interface ArrivalListener {

    /** A client asks to be let in. Its verdict is due within seconds: arrivals without one are bounded, see {@link Arrival}. */
    void onArrival(Arrival arrival);
}
