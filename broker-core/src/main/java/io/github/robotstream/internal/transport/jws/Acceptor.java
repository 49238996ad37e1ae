package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.connection.FaultLog;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * The bound port and the thread that accepts on it. When accepting fails, as it does while the process has no file descriptor left, it
 * waits 100 ms and tries again: the port stays open.
 */
final class Acceptor {
    private static final int BACKLOG = 512;
    private static final long PAUSE_NANOS = 100_000_000;

    /** Where accepted sockets go. What it throws closes that socket. */
    interface Taker {
        void take(SocketChannel socket) throws IOException;
    }

    private final ServerSocketChannel port;
    private final InetSocketAddress address;
    private final FaultLog faults;
    private volatile boolean stopped;

    private Acceptor(ServerSocketChannel port, FaultLog faults) throws IOException {
        this.port = port;
        this.address = (InetSocketAddress) port.getLocalAddress();
        this.faults = faults;
    }

    /**
     * Binds the port; what comes waits for {@link #start}.
     *
     * @throws IOException that names the address, if it cannot be bound
     */
    static Acceptor bind(InetSocketAddress address, FaultLog faults) throws IOException {
        if (address.isUnresolved()) {
            throw new BindException(
                    "host \"" + address.getHostString() + "\" is not known: name an address of this machine");
        }
        ServerSocketChannel port = ServerSocketChannel.open();
        try {
            port.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            port.bind(address, BACKLOG);
            return new Acceptor(port, faults);
        } catch (IOException cause) {
            port.close();
            BindException named = new BindException("cannot listen on " + address.getHostString() + ", port "
                    + address.getPort() + ": " + cause.getMessage()
                    + "; needed is an address of this machine, with a port that no"
                    + " other program has and that this user may open");
            named.initCause(cause);
            throw named;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Accepts until {@link #stop()}, on a thread of its own. */
    Thread start(Taker taker) {
        Thread thread = new Thread(() -> acceptAll(taker), "robotstream-acceptor");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Closes the port. Idempotent. */
    void stop() {
        stopped = true;
        try {
            port.close();
        } catch (IOException gone) {
            faults.report("the port could not be closed", gone);
        }
    }

    private void acceptAll(Taker taker) {
        while (!stopped && port.isOpen()) {
            try {
                acceptOne(taker);
            } catch (Throwable noMemoryToTellIt) {
                // Goes on: even the first use of a literal takes memory.
            }
        }
    }

    private void acceptOne(Taker taker) {
        try {
            hand(port.accept(), taker);
        } catch (ClosedChannelException closed) {
            stopped = true;
        } catch (Throwable fault) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
            faults.report("no connection could be accepted", fault);
        }
    }

    private void hand(SocketChannel socket, Taker taker) throws IOException {
        try {
            if (stopped) {
                socket.close(); // it slipped through while the port was being closed
            } else {
                taker.take(socket);
            }
        } catch (Throwable fault) {
            socket.close();
            faults.report("a connection could not be taken", fault);
        }
    }
}
