package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.worker.Pool;

/**
 * The buffers that all lanes of a transport write from.
 *
 * @param small for messages of less than {@link SharedFrames#LEAST_BYTES}
 * @param copied for larger ones
 * @param encoded for those of them that are encoded as they are copied
 */
record WriteBuffers(Pool<Staging> small, SharedFrames copied, SharedFrames encoded) {

    WriteBuffers() {
        this(new Pool<>(Staging::new), SharedFrames.copied(), SharedFrames.encoded());
    }

    SharedFrames forLarge(OutboundMessage message) {
        return message.isEncodedWhenCopied() ? encoded : copied;
    }
}
