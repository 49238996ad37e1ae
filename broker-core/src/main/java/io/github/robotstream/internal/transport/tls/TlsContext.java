package io.github.robotstream.internal.transport.tls;

import java.io.IOException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The key and certificate that are in force, and how TLS is spoken with them. Any thread. */
public final class TlsContext implements Supplier<SSLEngine> {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final boolean asksClients;
    private volatile SSLContext context;

    /**
     * Reads key and certificate; blocks.
     *
     * @throws IOException that names the file and says what to do
     */
    public TlsContext(TlsSource source) throws IOException {
        this.asksClients = source.asksClients();
        this.context = source.load();
    }

    /** Takes another, checked, for all connections that come from now on. */
    public void replace(SSLContext next) {
        context = checked(next);
    }

    @Override
    public SSLEngine get() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setWantClientAuth(asksClients); // wanted, not needed: who has none may bring a token
        return engine;
    }

    /**
     * The same context, if it can be used.
     *
     * @throws IllegalArgumentException if it was not initialised
     */
    public static SSLContext checked(SSLContext context) {
        try {
            context.createSSLEngine();
            return context;
        } catch (IllegalStateException notReady) {
            throw new IllegalArgumentException("the SSLContext is not ready: call its init(...) first", notReady);
        }
    }
}
