package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.ConnectionListener;

/** How a connection ends, as {@link ConnectionListener#onClosed} tells it. */
record CloseCause(int code, String reason, boolean byPeer) {
    /** The socket ended, and no close frame was seen. */
    static final CloseCause WITHOUT_A_WORD = new CloseCause(CloseCode.ABNORMAL, "", true);
}
