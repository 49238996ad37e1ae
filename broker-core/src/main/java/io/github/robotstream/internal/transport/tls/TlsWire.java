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
import java.util.List;

/**
 * TLS 1.2 or 1.3 between a socket and its connection, which sees nothing of it: {@link TlsInput} reads records and shakes hands,
 * {@link TlsOutput} writes them.
 *
 * <pre>
 * HANDSHAKE --finished--> ESTABLISHED --shutdownOutput(): close_notify, end of stream--> DISCARDING
 *     |                        |                                                          |
 *     +--no TLS, alert---------+--cut(): close_notify; an alert; a second handshake-------+--> closed
 * </pre>
 *
 * <p>The time limit on the request's head is that of the handshake too. A client that ends its stream without a close_notify is treated as
 * one that sends it: frames say themselves where they end, so nothing can be cut short unnoticed.
 */
public final class TlsWire implements Wire, WireListener, TlsInput.Steps {
    private final Wire socket;
    private final TlsEngine engine;
    private final TlsOutput output;
    private final TlsInput input;
    private final FaultLog faults;
    private WireListener listener = WireListener.NOBODY;

    private final Object readingLock = new Object(); // nothing is called under it but the socket
    private boolean readingWanted;
    private boolean readingAllowed = true;

    /** What is above is told by {@link #listen}. */
    public TlsWire(TlsShared shared, Tasks tasks, InboundBudget budget, FaultLog faults, Wire socket) {
        this.socket = socket;
        this.faults = faults;
        this.engine = new TlsEngine(shared.engines().get());
        this.output = new TlsOutput(engine, socket, shared.cipher());
        this.input = new TlsInput(engine, output, new TlsRecords(budget), shared, tasks, this);
    }

    /** Who is told of what comes. Before anything is read. */
    public void listen(WireListener connection) {
        listener = connection;
        input.listen(connection);
    }

    // What the socket tells.

    @Override
    public void received(ByteBuffer bytes) {
        input.received(bytes);
    }

    @Override
    public void streamEnded() {
        input.streamEnded();
    }

    @Override
    public void writable() {
        try {
            output.flush();
        } catch (IOException reset) {
            cut();
        }
        listener.writable();
    }

    @Override
    public void lost() {
        try {
            output.kill();
            input.finish();
            engine.end();
        } finally {
            listener.lost();
        }
    }

    // What the connection asks for.

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

    @Override
    public void writing(boolean on) {
        output.writing(on);
    }

    @Override
    public void shutdownOutput() throws IOException {
        input.discardInput();
        output.shutdownOutput();
    }

    @Override
    public void cut() {
        try {
            output.sayGoodbye();
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

    // The steps of the input.

    @Override
    public void mayRead(boolean yes) {
        synchronized (readingLock) {
            readingAllowed = yes;
            socket.reading(yes && readingWanted);
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        if (cause instanceof TlsRecords.NotTlsException) {
            socket.cut();
            return;
        }
        if (cause instanceof TlsRecords.NoMemoryException && listener.overloaded()) {
            return;
        }
        if (!(cause instanceof IOException)) {
            faults.report("TLS failed on a connection, which is cut off", cause);
        }
        try {
            output.sayWhy();
        } finally {
            cut();
        }
    }
}
