package io.github.robotstream.internal.transport;

import org.jspecify.annotations.Nullable;

/** A message that waits alone. */
public final class OneMessage implements Outgoing {
    private byte @Nullable [] text;

    public OneMessage(byte[] text) {
        this.text = text;
    }

    @Override
    public byte @Nullable [] peek() {
        return text;
    }

    @Override
    public void taken() {
        text = null;
    }
}
