package io.github.robotstream.internal.transport.tls;

import io.github.robotstream.internal.transport.connection.Tasks;
import io.github.robotstream.internal.transport.connection.WireListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records that a client sends, answers those of TLS itself, and brings what is in the others to the connection, in order and by
 * one thread at a time: the one that has read them, if nothing has to be waited for.
 *
 * <pre>
 * idle --bytes--> busy --all taken--> idle
 *                 |  ^
 *                 v  |
 *                waiting: a task of the handshake runs elsewhere, or a full socket does not take our part of it
 * </pre>
 *
 * <p>Whoever is busy owns this object. Bytes that come meanwhile are held; while it waits the socket is not read, so they are few.
 */
public final class TlsInput {
    /** What this asks of its connection. */
    interface Steps {
        /** Whether the socket may be read. */
        void mayRead(boolean yes);

        /** The connection is to be closed. */
        void onFailure(Throwable cause);
    }

    /**
     * What a record without data counts as, in bytes: a KeyUpdate (RFC 8446 section 4.6.3) has 27 bytes and costs new keys, and one that
     * asks for an answer costs them twice.
     */
    static final int COST_OF_NO_DATA = 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TlsEngine engine;
    private final TlsOutput output;
    private final TlsRecords records;
    private final TlsShared shared;
    private final Tasks.Step goOn;
    private final Tasks.Step runTask;
    private final Steps steps;

    private final Object lock = new Object();
    private final ArrayDeque<ByteBuffer> held = new ArrayDeque<>(0); // most never need it
    private WireListener connection = WireListener.NOBODY;
    private boolean busy;
    private boolean endWaits;
    private volatile boolean ended;
    private volatile boolean discarding;
    private volatile boolean finished;
    private volatile @Nullable Throwable taskFailure;

    TlsInput(TlsEngine engine, TlsOutput output, TlsRecords records, TlsShared shared, Tasks tasks, Steps steps) {
        this.engine = engine;
        this.output = output;
        this.records = records;
        this.shared = shared;
        this.goOn = tasks.step(() -> {
            steps.mayRead(true);
            work(NOTHING);
        });
        this.runTask = shared.handshakes().step(this::runTask);
        this.steps = steps;
    }

    /** Who is told of what is in the records. Before anything is received. */
    void listen(WireListener listener) {
        connection = listener;
    }

    /** Bytes from the socket, in order, one call at a time. The buffer is the caller's again when this returns. */
    void received(ByteBuffer in) {
        synchronized (lock) {
            if (finished || busy) {
                hold(in);
                return;
            }
            busy = true;
        }
        work(in);
    }

    /** The socket's stream has ended, with a close_notify before or without. */
    void streamEnded() {
        synchronized (lock) {
            endWaits = true;
            if (finished || busy) {
                return;
            }
            busy = true;
        }
        work(NOTHING);
    }

    /** From now on nobody listens, so records are counted as they come. */
    void discardInput() {
        discarding = true;
    }

    /** The socket is gone. Idempotent. */
    void finish() {
        synchronized (lock) {
            if (finished) {
                return;
            }
            finished = true;
            if (busy) {
                return;
            }
            busy = true;
        }
        forget();
    }

    private void hold(ByteBuffer in) {
        if (!finished && in.hasRemaining()) {
            held.add(ByteBuffer.allocate(in.remaining()).put(in).flip());
        }
    }

    /** The owner's loop. */
    private void work(ByteBuffer first) {
        ByteBuffer in = first;
        while (true) {
            try {
                if (!take(in)) {
                    return; // and stays busy until it goes on
                }
            } catch (Throwable fault) {
                fail(fault);
            }
            boolean endIsDue;
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
            if (endIsDue) {
                try {
                    end();
                } catch (Throwable fault) {
                    fail(fault);
                }
            }
        }
        forget();
    }

    private void fail(Throwable fault) {
        ended = true;
        try {
            steps.onFailure(fault);
        } catch (Throwable worse) {
            // It has cut the socket, which is all that matters, or its wire says that it is to be cut.
        }
    }

    private void forget() {
        synchronized (lock) {
            held.clear();
        }
        records.clear();
    }

    private void end() {
        if (!ended || discarding) {
            ended = true;
            connection.streamEnded();
        }
    }

    /** Takes all there is; false if something has to be waited for: then it goes on by itself, perhaps already on another thread. */
    private boolean take(ByteBuffer in) throws IOException {
        ByteBuffer plain = shared.plain().take();
        try {
            while (!finished) {
                if (taskFailure != null) {
                    throw new SSLException("a task of the handshake failed", taskFailure);
                }
                HandshakeStatus status = engine.status();
                if (status == HandshakeStatus.NEED_TASK) {
                    engine.checkTask();
                    await(in);
                    runTask.ask();
                    return false;
                }
                if (engine.hasToWrap() && !output.handshake()) {
                    await(in);
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

    private boolean takeRecord(ByteBuffer in, ByteBuffer plain) throws SSLException {
        if (discarding) {
            records.clear();
            connection.received(in);
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
            connection.received(plain.flip());
        } else {
            connection.receivedNoData(COST_OF_NO_DATA);
        }
        return true;
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

    private void await(ByteBuffer in) {
        steps.mayRead(false);
        synchronized (lock) {
            if (in.hasRemaining()) {
                held.addFirst(ByteBuffer.allocate(in.remaining()).put(in).flip());
            }
        }
    }
}
