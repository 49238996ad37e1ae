package io.github.robotstream.internal.transport;

/**
 * Decides who gets in.
 *
 * <p>Called on a transport thread, one handshake after the other or several at a time, and must not block: the verdict is given later, once,
 * from any thread. What it throws refuses the handshake with 500 or {@link CloseCode#INTERNAL_ERROR}.
 */
@FunctionalInterface
public interface HandshakeListener {

    /** A client asks to be let in. Its verdict is due within seconds: handshakes without one are bounded, see {@link Handshake}. */
    void onHandshake(Handshake handshake);

    /**
     * Hands on what was read of an open connection, on the thread that selects, as nothing else goes on. Whatever that brings to its {@link
     * ConnectionListener} may be done here too, as long as it takes no longer than waking another thread would.
     *
     * @param read to be run once, before this returns
     */
    default void readInline(Runnable read) {
        read.run();
    }

    /**
     * Something went wrong that no connection is told of. Any thread of the transport, and seldom: faults that come fast are counted.
     *
     * @param what a constant text, without anything that a client has sent
     * @param number how many there were since the start
     */
    default void onFault(String what, Throwable fault, long number) {}
}
