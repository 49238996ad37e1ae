package io.github.robotstream.internal.protocol;

import java.util.Optional;

/** What a client asks for, read and checked. Immutable. */
public sealed interface Request permits TopicRequest, Auth, Hello {
    /** What it asks for. */
    Action action();

    /** How the client wants the reply marked; without it there is no reply to a success. */
    Optional<RequestId> id();
}
