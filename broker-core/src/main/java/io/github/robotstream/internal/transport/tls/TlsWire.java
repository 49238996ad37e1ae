package io.github.robotstream.internal.transport.tls;

import io.github.robotstream.internal.transport.connection.FaultLog;
import io.github.robotstream.internal.transport.connection.Tasks;
import io.github.robotstream.internal.transport.connection.Wire;
import io.github.robotstream.internal.transport.connection.WireListener;
import io.github.robotstream.internal.transport.frame.InboundBudget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 or 1.3 between a socket and its connection, which sees nothing of it. {@link TlsOutput} writes records; this reads them, answers
 * those of TLS itself, and hands the content of the others to the connection.
 *
 * <pre>
 * HANDSHAKE --finished--> ESTABLISHED --shutdownOutput(): close_notify, end of stream--> DISCARDING
 *     |                        |                                                          |
 *     +--no TLS, alert---------+--cut(): close_notify; an alert; a second handshake-------+--> closed
 * </pre>
 *
 * <p>The time limit on the request's head is that of the handshake too. A client that ends its stream without a close_notify is treated as
 * one that sends it: a frame has its own length, so nothing can be cut short unnoticed.
 *
 * <p>Records are taken in order and by one thread at a time, which owns the input ({@code busy}): the thread that has read them, if nothing
 * has to be waited for. While a task of the handshake runs elsewhere, or a full socket does not take our part of it, the input stays busy
 * and the socket is not read, so the bytes that come meanwhile and are held are few.
 */
public final class TlsWire implements Wire, WireListener {
    /**
     * What a record without data counts as, in bytes: a KeyUpdate (RFC 8446 section 4.6.3) has 27 bytes and costs new keys, and one that
     * asks for an answer costs them twice.
     */
    static final int COST_OF_NO_DATA = 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Wire socket;
    private final TlsEngine engine;
    private final TlsOutput output;
    private final TlsRecords records;
    private final TlsShared shared;
    private final FaultLog faults;
    private final Tasks.Step goOn;
    private final Tasks.Step runTask;
    private Optional<WireListener> listener = Optional.empty(); // set before anything is read

    private final Object readingLock = new Object(); // nothing is called under it but the socket
    private boolean readingWanted;
    private boolean readingAllowed = true;

    private final Object lock = new Object();
    private final ArrayDeque<ByteBuffer> held = new ArrayDeque<>(0); // most never need it
    private boolean busy;
    private boolean endWaits;
    private volatile boolean ended;
    private volatile boolean discarding;
    private volatile boolean finished;
    private volatile @Nullable Throwable taskFailure;

    public TlsWire(TlsShared shared, Tasks tasks, InboundBudget budget, FaultLog faults, Wire socket) {
        this.socket = socket;
        this.faults = faults;
        this.shared = shared;
        this.engine = new TlsEngine(shared.engines().get());
        this.output = new TlsOutput(engine, socket, shared.cipher());
        this.records = new TlsRecords(budget);
        this.goOn = tasks.step(() -> {
            allowReading(true);
            work(NOTHING);
        });
        this.runTask = shared.handshakes().step(this::runTask);
    }

    /** Sets the listener that gets the content. Before anything is read. */
    public void listen(WireListener connection) {
        listener = Optional.of(connection);
    }

    private WireListener connection() {
        return listener.orElseThrow();
    }

    // Calls of the connection.

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return output.write(bytes);
    }

    @Override
    public boolean flush() throws IOException {
        return output.flush();
    }

    @Override
    public int heldBytes() {
        return output.heldBytes();
    }

    @Override
    public void sendBuffer(int bytes) throws IOException {
        socket.sendBuffer(bytes);
    }

    @Override
    public void reading(boolean on) {
        synchronized (readingLock) {
            readingWanted = on;
            socket.reading(on && readingAllowed);
        }
    }

    private void allowReading(boolean on) {
        synchronized (readingLock) {
            readingAllowed = on;
            socket.reading(on && readingWanted);
        }
    }

    @Override
    public void writing(boolean on) {
        output.writing(on);
    }

    /** From then on the content of records is not looked at: their bytes are counted as they come. */
    @Override
    public void shutdownOutput() throws IOException {
        discarding = true;
        output.shutdownOutput();
    }

    @Override
    public void cut() {
        try {
            output.sendCloseNotify();
        } catch (Throwable fault) {
            faults.report("TLS failed on a connection, which is cut off", fault);
        }
        socket.cut();
    }

    @Override
    public boolean isToBeCut() {
        return socket.isToBeCut();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return socket.remoteAddress();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return engine.peerCertificates();
    }

    // Events of the socket.

    @Override
    public void writable() {
        try {
            output.flush();
        } catch (IOException reset) {
            cut();
        }
        connection().writable();
    }

    @Override
    public void received(ByteBuffer in) {
        synchronized (lock) {
            if (finished || busy) {
                if (!finished && in.hasRemaining()) {
                    held.add(copy(in));
                }
                return;
            }
            busy = true;
        }
        work(in);
    }

    /** With a close_notify before or without. */
    @Override
    public void streamEnded() {
        synchronized (lock) {
            endWaits = true;
            if (finished || busy) {
                return;
            }
            busy = true;
        }
        work(NOTHING);
    }

    @Override
    public void lost() {
        try {
            output.kill();
            finish();
            engine.end();
        } finally {
            connection().lost();
        }
    }

    private void finish() {
        synchronized (lock) {
            if (finished) {
                return;
            }
            finished = true;
            if (busy) {
                return; // the owner forgets
            }
            busy = true;
        }
        forget();
    }

    private void forget() {
        synchronized (lock) {
            held.clear();
        }
        records.clear();
    }

    // The owner of the input.

    private void work(ByteBuffer first) {
        ByteBuffer in = first;
        boolean endIsDue = false;
        while (true) {
            try {
                if (endIsDue) {
                    end();
                }
                if (!take(in)) {
                    return; // and stays busy until it goes on
                }
            } catch (Throwable fault) {
                fail(fault);
            }
            synchronized (lock) {
                if (finished) {
                    break; // and stays busy for ever
                }
                endIsDue = held.isEmpty() && endWaits;
                if (held.isEmpty() && !endWaits) {
                    busy = false;
                    return;
                }
                in = endIsDue ? NOTHING : held.remove();
                endWaits &= !endIsDue;
            }
        }
        forget();
    }

    /** Takes all there is; false if something has to be waited for: then it goes on by itself, perhaps already on another thread. */
    private boolean take(ByteBuffer in) throws IOException {
        ByteBuffer plain = shared.plain().take();
        try {
            while (!finished) {
                if (taskFailure != null) {
                    throw new SSLException("a task of the handshake failed", taskFailure);
                }
                if (engine.status() == HandshakeStatus.NEED_TASK) {
                    if (engine.isEstablished()) {
                        throw new SSLException("renegotiation is refused");
                    }
                    waitWith(in);
                    runTask.ask();
                    return false;
                }
                if (engine.hasToWrap() && !output.handshake()) {
                    waitWith(in);
                    output.whenFree(goOn::ask);
                    return false;
                }
                if (!takeRecord(in, plain)) {
                    return true;
                }
            }
            return true;
        } finally {
            shared.plain().giveBack(plain);
        }
    }

    private void waitWith(ByteBuffer in) {
        allowReading(false);
        synchronized (lock) {
            if (in.hasRemaining()) {
                held.addFirst(copy(in));
            }
        }
    }

    /** On the thread for handshakes. */
    private void runTask() {
        try {
            if (!finished) {
                engine.runTask();
            }
        } catch (Throwable fault) {
            taskFailure = fault;
        } finally {
            goOn.ask();
        }
    }

    private boolean takeRecord(ByteBuffer in, ByteBuffer plain) throws SSLException {
        if (discarding) {
            records.clear();
            connection().received(in);
        }
        if (discarding || ended) {
            in.position(in.limit());
            return false;
        }
        ByteBuffer record = records.next(in);
        if (record == null) {
            return false;
        }
        SSLEngineResult result = engine.unwrap(record, plain.clear());
        if (result.getStatus() == Status.CLOSED) {
            in.position(in.limit());
            end();
        } else if (result.getStatus() != Status.OK || result.bytesConsumed() == 0) {
            throw new SSLException("a record was not taken: " + result.getStatus());
        } else if (result.bytesProduced() > 0) {
            connection().received(plain.flip());
        } else {
            connection().receivedNoData(COST_OF_NO_DATA);
        }
        return true;
    }

    private void end() {
        if (!ended || discarding) {
            ended = true;
            connection().streamEnded();
        }
    }

    private void fail(Throwable fault) {
        ended = true;
        try {
            close(fault);
        } catch (Throwable worse) {
            // The socket is cut, or isToBeCut() is true.
        }
    }

    private void close(Throwable cause) {
        if (cause instanceof TlsRecords.NotTlsException) {
            socket.cut(); // the client would not understand an alert
            return;
        }
        if (cause instanceof TlsRecords.NoMemoryException && connection().overloaded()) {
            return;
        }
        if (!(cause instanceof IOException)) {
            faults.report("TLS failed on a connection, which is cut off", cause);
        }
        try {
            output.sendAlert();
        } finally {
            cut();
        }
    }

    static ByteBuffer copy(ByteBuffer in) {
        return ByteBuffer.allocate(in.remaining()).put(in).flip();
    }
}
