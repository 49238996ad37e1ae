package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.transport.OutboundMessage;
import java.util.ArrayDeque;

/**
 * Makes FLAT frames when they are sent, and keeps the last, since a message goes to its subscribers one after the other. What
 * waits or is a last value has no second copy of its text, and one size whatever style it is sent in. Broker thread.
 */
public final class FlatFrames {
    /** Four flushes of a session. */
    private static final int MAX_BYTES = 256 * 1024;
    /** What a frame costs beside its bytes, so that tiny ones are bounded as well. */
    private static final int BYTES_EACH = 64;

    private final ArrayDeque<Envelope> kept = new ArrayDeque<>();
    private int bytes;

    /** The FLAT frame of a message; the same array for a while. */
    public OutboundMessage of(Envelope envelope) {
        OutboundMessage known = envelope.keptFlat;
        if (known != null) {
            return known;
        }
        OutboundMessage made = envelope.flat();
        envelope.keptFlat = made;
        kept.add(envelope);
        bytes += BYTES_EACH + made.length();
        while (bytes > MAX_BYTES && kept.size() > 1) {
            forget(kept.remove());
        }
        return made;
    }

    private void forget(Envelope oldest) {
        OutboundMessage flat = oldest.keptFlat;
        if (flat != null) {
            oldest.keptFlat = null;
            bytes -= BYTES_EACH + flat.length();
        }
    }
}
