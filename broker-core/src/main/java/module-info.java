/**
 * An in-process WebSocket broker for robots: robot code publishes and listens by direct calls, remote clients by a small
 * JSON protocol.
 */
module io.github.robotstream {
    requires transitive org.jspecify;
    requires org.slf4j;
    requires com.google.gson;
    requires com.nimbusds.jose.jwt;
    requires org.java_websocket;
    requires static jdk.jfr; // see internal.jfr

    exports io.github.robotstream;
    exports io.github.robotstream.spi;
    exports io.github.robotstream.jwt;
    exports io.github.robotstream.file;
}
