package io.github.robotstream.internal.access;

import io.github.robotstream.internal.protocol.Dialect;
import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.settings.Subprotocol;
import java.util.Optional;

/** What clients that want to get in are spoken to in. Any thread. */
public interface ClientDialects {
    /**
     * {@return the dialect of one client}
     *
     * @param answered the subprotocol that was chosen of those it offered; empty if there was none
     * @param style the style of frames that it asked for, where its dialect has styles
     */
    Dialect of(Optional<Subprotocol> answered, Optional<FrameStyle> style);
}
