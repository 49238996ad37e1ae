package io.github.robotstream.bench;

import java.io.IOException;

/** A server under test: clients subscribe to topics as the protocol says, and get what this process publishes. */
interface Peer {
    /** Listens on a free port of the loopback address, and says on which. */
    int start() throws IOException;

    /** Publishes a value of JSON text. Called by one thread. */
    void publish(String topic, String value);

    /** Publishes bytes on {@link Frames#CAMERA}, and may keep the array. Called by one thread. */
    default void publishImage(byte[] image) {
        throw new UnsupportedOperationException("this peer has no binary messages");
    }

    /** Of a peer that has topics with a watchdog: how late safe values came since it was asked before. */
    default String lateness() {
        return "-";
    }

    static Peer named(String name) {
        return switch (name) {
            case "robotstream" -> new BrokerPeer();
            case "robotstream-tls" -> new BrokerTlsPeer();
            case "robotstream-watched" -> new WatchedPeer();
            case "jws-send" -> new JavaWebSocketPeer(false);
            case "jws-broadcast" -> new JavaWebSocketPeer(true);
            case "bare-loop" -> new BareLoopPeer();
            default ->
                throw new IllegalArgumentException(
                        "no peer is called \"" + name
                                + "\": take robotstream, robotstream-tls, robotstream-watched, jws-send, jws-broadcast or bare-loop");
        };
    }
}
