package io.github.robotstream.internal.session;

/**
 * What a session is doing. The only way from one state to another is {@link #next}, so no other can be taken; the broker thread
 * takes it.
 *
 * <pre>
 * NEW ── first turn ──> OPEN ── ended by the broker ──> CLOSING ── the connection is closed, or the time is over ────────┐
 *                         │                                                                                             v
 *                         └── the connection is closed ──> LEFT ── requests done, ended by the broker, time is over ──> ENDED
 * </pre>
 */
enum SessionState {
    /** Nothing is done for it yet. */
    NEW,
    /** Requests are done, and it is sent what it has subscribed to. */
    OPEN,
    /** The broker ends it: no request is done any more, and the close handshake is under way. */
    CLOSING,
    /** The client is gone: what it published before is done, and nothing is sent. */
    LEFT,
    /** Its place is free. */
    ENDED;

    /**
     * Where to go from here; where it is already, if there is no reason to go on.
     *
     * @param endedByBroker whether the token's end, robot code or a limit has ended it
     * @param disconnected whether the connection is closed
     * @param requestsDone whether no request waits or is being judged
     * @param timeOver whether it has been here for as long as it may
     */
    SessionState next(boolean endedByBroker, boolean disconnected, boolean requestsDone, boolean timeOver) {
        return switch (this) {
            case NEW -> OPEN;
            case OPEN -> endedByBroker ? CLOSING : disconnected ? LEFT : OPEN;
            case CLOSING -> disconnected || timeOver ? ENDED : CLOSING;
            case LEFT -> endedByBroker || requestsDone || timeOver ? ENDED : LEFT;
            case ENDED -> ENDED;
        };
    }

    /** Whether it waits for something that others do, and may not wait for ever. */
    boolean isOnItsWayOut() {
        return this == CLOSING || this == LEFT;
    }
}
