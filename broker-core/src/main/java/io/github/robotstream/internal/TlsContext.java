package io.github.robotstream.internal;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The key and certificate that are in force, and how TLS is spoken with them. Any thread. */
public final class TlsContext implements Supplier<SSLEngine> {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private volatile SSLContext context;

    /**
     * Checks that it can be used.
     *
     * @throws IllegalArgumentException if it was not initialised
     */
    public TlsContext(SSLContext context) {
        this.context = checked(context);
    }

    /** For all connections that come from now on. */
    void replace(SSLContext next) {
        context = checked(next);
    }

    @Override
    public SSLEngine get() {
        return engine(context);
    }

    private static SSLContext checked(SSLContext context) {
        try {
            engine(context);
            return context;
        } catch (IllegalStateException notReady) {
            throw new IllegalArgumentException("the SSLContext is not ready: call its init(...) first", notReady);
        }
    }

    private static SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }
}
