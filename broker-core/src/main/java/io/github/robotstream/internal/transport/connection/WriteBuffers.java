package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.worker.Pool;

/**
 * The buffers that all lanes of a transport write from.
 *
 * @param small for messages of less than {@link SharedFrames#LEAST_BYTES}
 */
record WriteBuffers(Pool<Staging> small, SharedFrames large) {

    WriteBuffers() {
        this(new Pool<>(Staging::new), new SharedFrames());
    }
}
