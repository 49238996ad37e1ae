package io.github.robotstream.internal.transport;

import org.jspecify.annotations.Nullable;

/** A message that waits alone. */
public class OneMessage implements Outgoing {
    private @Nullable OutboundMessage message;

    public OneMessage(byte[] text) {
        this(OutboundMessage.text(text));
    }

    public OneMessage(OutboundMessage message) {
        this.message = message;
    }

    @Override
    public @Nullable OutboundMessage peek() {
        return message;
    }

    @Override
    public void taken() {
        message = null;
    }
}
