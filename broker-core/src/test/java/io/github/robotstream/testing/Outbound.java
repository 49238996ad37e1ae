package io.github.robotstream.testing;

import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a client would be sent. */
public final class Outbound {
    private Outbound() {}

    public static OutboundMessage message(String text) {
        return OutboundMessage.text(text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] bytes(OutboundMessage message) {
        ByteBuffer bytes = ByteBuffer.allocate(message.length());
        message.copyTo(bytes, 0);
        return bytes.array();
    }

    public static String text(OutboundMessage message) {
        return new String(bytes(message), StandardCharsets.UTF_8);
    }
}
