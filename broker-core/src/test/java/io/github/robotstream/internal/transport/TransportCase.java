package io.github.robotstream.internal.transport;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A test that runs on every kind of transport; what it opens is closed after it. */
public abstract class TransportCase {
    protected static final Duration SOON = TestClient.SOON;

    private final TransportKind kind;
    private final List<Transport> opened = new ArrayList<>();
    private final List<TestClient> clients = new ArrayList<>();
    protected final AdmittingListener sessions = new AdmittingListener();

    protected TransportCase(TransportKind kind) {
        this.kind = kind;
    }

    final Transport open(Settings settings, HandshakeListener listener) throws IOException {
        Transport transport = kind.bind(settings, listener);
        opened.add(transport);
        return transport;
    }

    protected final Transport open(Settings settings) throws IOException {
        return open(settings, sessions);
    }

    /** With lanes that fill up as soon as their socket is full, whatever the client has read. */
    protected final Transport open() throws IOException {
        return open(TestSettings.withoutReadWindow());
    }

    final TestClient connect(Transport transport, String target, Map<String, String> headers) throws IOException {
        TestClient client = kind.connect(transport, target, headers);
        clients.add(client);
        return client;
    }

    final TestClient connect(Transport transport) throws IOException {
        return connect(transport, "/wss?token=secret", Map.of());
    }

    /** A client that has sent its request and waits for the answer. */
    final TestClient requestUpgrade(Transport transport, String target, Map<String, String> headers)
            throws IOException {
        TestClient client = kind.requestUpgrade(transport, target, headers);
        clients.add(client);
        return client;
    }

    final TestClient requestUpgrade(Transport transport) throws IOException {
        return requestUpgrade(transport, "/wss?token=secret", Map.of());
    }

    @AfterEach
    protected final void endAll() {
        clients.forEach(TestClient::abort);
        opened.forEach(transport -> transport.close(SOON));
    }

    /** Sends until one is refused; how many were taken. */
    public static int fill(RecordingSession session) {
        int taken = 0;
        while (session.send(numbered(taken))) {
            taken++;
        }
        return taken;
    }

    /** Has a session's lane fill up and told that there is room again. */
    public static void fillAndEmpty(RecordingSession session, TestClient client) {
        client.stopReading();
        fill(session);
        client.resumeReading();
    }

    static byte[] numbered(int number) {
        return (number + " " + "x".repeat(4000)).getBytes(StandardCharsets.UTF_8);
    }
}
