package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.worker.Pool;

/**
 * What all lanes of a transport write from.
 *
 * @param small where small frames are put together for one write
 * @param large where messages are that are too large for that
 */
public record WriteBuffers(Pool<Staging> small, SharedFrames large) {

    public WriteBuffers() {
        this(new Pool<>(Staging::new), new SharedFrames());
    }
}
