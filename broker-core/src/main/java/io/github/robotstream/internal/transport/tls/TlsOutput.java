package io.github.robotstream.internal.transport.tls;

import io.github.robotstream.internal.transport.connection.Wire;
import io.github.robotstream.internal.worker.Pool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * What a connection writes, as TLS records. Small frames that are offered together share a record of up to 16 KiB. Only what a full socket
 * leaves is kept here, {@value #CIPHER_BYTES} bytes at most, and nothing is taken before it is out.
 *
 * <p>Thread-safe by its monitor, which is held across a write, as that never blocks. It calls nothing but the {@link Wire} and, when the
 * socket is not full any more, what {@link #whenFree} was given.
 */
final class TlsOutput {
    /** One write's worth. */
    static final int CIPHER_BYTES = 2 * TlsRecords.MAX_BYTES;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final TlsEngine engine;
    private final Wire socket;
    private final Pool<ByteBuffer> pool;

    private volatile @Nullable ByteBuffer held; // what the socket did not take
    private boolean writing; // what the connection asked for
    private boolean shut;
    private boolean dead;
    private Optional<Runnable> waiting = Optional.empty();

    /** @param pool of buffers of {@link #CIPHER_BYTES} */
    TlsOutput(TlsEngine engine, Wire socket, Pool<ByteBuffer> pool) {
        this.engine = engine;
        this.socket = socket;
        this.pool = pool;
    }

    /** Takes as much as the socket does, and what a last record has beyond that. */
    synchronized int write(ByteBuffer plain) throws IOException {
        int before = plain.remaining();
        while (plain.hasRemaining() && flush()) {
            if (shut || dead || !engine.isEstablished()) {
                throw new IOException("TLS is closed, or not open yet");
            }
            wrap(plain);
        }
        return before - plain.remaining();
    }

    /** Writes what is kept; false if some of it is left. */
    synchronized boolean flush() throws IOException {
        ByteBuffer kept = held;
        if (kept == null) {
            return true;
        }
        socket.write(kept);
        if (kept.hasRemaining()) {
            return false;
        }
        held = null;
        socket.writing(writing);
        waiting.ifPresent(Runnable::run);
        waiting = Optional.empty();
        if (shut) {
            endOutput();
        }
        return held == null;
    }

    /** Writes the records of TLS itself that are due; false if the socket is full before they are out. */
    synchronized boolean handshake() throws IOException {
        while (engine.hasToWrap() && !dead) {
            if (held != null) {
                return false;
            }
            wrap(null);
        }
        return held == null;
    }

    /** Runs it when the socket is not full any more, now or later. */
    synchronized void whenFree(Runnable what) {
        if (held == null) {
            what.run();
        } else {
            waiting = Optional.of(what);
        }
    }

    /** See {@link Wire#writing}; what is kept asks for it too. */
    synchronized void writing(boolean on) {
        writing = on;
        socket.writing(on || held != null);
    }

    /** Sends the close_notify and, behind it, the end of the stream. */
    synchronized void shutdownOutput() throws IOException {
        shut = true;
        engine.closeOutbound();
        endOutput();
    }

    private void endOutput() throws IOException {
        if (handshake()) {
            socket.shutdownOutput();
        }
    }

    /** Sends the close_notify, if the socket takes it, and then takes nothing more. */
    synchronized void sendCloseNotify() {
        if (engine.isEstablished() && !shut && !dead) {
            engine.closeOutbound();
            sendAlert();
        }
        dead = true;
    }

    /** Sends the alert of an engine that has failed, if the socket takes it. */
    synchronized void sendAlert() {
        try {
            handshake();
        } catch (IOException gone) {
            // it is closed for the first reason, not for this one
        }
    }

    /** Forgets everything: the socket is gone. */
    synchronized void kill() {
        dead = true;
        held = null;
        waiting.ifPresent(Runnable::run); // the input sees that it is over, and forgets what it holds
        waiting = Optional.empty();
    }

    /** {@return what was taken and is not out} Any thread, without the monitor. */
    int heldBytes() {
        ByteBuffer kept = held;
        return kept == null ? 0 : kept.remaining();
    }

    private void wrap(@Nullable ByteBuffer plain) throws IOException {
        ByteBuffer cipher = pool.take().clear();
        try {
            do {
                step(plain, cipher);
            } while (plain != null && plain.hasRemaining() && cipher.remaining() >= TlsRecords.MAX_BYTES);
            cipher.flip();
            socket.write(cipher);
            if (cipher.hasRemaining()) {
                held = TlsWire.copy(cipher);
                socket.writing(true);
            }
        } finally {
            pool.giveBack(cipher);
        }
    }

    private void step(@Nullable ByteBuffer plain, ByteBuffer cipher) throws IOException {
        SSLEngineResult result = engine.wrap(plain == null ? NOTHING.duplicate() : plain, cipher);
        if (result.bytesProduced() == 0 || (plain != null && result.getStatus() == Status.CLOSED)) {
            throw new IOException("TLS takes no more");
        }
    }
}
