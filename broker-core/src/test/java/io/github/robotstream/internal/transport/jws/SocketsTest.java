package io.github.robotstream.internal.transport.jws;

import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.TransportCase;
import io.github.robotstream.internal.transport.TransportKind;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only real sockets can show. */
@Timeout(120)
class SocketsTest extends TransportCase {
    SocketsTest() {
        super(TransportKind.SOCKETS);
    }

    @Test
    void anAddressThatOpensConnectionsTooFastIsToldSoUntilTimeHasPassed() throws Exception {
        InetAddress own = addressBesideLoopback();
        Settings one = TestSettings.anyPort(changed -> {
            changed.host = own.getHostAddress();
            changed.connectionsPerAddress = 3;
            changed.newConnectionsPerAddress = 1;
        });
        Transport transport = open(one);
        InetSocketAddress address = transport.address();
        int status = 101;
        for (int i = 0; i < 200 && status == 101; i++) {
            try (TestClient client = SocketTestClient.to(address).target("/wss").requestUpgrade()) {
                status = client.status();
                if (status != 101) {
                    assertThat(client.answerHead()).contains("\r\nRetry-After: 1\r\n");
                    assertThat(client.answerBody()).contains("too many new connections from this address");
                }
            }
            await().atMost(SOON).until(() -> transport.connections() == 0);
        }

        assertThat(status).isEqualTo(429);
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        SocketTestClient.to(address).target("/wss").connect().status() == 101);
    }

    private static InetAddress addressBesideLoopback() throws IOException {
        Optional<InetAddress> found = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
        assumeThat(found).as("an address of this machine beside loopback").isPresent();
        return found.orElseThrow();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        InetSocketAddress taken = open().address();

        assertThatThrownBy(() -> open(TestSettings.anyPort(changed -> changed.port = taken.getPort())))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("port " + taken.getPort());
    }

    @Test
    void aPortIsFreeAgainAfterTheClose() throws Exception {
        Transport first = open();
        SocketTestClient client = SocketTestClient.connect(first.address());
        sessions.next();
        first.close(SOON);
        client.awaitEnd(SOON);

        Transport second = open(
                TestSettings.anyPort(changed -> changed.port = first.address().getPort()));
        SocketTestClient.connect(second.address()).abort();
    }

    @Test
    void everyThreadIsADaemonWithItsNameAndEnds() throws Exception {
        List<Thread> before = List.copyOf(Thread.getAllStackTraces().keySet());
        Transport transport = open();
        SocketTestClient client = SocketTestClient.connect(transport.address());
        sessions.next().sendNow("in");
        client.next();

        List<Thread> ours = newThreads(before);
        assertThat(ours).hasSizeBetween(4, 5).allSatisfy(thread -> {
            assertThat(thread.getName()).startsWith("robotstream-");
            assertThat(thread.isDaemon()).isTrue();
        });

        transport.close(SOON);
        assertThat(ours).noneMatch(Thread::isAlive);
    }

    @Test
    void thousandsOfConnectionsLeaveNothingBehind() throws Exception {
        Transport transport = open();
        SocketTestClient.Request request = SocketTestClient.to(transport.address());
        oneOfEachKind(request, 0);
        await().atMost(SOON).until(() -> transport.connections() == 0);
        long threads = Thread.activeCount();
        int descriptors = openDescriptors();

        for (int i = 0; i < 2000; i += 5) {
            oneOfEachKind(request, i);
        }

        await().atMost(SOON).until(() -> transport.connections() == 0);
        for (RecordingSession session : sessions.sessions) {
            session.awaitClosed();
        }
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(openDescriptors()).isLessThanOrEqualTo(descriptors + 5);
            assertThat((long) Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
        });
    }

    private static void oneOfEachKind(SocketTestClient.Request request, int number) throws IOException {
        SocketTestClient polite = request.connect();
        polite.close(1000, "");
        polite.awaitEnd(SOON);
        SocketTestClient rude = request.connect();
        rude.send("message " + number);
        rude.abort();
        try (Socket half = request.socket()) {
            half.getOutputStream().write(request.head(), 0, 30);
        }
        try (Socket reset = request.socket()) {
            reset.setSoLinger(true, 0);
            reset.getOutputStream().write(request.head());
        }
        try (Socket wrong = request.socket()) {
            wrong.getOutputStream().write(utf8("nonsense\r\n\r\n"));
            assertThat(wrong.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void whoLeavesAroundTheUpgradeIsNeverForgotten() throws Exception {
        Transport transport = open();
        SocketTestClient.Request request = SocketTestClient.to(transport.address());
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            try (Socket socket = request.socket()) {
                socket.setSoLinger(i % 2 == 0, 0); // every other one ends with a reset
                socket.getOutputStream().write(request.head());
                for (int spin = random.nextInt(2000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
            }
        }

        await().atMost(SOON).until(() -> transport.connections() == 0);
        for (RecordingSession session : sessions.sessions) {
            assertThat(session.awaitClosed()).isEqualTo("1006  by peer");
        }
    }

    @Test
    void closingEndsThoseThatHaveNotAskedYet() throws Exception {
        Transport transport = open();
        SocketTestClient.Request request = SocketTestClient.to(transport.address());
        try (Socket silent = request.socket();
                Socket half = request.socket()) {
            half.getOutputStream().write(request.head(), 0, 20);
            await().atMost(SOON).until(() -> transport.connections() == 2);

            long before = System.nanoTime();
            transport.close(Duration.ofSeconds(2));

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
            assertEnded(silent);
            assertEnded(half);
        }
    }

    @Test
    void aCallbackThatNeverReturnsDoesNotHoldUpTheClosing() throws Exception {
        AdmittingListener stuck = new AdmittingListener(connection -> new RecordingSession(connection) {
            @Override
            public void onText(byte[] utf8, long heldNanos) {
                super.onText(utf8, heldNanos);
                try {
                    new CountDownLatch(1).await(); // nobody ever counts it down
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        Transport transport = JwsTransport.bind(TestSettings.anyPort(), Optional.empty(), stuck);
        SocketTestClient client = SocketTestClient.connect(transport.address());
        RecordingSession session = stuck.next();
        client.send("stick");
        session.nextText();

        long before = System.nanoTime();
        transport.close(Duration.ofMillis(500));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        client.awaitEnd(SOON);
    }

    @Test
    void whatWasSentBeforeTheStreamEndedIsDelivered() throws Exception {
        Transport transport = open();
        for (int i = 0; i < 50; i++) {
            SocketTestClient client = SocketTestClient.connect(transport.address());
            RecordingSession session = sessions.next();
            client.send("last words");
            client.endOutput();

            assertThat(session.awaitClosed()).isEqualTo("1006  by peer");
            assertThat(session.texts).containsExactly("last words");
        }
    }

    @Test
    void aViolationIsToldEvenToOneThatGoesOnSending() throws Exception {
        Transport transport = open();
        SocketTestClient client = SocketTestClient.connect(transport.address());

        client.sendRaw(concat(new byte[] {(byte) (FIN | TEXT), 0}, new byte[300_000]));

        assertThat(client.closeCode()).isEqualTo(1002);
    }

    @Test
    void oneConnectionTooManyIsToldToComeBackAndHarmsNobody() throws Exception {
        Transport transport = open(TestSettings.anyPort(changed -> {
            changed.sessions = 0;
            changed.handshakes = 2;
        }));
        SocketTestClient first = SocketTestClient.connect(transport.address());
        SocketTestClient second = SocketTestClient.connect(transport.address());
        try (Socket third = SocketTestClient.to(transport.address()).socket()) {
            assertThat(third.getInputStream().readAllBytes())
                    .asString()
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nRetry-After: 4\r\n");
        }

        first.close(1000, "");
        first.awaitEnd(SOON);
        await().atMost(SOON).until(() -> transport.connections() == 1);
        SocketTestClient.connect(transport.address()).abort();
        second.abort();
    }

    private static void assertEnded(Socket socket) {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static List<Thread> newThreads(List<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> !thread.getName().equals("test-client"))
                .filter(thread -> !thread.getName().startsWith("junit-"))
                .toList();
    }

    private static int openDescriptors() {
        String[] descriptors = new File("/proc/self/fd").list();
        return descriptors == null ? 0 : descriptors.length;
    }
}
