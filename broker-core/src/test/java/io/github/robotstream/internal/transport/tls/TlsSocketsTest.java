package io.github.robotstream.internal.transport.tls;

import static io.github.robotstream.testing.TestClient.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.jws.JwsTransport;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.ServerFrameReader;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of TLS can do wrong, and what is left of them. */
@Timeout(120)
class TlsSocketsTest {
    private static final TestCertificate CERTIFICATE = TestCertificate.SHARED;

    private final List<Transport> opened = new ArrayList<>();
    private final AdmittingListener sessions = new AdmittingListener();

    @AfterEach
    void endAll() {
        opened.forEach(transport -> transport.close(SOON));
    }

    private Transport open(Settings settings) throws IOException {
        Transport transport = JwsTransport.bind(settings, Optional.of(CERTIFICATE::serverEngine), sessions);
        opened.add(transport);
        return transport;
    }

    private static SocketTestClient.Request to(Transport transport) {
        return SocketTestClient.to(transport.address()).through(CERTIFICATE.clientSockets());
    }

    private static SSLSocket secure(Transport transport, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) to(transport).socket();
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    private static void awaitNobody(Transport transport) {
        await().atMost(SOON).until(() -> transport.connections() == 0);
    }

    @Test
    void aSecondHandshakeEndsTheConnection() throws Exception {
        Transport transport = open(TestSettings.anyPort());
        try (SSLSocket socket = secure(transport, "TLSv1.2")) {
            socket.getOutputStream().write(to(transport).head());
            ServerFrameReader.readHead(socket.getInputStream());
            RecordingSession session = sessions.next();

            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().readAllBytes();
                    })
                    .isInstanceOf(IOException.class);

            assertThat(session.awaitClosed()).isEqualTo("1006  by peer");
        }
        awaitNobody(transport);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /wss HTTP/1.1\r\nHost: robot\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: robot\r\nContent-Length: 100000\r\n\r\nwhat comes is not read",
                "G"
            })
    void plainHttpIsAnsweredByASentenceThatNamesTheRightScheme(String sent) throws Exception {
        Transport transport = open(TestSettings.anyPort());
        try (Socket plain = SocketTestClient.to(transport.address()).socket()) {
            plain.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("Connection: close\r\n", "\"message\":\"this port speaks TLS: connect to wss:// here");
            awaitNobody(transport); // though this client keeps its side open
        }
        assertThat(sessions.sessions).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u00ff\u00ff what has a length that no record has",
                "\u0017\u0003\u0003\u0000\u0001 what begins with data",
                "\u0000\u0001\u0002 garbage"
            })
    void whoDoesNotSpeakTlsFindsTheSocketClosed(String sent) throws Exception {
        Transport transport = open(TestSettings.anyPort());
        try (Socket plain = SocketTestClient.to(transport.address()).socket()) {
            plain.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
            assertNothingButTheEnd(plain);
        }
        awaitNobody(transport);
    }

    @Test
    void garbageInsideOfTlsIsClosedQuietly() throws Exception {
        Transport transport = open(TestSettings.anyPort());
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            try (Socket plain = SocketTestClient.to(transport.address()).socket()) {
                byte[] record = new byte[5 + random.nextInt(1000)];
                random.nextBytes(record);
                record[0] = 22;
                record[1] = 3;
                record[2] = 1;
                record[3] = (byte) ((record.length - 5) >> 8);
                record[4] = (byte) (record.length - 5);
                plain.getOutputStream().write(record);
                plain.shutdownOutput();
                plain.getInputStream().readAllBytes();
            } catch (IOException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
        awaitNobody(transport);
    }

    @Test
    void silentClientsAreCutOffAndCostNothing() throws Exception {
        Transport transport = open(TestSettings.anyPort(changed -> changed.handshakeTimeout = Duration.ofSeconds(2)));
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = SocketTestClient.to(transport.address()).socket();
            socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0}, 0, i % 6); // up to a whole head of a record
            silent.add(socket);
        }
        await().atMost(SOON).until(() -> transport.connections() == 20);
        long cpuBefore = cpuMillis();

        awaitNobody(transport);

        assertThat(cpuMillis() - cpuBefore).as("ms of CPU for two seconds").isLessThan(500);
        for (Socket socket : silent) {
            assertNothingButTheEnd(socket);
            socket.close();
        }
    }

    @Test
    void recordsThatBringNothingCloseTheConnectionOfWhoHasAskedForNothing() throws Exception {
        Transport transport = open(TestSettings.anyPort(changed -> changed.handshakeTimeout = Duration.ofMinutes(2)));
        SSLEngine engine = CERTIFICATE.context().createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        ByteBuffer hello = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), hello);
        try (Socket socket = SocketTestClient.to(transport.address()).socket()) {
            sendInRecordsOfOneByte(hello.flip().position(5), socket);
            awaitNobody(transport);
        }
        assertThat(sessions.sessions).isEmpty();
    }

    /** As TLS allows (RFC 8446 section 5.1). */
    private static void sendInRecordsOfOneByte(ByteBuffer handshake, Socket socket) {
        try {
            while (handshake.hasRemaining()) {
                socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 1, handshake.get()});
            }
        } catch (IOException closed) {
            // as it is to be
        }
    }

    @Test
    void aFewHundredConnectionsLeaveNothingBehind() throws Exception {
        Transport transport = open(TestSettings.anyPort());
        oneOfEachKind(transport);
        awaitNobody(transport);
        long descriptors = Leftovers.descriptors();
        int threads = Thread.activeCount();

        for (int i = 0; i < 50; i++) {
            oneOfEachKind(transport);
        }

        awaitNobody(transport);
        for (RecordingSession session : sessions.sessions) {
            session.awaitClosed();
        }
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(Leftovers.descriptors()).isLessThanOrEqualTo(descriptors + 5);
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
        });
    }

    private static void oneOfEachKind(Transport transport) throws IOException {
        SocketTestClient polite = to(transport).connect();
        polite.close(1000, "");
        polite.awaitEnd(SOON);
        SocketTestClient rude = to(transport).connect();
        rude.send("hello");
        rude.abort();
        try (SSLSocket halfWay = secure(transport, "TLSv1.2")) {
            halfWay.startHandshake();
        }
        try (Socket broken = SocketTestClient.to(transport.address()).socket()) {
            broken.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
        }
    }

    @Test
    void aSlowReaderGetsEveryMessageWholeWithPongsBetween() throws Exception {
        Transport transport = open(TestSettings.anyPort());
        SocketTestClient client = to(transport).receiveBuffer(8 * 1024).connect();
        RecordingSession session = sessions.next();
        Random random = new Random(5);
        int count = 300;
        Thread pings = new Thread(() -> {
            for (int i = 0; i < 500; i++) {
                client.sendRaw(ClientFrames.ping("ping " + i));
            }
        });
        pings.setDaemon(true);
        Thread sender = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                byte[] message = (i + " " + "y".repeat(1 << random.nextInt(18))).getBytes(StandardCharsets.UTF_8);
                while (!session.send(message)) {
                    Thread.onSpinWait();
                }
            }
        });
        sender.setDaemon(true);
        client.stopReading();
        sender.start();
        pings.start();
        await().atMost(SOON).until(() -> session.connection.unsentBytes() > 0);
        client.resumeReading();

        for (int i = 0; i < count; i++) {
            assertThat(client.next()).startsWith(i + " y").matches("\\d+ y+");
        }
        client.abort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theEndIsToldInTlsToo(String protocol) throws Exception {
        Transport transport = open(TestSettings.anyPort());
        try (SSLSocket socket = secure(transport, protocol)) {
            socket.getOutputStream().write(to(transport).target("/nothing").head());
            // Without a close_notify the JDK's client would throw here.
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("}\n");
        }
        awaitNobody(transport);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatWasSentBeforeTheCloseNotifyIsDelivered(String protocol) throws Exception {
        Transport transport = open(TestSettings.anyPort());
        try (SSLSocket socket = secure(transport, protocol)) {
            socket.getOutputStream().write(to(transport).head());
            ServerFrameReader.readHead(socket.getInputStream());
            RecordingSession session = sessions.next();
            socket.getOutputStream().write(ClientFrames.text("last words"));
            socket.shutdownOutput();

            assertThat(session.awaitClosed()).isEqualTo("1006  by peer");
            assertThat(session.texts).containsExactly("last words");
        }
    }

    @Test
    void closingDoesNotWaitForHalfAHandshake() throws Exception {
        Transport transport = open(TestSettings.anyPort());
        try (Socket silent = SocketTestClient.to(transport.address()).socket();
                Socket half = SocketTestClient.to(transport.address()).socket();
                SSLSocket unasked = secure(transport, "TLSv1.3")) {
            half.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            unasked.startHandshake();
            await().atMost(SOON).until(() -> transport.connections() == 3);

            long before = System.nanoTime();
            transport.close(Duration.ofSeconds(2));

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
            assertThat(transport.connections()).isZero();
            assertNothingButTheEnd(silent);
        }
    }

    @Test
    void whoIsTooManyIsClosedAtOnce() throws Exception {
        Transport transport = open(TestSettings.anyPort(changed -> {
            changed.sessions = 0;
            changed.handshakes = 1;
        }));
        SocketTestClient first = to(transport).connect();
        try (Socket second = SocketTestClient.to(transport.address()).socket()) {
            assertNothingButTheEnd(second);
        }
        first.abort();
    }

    private static void assertNothingButTheEnd(Socket socket) {
        try {
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static long cpuMillis() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            var thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().startsWith("robotstream-")) {
                nanos += threads.getThreadCpuTime(id);
            }
        }
        return nanos / 1_000_000;
    }
}
