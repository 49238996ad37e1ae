package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Arrivals that wait for the test's verdict. */
final class WaitingHandshakes implements HandshakeListener {
    private final BlockingQueue<Handshake> waiting = new LinkedBlockingQueue<>();

    @Override
    public void onHandshake(Handshake handshake) {
        waiting.add(handshake);
    }

    Handshake next() throws InterruptedException {
        return Optional.ofNullable(waiting.poll(TestClient.SOON.toMillis(), TimeUnit.MILLISECONDS))
                .orElseThrow(() -> new AssertionError("nobody arrived"));
    }

    RecordingSession admit(Handshake handshake) {
        List<RecordingSession> made = new ArrayList<>();
        assertThat(handshake.admit(connection -> {
                    made.add(new RecordingSession(connection));
                    return made.get(0);
                }))
                .isTrue();
        return made.get(0);
    }
}
