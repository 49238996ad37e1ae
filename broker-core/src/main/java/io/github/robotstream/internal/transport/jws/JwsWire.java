package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.transport.connection.FaultLog;
import io.github.robotstream.internal.transport.connection.SocketConnection;
import io.github.robotstream.internal.transport.connection.TransportContext;
import io.github.robotstream.internal.transport.connection.Wire;
import io.github.robotstream.internal.transport.connection.WireListener;
import io.github.robotstream.internal.transport.tls.TlsShared;
import io.github.robotstream.internal.transport.tls.TlsWire;
import io.github.robotstream.internal.worker.Heartbeat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.java_websocket.WrappedByteChannel;

/**
 * The socket, as Java-WebSocket reads it and as {@link SocketConnection} writes it. What the selector looks for is set here only: this
 * channel always wants to write as far as Java-WebSocket can see, and takes nothing of what that offers, so that its selector thread
 * never touches the key.
 *
 * <p>The end of the stream and a reset come to the connection in their turn, behind all that was read, as a read of one byte that is
 * known by its number. Java-WebSocket would close on the selector thread and pass by what its worker has not decoded yet.
 */
final class JwsWire implements Wire {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final InetSocketAddress remoteAddress;
    private final JwsSocket socket;
    private final SocketConnection connection;
    private final WireListener listener;
    private final FaultLog faults;
    private final BooleanSupplier served;
    private final Heartbeat selecting;
    private final InlineReads inlineReads;
    private final SelectedKeys selectedKeys;
    private final DecoderBacklog backlog;

    private long reads; // handed to a worker; selector thread
    private volatile boolean waitedForOthers; // the last read
    private volatile long endMark = -1;
    private volatile boolean cutOff;

    // What the selector looks for, by this object's monitor; nothing is called under it but the key.
    private boolean writing;
    private volatile boolean reading;

    /**
     * @param served whether the threads of Java-WebSocket that are to serve it go on
     * @param selecting is told when the selector thread begins and ends work for it
     */
    JwsWire(
            SocketChannel channel,
            SelectionKey key,
            JwsSocket socket,
            BooleanSupplier served,
            Heartbeat selecting,
            InlineReads inlineReads,
            SelectedKeys selectedKeys,
            DecoderBacklog backlog,
            TransportContext context,
            Optional<TlsShared> tls)
            throws IOException {
        this.channel = channel;
        this.key = key;
        this.remoteAddress = (InetSocketAddress) channel.getRemoteAddress();
        this.socket = socket;
        this.served = served;
        this.selecting = selecting;
        this.inlineReads = inlineReads;
        this.selectedKeys = selectedKeys;
        this.backlog = backlog;
        this.faults = context.faults();
        if (tls.isPresent()) {
            TlsWire between = new TlsWire(tls.get(), context.tasks(), context.budget(), context.faults(), this);
            this.connection = new SocketConnection(context, between, socket::perform);
            between.listen(connection);
            this.listener = between;
        } else {
            this.connection = new SocketConnection(context, this, socket::perform);
            this.listener = connection;
        }
    }

    SocketConnection connection() {
        return connection;
    }

    /** Who is told of what comes: the connection, or the TLS below it. */
    WireListener listener() {
        return listener;
    }

    /** This socket as Java-WebSocket sees it. */
    WrappedByteChannel asChannel() {
        return new Channel();
    }

    SelectionKey key() {
        return key;
    }

    /** Whether that read of the connection, counted from 1, is the end of its stream. */
    boolean isEndMark(long read) {
        return read == endMark;
    }

    /** A worker has decoded a read. */
    void decoded() {
        backlog.decoded();
    }

    @Override
    public boolean waitedForOthers() {
        return waitedForOthers;
    }

    /** Something went wrong where nothing should. */
    void fault(Throwable fault) {
        cut();
        faults.report("the transport failed on a connection, which is cut off", fault);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public void reading(boolean on) {
        synchronized (this) {
            boolean wanted = on && endMark < 0;
            if (wanted != reading) {
                reading = wanted;
                look(wanted);
            }
        }
    }

    @Override
    public void writing(boolean on) {
        synchronized (this) {
            if (on != writing) {
                writing = on;
                look(on);
            }
        }
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    @Override
    public void sendBuffer(int bytes) throws IOException {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, bytes);
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void cut() {
        cutOff = true;
        try {
            socket.closeConnection(CloseCode.ABNORMAL, "");
        } catch (Throwable fault) {
            faults.report("a socket could not be closed, which is tried again", fault);
        }
    }

    @Override
    public boolean isToBeCut() {
        return cutOff || !served.getAsBoolean();
    }

    /** Whether it is open, and no worker has anything of it; selector thread. */
    private boolean isIdle() {
        return connection.isOpen() && socket.decoded() == reads && served.getAsBoolean();
    }

    private void look(boolean forMore) {
        try {
            key.interestOps((reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0));
            if (forMore) {
                key.selector().wakeup();
            }
        } catch (CancelledKeyException | ClosedSelectorException gone) {
            // whoever closed the socket tells it
        } catch (OutOfMemoryError fault) {
            cutOff = true; // the selector may not know what to look for; the sweep does the rest, without this lock
            faults.report("the transport failed on a connection, which is cut off", fault);
        }
    }

    /** What Java-WebSocket calls, on its selector thread. Whatever is thrown here would end the whole server. */
    private final class Channel implements WrappedByteChannel {

        @Override
        public int read(ByteBuffer bytes) {
            int count;
            selecting.beat();
            try {
                count = reading ? channel.read(bytes) : 0; // it may be a readiness from before the reading was stopped
                if (count > 0 && inlineReads.admits(count, key) && isIdle()) {
                    waitedForOthers = false;
                    inlineReads.decode(bytes, listener);
                    count = 0; // leaves nothing for a worker
                }
                if (count == 0) {
                    selectedKeys.handled(key);
                }
            } catch (IOException reset) {
                count = -1;
            } catch (Throwable fault) {
                JwsWire.this.fault(fault);
                return 0;
            } finally {
                selecting.beat();
            }
            if (count > 0) {
                reads++;
            } else if (count < 0) {
                endMark = ++reads;
                reading(false);
                bytes.clear().put((byte) 0);
                count = 1;
            }
            if (count > 0) {
                waitedForOthers = backlog.handsOn();
            }
            return count;
        }

        @Override
        public void writeMore() {
            selecting.beat();
            try {
                listener.writable();
                selectedKeys.handled(key);
            } catch (Throwable fault) {
                JwsWire.this.fault(fault);
            } finally {
                selecting.beat();
            }
        }

        /** Takes nothing: {@link JwsSocket} hands on what Java-WebSocket has to say. */
        @Override
        public int write(ByteBuffer bytes) {
            return 0;
        }

        @Override
        public boolean isNeedWrite() {
            return true;
        }

        @Override
        public boolean isNeedRead() {
            return false;
        }

        @Override
        public int readMore(ByteBuffer bytes) {
            return 0;
        }

        @Override
        public boolean isBlocking() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {
            try {
                channel.close();
                key.selector().wakeup(); // which lets go of the descriptor
            } catch (IOException | ClosedSelectorException gone) {
                // then it is closed
            }
        }
    }
}
