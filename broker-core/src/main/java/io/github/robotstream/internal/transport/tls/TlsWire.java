package io.github.robotstream.internal.transport.tls;

import io.github.robotstream.internal.transport.connection.FaultLog;
import io.github.robotstream.internal.transport.connection.InboundBytes;
import io.github.robotstream.internal.transport.connection.Tasks;
import io.github.robotstream.internal.transport.connection.Wire;
import io.github.robotstream.internal.transport.connection.WireListener;
import io.github.robotstream.internal.transport.gate.HttpAnswer;
import io.github.robotstream.internal.worker.ByteBudget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
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
 * <p>Records are taken in order and by one thread at a time: the thread that has read them, if nothing has to be waited for. While a task
 * of the handshake runs elsewhere, or a full socket does not take our part of it, the input is paused and the socket is not read.
 */
public final class TlsWire implements Wire, WireListener, InboundBytes.Steps {
    /**
     * What a record without data counts as, in bytes: a KeyUpdate (RFC 8446 section 4.6.3) has 27 bytes and costs new keys, and one that
     * asks for an answer costs them twice.
     */
    static final int COST_OF_NO_DATA = 1024;

    /** How long a client has to read the answer to plain HTTP. */
    private static final Duration PLAIN_ANSWER = Duration.ofSeconds(1);

    private final Wire socket;
    private final TlsEngine engine;
    private final TlsOutput output;
    private final TlsRecords records;
    private final TlsShared shared;
    private final FaultLog faults;
    private final Tasks tasks;
    private final InboundBytes input;
    private final Tasks.Step runTask;
    private Optional<WireListener> listener = Optional.empty(); // set before anything is read

    private final Object readingLock = new Object(); // nothing is called under it but the socket
    private boolean readingWanted;
    private boolean readingAllowed = true;

    private volatile boolean ended;
    private volatile boolean discarding;
    private volatile boolean gone;
    private volatile @Nullable Throwable taskFailure;

    public TlsWire(TlsShared shared, Tasks tasks, ByteBudget budget, FaultLog faults, Wire socket) {
        this.socket = socket;
        this.faults = faults;
        this.shared = shared;
        this.engine = new TlsEngine(shared.engines().get());
        this.output = new TlsOutput(engine, socket, shared.cipher());
        this.records = new TlsRecords(budget);
        this.tasks = tasks;
        this.input = new InboundBytes(this, tasks);
        this.runTask = shared.handshakes().step(this::runTask);
    }

    /** Sets the listener that gets the content. Before anything is read. */
    public void listen(WireListener connection) {
        listener = Optional.of(connection);
        input.claim();
        input.open();
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
    public boolean waitedForOthers() {
        return socket.waitedForOthers();
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

    @Override
    public void onReading(boolean on) {
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
        input.received(in);
    }

    /** With a close_notify before or without. */
    @Override
    public void streamEnded() {
        input.streamEnded();
    }

    @Override
    public void lost() {
        gone = true;
        try {
            output.kill();
            input.finish();
            engine.end();
        } finally {
            connection().lost();
        }
    }

    // The steps of the input.

    /** Takes a record, or does what TLS has to do before it can. Where that has to be waited for, the input is paused and goes on by itself. */
    @Override
    public boolean decode(ByteBuffer in) throws IOException {
        if (taskFailure != null) {
            throw new SSLException("a task of the handshake failed", taskFailure);
        }
        if (engine.status() == HandshakeStatus.NEED_TASK) {
            if (engine.isEstablished()) {
                throw new SSLException("renegotiation is refused");
            }
            input.pause();
            runTask.ask();
            return true;
        }
        if (engine.hasToWrap() && !output.handshake()) {
            input.pause();
            output.whenFree(input::goOn);
            return true;
        }
        if (!discarding && !ended) {
            return takeRecord(in);
        }
        if (discarding) {
            records.clear();
            connection().received(in);
        }
        in.position(in.limit());
        return false;
    }

    private boolean takeRecord(ByteBuffer in) throws SSLException {
        ByteBuffer record = records.next(in);
        if (record == null) {
            return false;
        }
        ByteBuffer plain = shared.plain().take();
        try {
            SSLEngineResult result = engine.unwrap(record, plain.clear());
            if (result.getStatus() == Status.CLOSED) {
                in.position(in.limit());
                onStreamEnd();
            } else if (result.getStatus() != Status.OK || result.bytesConsumed() == 0) {
                throw new SSLException("a record was not taken: " + result.getStatus());
            } else if (result.bytesProduced() > 0) {
                connection().received(plain.flip());
            } else {
                connection().receivedNoData(COST_OF_NO_DATA);
            }
            return true;
        } finally {
            shared.plain().giveBack(plain);
        }
    }

    /** On the thread for handshakes. */
    private void runTask() {
        try {
            if (!gone) {
                engine.runTask();
            }
        } catch (Throwable fault) {
            taskFailure = fault;
        } finally {
            input.goOn();
        }
    }

    /** The client has sent a close_notify, or the socket's stream has ended. */
    @Override
    public void onStreamEnd() {
        if (!ended || discarding) {
            ended = true;
            connection().streamEnded();
        }
    }

    @Override
    public void onFault(Throwable fault) {
        ended = true;
        if (fault instanceof TlsRecords.NotTlsException other) {
            if (other.isHttp()) {
                answerPlainHttp();
            } else {
                socket.cut(); // the client would not understand an alert
            }
            return;
        }
        if (fault instanceof TlsRecords.NoMemoryException && connection().overloaded()) {
            return;
        }
        if (!(fault instanceof IOException)) {
            faults.report("TLS failed on a connection, which is cut off", fault);
        }
        try {
            output.sendAlert();
        } finally {
            cut();
        }
    }

    /** Without TLS, which the client does not speak, and without looking at its request. What it still sends is dropped. */
    private void answerPlainHttp() {
        try {
            HttpAnswer answer = HttpAnswer.NEEDS_TLS;
            socket.write(ByteBuffer.wrap(answer.head()));
            socket.write(ByteBuffer.wrap(answer.body()));
            socket.shutdownOutput();
            tasks.after(PLAIN_ANSWER, socket::cut); // cut at once, the answer could be lost
        } catch (IOException | RejectedExecutionException gone) {
            socket.cut();
        }
    }

    @Override
    public void onBroken(Throwable fault) {
        ended = true;
        cut();
    }

    @Override
    public void onFinished() {
        records.clear();
    }

    static ByteBuffer copy(ByteBuffer in) {
        return ByteBuffer.allocate(in.remaining()).put(in).flip();
    }
}
