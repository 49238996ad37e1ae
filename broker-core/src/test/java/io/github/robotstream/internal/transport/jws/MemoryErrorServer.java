package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.OneMessage;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.tls.TlsSource;
import io.github.robotstream.testing.Parent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A transport that echoes, in a program whose memory is used up again and again. Prints its port, waits for a line, fills the memory again and again, and
 * says so; waits for a line, waits for the end of all connections but one, and prints what is left; waits for a line and ends.
 */
final class MemoryErrorServer {
    private static final int ROUNDS = 25;
    private static final int LEAST_BYTES = 128;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger endedTwice = new AtomicInteger();
    private Object @Nullable [] hoard;

    /** Takes a certificate's file and its key's for TLS, or nothing. */
    public static void main(String[] args) throws Exception {
        new MemoryErrorServer().run(args);
    }

    private void run(String[] files) throws Exception {
        Optional<Supplier<SSLEngine>> tls = Optional.empty();
        if (files.length > 0) {
            SSLContext context =
                    TlsSource.pem(Path.of(files[0]), Path.of(files[1])).load();
            tls = Optional.of(() -> serverEngine(context));
        }
        Transport transport = JwsTransport.bind(TestSettings.anyPort(), tls, handshake -> handshake.admit(Echo::new));
        Parent.tell("port", transport.address().getPort());
        Parent.awaitGoOn();
        Thread filler = new Thread(this::fill, "test-filler");
        filler.start();
        filler.join();
        Parent.tell("filled", ROUNDS);
        Parent.awaitGoOn();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while ((transport.connections() > 1 || made.get() - ended.get() > 1) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(this, 1_000_000);
        }
        Parent.tell("connections", transport.connections());
        Parent.tell("sessions", made.get() - ended.get());
        Parent.tell("endedTwice", endedTwice.get());
        Parent.awaitGoOn();
        transport.close(Duration.ofSeconds(5));
        Parent.tell("left", transport.connections() + made.get() - ended.get());
    }

    private static SSLEngine serverEngine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    private void fill() {
        for (int round = 0; round < ROUNDS; round++) {
            try {
                for (int bytes = 1024 * 1024; ; bytes = Math.max(LEAST_BYTES, bytes / 2)) {
                    fillWith(bytes);
                }
            } catch (OutOfMemoryError full) {
                LockSupport.parkNanos(this, 2_000_000); // others find nothing
            } finally {
                hoard = null;
            }
            LockSupport.parkNanos(this, 30_000_000);
        }
    }

    private void fillWith(int bytes) {
        try {
            while (true) {
                hoard = new Object[] {hoard, new byte[bytes]};
            }
        } catch (OutOfMemoryError full) {
            if (bytes == LEAST_BYTES) {
                throw full;
            }
        }
    }

    private final class Echo implements ConnectionListener {
        private final Connection connection;
        private int closings;

        Echo(Connection connection) {
            this.connection = connection;
            made.incrementAndGet();
        }

        @Override
        public void onText(byte[] utf8, long heldNanos) {
            connection.send(new OneMessage(utf8));
        }

        @Override
        public void onBinary(byte[] bytes, long heldNanos) {}

        @Override
        public void onControl(int payloadBytes) {}

        @Override
        public void onWritable() {}

        @Override
        public void onClosed(int code, String reason, boolean byPeer) {
            if (++closings == 1) {
                ended.incrementAndGet();
            } else {
                endedTwice.incrementAndGet();
            }
        }
    }
}
