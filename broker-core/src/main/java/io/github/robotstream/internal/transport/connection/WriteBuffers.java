package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.worker.Spares;

/**
 * What all lanes of a transport write from.
 *
 * @param small where small frames are put together for one write
 * @param large where messages are that are too large for that
 */
public record WriteBuffers(Spares<Staging> small, SharedFrames large) {

    public WriteBuffers() {
        this(new Spares<>(Staging::new), new SharedFrames());
    }
}
