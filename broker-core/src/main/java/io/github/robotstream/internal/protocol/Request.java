package io.github.robotstream.internal.protocol;

import java.util.Optional;

/** What a client asks for, read and checked. Immutable. */
public sealed interface Request permits TopicRequest, Auth, Hello {
    /** What it asks for. */
    Action action();

    /**
     * Has it carried out by the handler's method for its action.
     *
     * @param arrivedNanos when its frame was complete on this side of the socket, by the monotonic clock
     */
    void carryOut(Action.Handler by, long arrivedNanos);

    /** How the client wants the reply marked; without it there is no reply to a success. */
    Optional<RequestId> id();
}
