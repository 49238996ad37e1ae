package io.github.robotstream.internal.session;

import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.Progress;

/** What is left of a request; it is done in bounded pieces, and the session's next requests wait meanwhile. Broker thread. */
interface UnfinishedRequest {
    /** Does a piece of it. Throws what the client is told if it cannot be done. */
    Progress goOn() throws RequestRejectedException;
}
