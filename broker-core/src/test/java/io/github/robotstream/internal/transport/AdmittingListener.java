package io.github.robotstream.internal.transport;

import io.github.robotstream.testing.TestClient;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Lets everybody in at once, as sessions of a kind; hands the sessions to the test. */
public final class AdmittingListener implements HandshakeListener {
    private final Function<Connection, RecordingSession> kind;
    public final BlockingQueue<RecordingSession> sessions = new LinkedBlockingQueue<>();

    public AdmittingListener() {
        this(RecordingSession::new);
    }

    public AdmittingListener(Function<Connection, RecordingSession> kind) {
        this.kind = kind;
    }

    /** As sessions that have the thread that brings a message, or room for more, do something else. */
    public static AdmittingListener whereThreads(Runnable doThis) {
        return new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onText(byte[] utf8, long heldNanos) {
                super.onText(utf8, heldNanos);
                doThis.run();
            }

            @Override
            public void onWritable() {
                super.onWritable();
                doThis.run();
            }
        });
    }

    @Override
    public void onHandshake(Handshake handshake) {
        handshake.admit(connection -> {
            RecordingSession session = kind.apply(connection);
            sessions.add(session);
            return session;
        });
    }

    public RecordingSession next() throws InterruptedException {
        return Optional.ofNullable(sessions.poll(TestClient.SOON.toMillis(), TimeUnit.MILLISECONDS))
                .orElseThrow(() -> new AssertionError("nobody came in"));
    }
}
