package io.github.robotstream.internal.transport;

/**
 * What happens on a connection. The callbacks come on transport threads and must not block: the threads are few and shared.
 * {@link #onText}, {@link #onBinary} and {@link #onClosed} come one after the other, never at the same time; {@link #onWritable} may come beside them. What a
 * callback throws closes that connection with {@link CloseCode#INTERNAL_ERROR} and harms no other.
 */
public interface ConnectionListener {

    /**
     * A whole text message, at most {@code Settings.messageBytes}, in the order sent.
     *
     * @param utf8 valid UTF-8 (RFC 3629); the array is the listener's to keep
     * @param heldNanos how long its last bytes were held since they were read from the socket: 0 unless reading was paused. The time that
     *     they lay in the kernel before is not known
     */
    void onText(byte[] utf8, long heldNanos);

    /** A whole binary message, else as {@link #onText}. */
    void onBinary(byte[] bytes, long heldNanos);

    /**
     * A ping, which is answered already, a pong that answers no mark of how far the client has read, or TLS records without data (a KeyUpdate, an empty one). As {@link #onText} in its turn;
     * the listener may {@link Connection#pauseReading}.
     *
     * @param payloadBytes how long it was; or what the records count as, of which each counts 1,024
     */
    void onControl(int payloadBytes);

    /**
     * The client has read all that was sent up to one call of {@link Connection#send}, by its answer to a ping: a few times a second while
     * messages are sent. In turn with {@link #onText}.
     *
     * @param stamp what {@link Outgoing#stamp} gave in that call
     */
    default void onRead(long stamp) {}

    /** There is room again: exactly once after a refused {@link Connection#send}. */
    void onWritable();

    /**
     * The socket is closed. Exactly once, whatever the order of events, and the last call of all but for an {@link #onWritable} that is
     * on its way. Only if it throws an {@link OutOfMemoryError} is it called again, within a second, up to a hundred times.
     *
     * @param code the code of the close frame that decided: the client's, or ours. {@link CloseCode#NO_STATUS} if the client gave none,
     *     {@link CloseCode#ABNORMAL} if the socket ended without a close frame
     * @param reason the reason that came or was given with it; foreign text if {@code byPeer}
     * @param byPeer true if the client closed, or left
     */
    void onClosed(int code, String reason, boolean byPeer);
}
