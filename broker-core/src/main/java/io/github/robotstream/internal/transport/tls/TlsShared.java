package io.github.robotstream.internal.transport.tls;

import io.github.robotstream.internal.transport.connection.Tasks;
import io.github.robotstream.internal.worker.Pool;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * What all TLS connections of a transport share.
 *
 * @param engines makes one for each socket
 * @param handshakes does the long steps of handshakes, about a millisecond each, so that open connections do not wait for new ones
 * @param plain buffers for a record's content
 * @param cipher buffers for what is written
 */
public record TlsShared(
        Supplier<SSLEngine> engines, Tasks handshakes, Pool<ByteBuffer> plain, Pool<ByteBuffer> cipher) {

    public TlsShared(Supplier<SSLEngine> engines, Tasks handshakes) {
        this(
                engines,
                handshakes,
                new Pool<>(() -> ByteBuffer.allocate(TlsRecords.MAX_BYTES)),
                new Pool<>(() -> ByteBuffer.allocate(TlsOutput.CIPHER_BYTES)));
    }
}
