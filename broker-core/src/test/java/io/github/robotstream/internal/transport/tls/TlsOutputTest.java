package io.github.robotstream.internal.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.transport.connection.Wire;
import io.github.robotstream.internal.worker.Pool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class TlsOutputTest {
    private final GoneSocket socket = new GoneSocket();

    private TlsOutput output() throws Exception {
        TlsEngine engine = new TlsEngine(SSLContext.getDefault().createSSLEngine());
        return new TlsOutput(engine, socket, new Pool<>(() -> ByteBuffer.allocate(TlsOutput.CIPHER_BYTES)));
    }

    /** Cutting makes the socket tell {@link TlsOutput#kill()} under a lock that another thread may hold, waiting for this monitor. */
    @Test
    void aSocketThatIsGoneIsCutByWhoeverAskedAndNotUnderTheMonitor() throws Exception {
        TlsOutput output = output();

        assertThatThrownBy(output::shutdownOutput)
                .isInstanceOf(SocketException.class)
                .hasMessage("gone");
        assertThat(socket.isCut).isFalse();
    }

    private static final class GoneSocket implements Wire {
        private boolean isCut;

        @Override
        public int write(ByteBuffer bytes) {
            int all = bytes.remaining();
            bytes.position(bytes.limit());
            return all;
        }

        @Override
        public void shutdownOutput() throws IOException {
            throw new SocketException("gone");
        }

        @Override
        public void cut() {
            isCut = true;
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public void writing(boolean on) {}

        @Override
        public InetSocketAddress remoteAddress() {
            return InetSocketAddress.createUnresolved("robot.example", 1);
        }
    }
}
