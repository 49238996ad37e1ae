package io.github.robotstream.internal.transport.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;

/** Where key and certificate come from. */
public interface TlsSource {

    /**
     * Reads them; blocks.
     *
     * @throws IOException that names the file and says what to do
     */
    SSLContext load() throws IOException;

    /** The files that {@link #load} reads. */
    List<Path> files();

    /** Whether clients are asked for a certificate. */
    boolean asksClients();

    /** A context that somebody else has made. */
    static TlsSource of(SSLContext context) {
        return new TlsSource() {
            @Override
            public SSLContext load() {
                return context;
            }

            @Override
            public List<Path> files() {
                return List.of();
            }

            @Override
            public boolean asksClients() {
                return false;
            }
        };
    }
}
