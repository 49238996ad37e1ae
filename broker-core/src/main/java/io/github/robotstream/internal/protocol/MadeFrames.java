package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.transport.OutboundMessage;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of a form in which messages are not kept, when they are sent, and keeps the last, since a message goes to its subscribers
 * one after the other. What waits or is a last value has no second copy of its value, and one size whatever form it is sent in.
 * Broker thread.
 */
final class MadeFrames {
    /** Four flushes of a session. */
    private static final int MAX_BYTES = 256 * 1024;
    /** What a frame costs beside its bytes, so that tiny ones are bounded as well. */
    private static final int BYTES_EACH = 64;

    private final Form form;
    private final ArrayDeque<Envelope> kept = new ArrayDeque<>();
    private int bytes;

    /** What is made of a message. */
    enum Form {
        /** The documented text of a binary message. */
        TEXT,
        FLAT
    }

    MadeFrames(Form form) {
        this.form = form;
    }

    /** The frame of a message; the same object for a while. */
    OutboundMessage of(Envelope envelope) {
        OutboundMessage known = form == Form.TEXT ? envelope.keptText : envelope.keptFlat;
        if (known != null) {
            return known;
        }
        OutboundMessage made = form == Form.TEXT ? envelope.text() : envelope.flat();
        keep(envelope, made);
        kept.add(envelope);
        bytes += BYTES_EACH + made.length();
        while (bytes > MAX_BYTES && kept.size() > 1) {
            forget(kept.remove());
        }
        return made;
    }

    private void keep(Envelope envelope, @Nullable OutboundMessage made) {
        if (form == Form.TEXT) {
            envelope.keptText = made;
        } else {
            envelope.keptFlat = made;
        }
    }

    private void forget(Envelope oldest) {
        OutboundMessage made = form == Form.TEXT ? oldest.keptText : oldest.keptFlat;
        if (made != null) {
            keep(oldest, null);
            bytes -= BYTES_EACH + made.length();
        }
    }
}
