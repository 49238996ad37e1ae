package io.github.robotstream.internal.transport;

import io.github.robotstream.internal.worker.Spares;

/**
 * What all lanes of a transport write from.
 *
 * @param small where small frames are put together for one write
 * @param large where messages are that are too large for that
 */
record WriteBuffers(Spares<Staging> small, SharedFrames large) {

    WriteBuffers() {
        this(new Spares<>(Staging::new), new SharedFrames());
    }
}
