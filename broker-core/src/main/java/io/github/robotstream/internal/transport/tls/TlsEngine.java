package io.github.robotstream.internal.transport.tls;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The JDK's TLS of one connection. Knows when the handshake is over, after which no other is allowed: a client of TLS 1.2 could begin one
 * again and again (CVE-2011-1473). One thread at a time may wrap, another unwrap.
 */
final class TlsEngine {
    private final SSLEngine engine;
    private volatile boolean established;

    TlsEngine(SSLEngine engine) {
        this.engine = engine;
    }

    /** {@return whether the handshake is over, and data may be sent} */
    boolean isEstablished() {
        return established;
    }

    HandshakeStatus status() {
        return engine.getHandshakeStatus();
    }

    /** Whether something of TLS itself is to be written: part of a handshake, an alert, the end. */
    boolean hasToWrap() {
        return status() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone();
    }

    /** Does the long work of a handshake; on any thread. */
    void runTask() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    SSLEngineResult unwrap(ByteBuffer record, ByteBuffer plain) throws SSLException {
        return noted(engine.unwrap(record, plain));
    }

    SSLEngineResult wrap(ByteBuffer plain, ByteBuffer cipher) throws SSLException {
        return noted(engine.wrap(plain, cipher));
    }

    /** From now on the only thing to wrap is the close_notify. */
    void closeOutbound() {
        engine.closeOutbound();
    }

    /** {@return the certificate that the client has shown, with its chain; empty if it has shown none} */
    List<X509Certificate> peerCertificates() {
        try {
            return Arrays.stream(engine.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    /** Lets the JDK forget the session, but for a ticket that the client has. */
    void end() {
        engine.getSession().invalidate();
    }

    private SSLEngineResult noted(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            established = true;
        }
        return result;
    }
}
