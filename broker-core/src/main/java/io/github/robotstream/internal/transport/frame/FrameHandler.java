package io.github.robotstream.internal.transport.frame;

import io.github.robotstream.internal.transport.CloseCode;

/** Gets what a {@link FrameDecoder} finds, in the order it was sent. Arrays are the handler's to keep. */
public interface FrameHandler {

    /** A whole text message, valid UTF-8. */
    void onText(byte[] utf8);

    /** A whole binary message. */
    void onBinary(byte[] bytes);

    /** A ping, perhaps between the fragments of a message; the answer carries the same payload (RFC 6455 section 5.5.3). */
    void onPing(byte[] payload);

    /** A pong, which answers a ping or comes unasked for (RFC 6455 section 5.5.3). */
    void onPong(byte[] payload);

    /**
     * A close frame; nothing follows.
     *
     * @param code {@link CloseCode#NO_STATUS} if the frame had none
     */
    void onClose(int code, String reason);

    /** The client broke a rule; nothing follows. */
    void onViolation(int closeCode, String reason);
}
