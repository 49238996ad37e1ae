package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.ConnectionListener;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The session's listener: what it throws becomes a call of {@code onFault}. Only an {@link OutOfMemoryError} of {@link #onClosed} is thrown
 * on, so that the end is told again. Before the session is set, calls do nothing, but for an {@link #onWritable} that it gets then.
 */
final class GuardedListener implements ConnectionListener {
    /** Does nothing. */
    static final ConnectionListener NOBODY = new ConnectionListener() {
        @Override
        public void onText(byte[] utf8, long heldNanos) {}

        @Override
        public void onBinary(byte[] bytes, long heldNanos) {}

        @Override
        public void onControl(int payloadBytes) {}

        @Override
        public void onWritable() {}

        @Override
        public void onClosed(int code, String reason, boolean byPeer) {}
    };

    // One for each client: a number in an object of its own would take more memory.
    private static final AtomicIntegerFieldUpdater<GuardedListener> OWES_WRITABLE =
            AtomicIntegerFieldUpdater.newUpdater(GuardedListener.class, "owesWritable");

    private final FaultLog faults;
    private final Runnable onFault;
    private volatile int owesWritable; // 0 or 1
    private volatile ConnectionListener session = NOBODY;

    GuardedListener(FaultLog faults, Runnable onFault) {
        this.faults = faults;
        this.onFault = onFault;
    }

    void set(ConnectionListener listener, Executor executor) {
        session = listener;
        if (owesWritable == 1) {
            executor.execute(this::tellWritable);
        }
    }

    @Override
    public void onText(byte[] utf8, long heldNanos) {
        try {
            session.onText(utf8, heldNanos);
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    @Override
    public void onBinary(byte[] bytes, long heldNanos) {
        try {
            session.onBinary(bytes, heldNanos);
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    @Override
    public void onControl(int payloadBytes) {
        try {
            session.onControl(payloadBytes);
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    @Override
    public void onRead(long stamp) {
        try {
            session.onRead(stamp);
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    @Override
    public void onWritable() {
        owesWritable = 1;
        tellWritable();
    }

    @Override
    public void onClosed(int code, String reason, boolean byPeer) {
        try {
            session.onClosed(code, reason, byPeer);
        } catch (OutOfMemoryError perhapsNotTold) {
            throw perhapsNotTold;
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    private void tellWritable() {
        if (session == NOBODY || !OWES_WRITABLE.compareAndSet(this, 1, 0)) {
            return;
        }
        try {
            session.onWritable();
        } catch (Throwable fault) {
            failed(fault);
        }
    }

    private void failed(Throwable fault) {
        onFault.run();
        faults.report("a session failed in a callback, its connection is closed", fault);
    }
}
