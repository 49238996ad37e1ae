package io.github.robotstream.internal.transport.jws;

import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.internal.transport.AdmittingListener;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.RecordingSession;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.transport.TransportCase;
import io.github.robotstream.internal.transport.TransportKind;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.Standstill;
import io.github.robotstream.testing.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reads that are decoded on the selector's thread. Which ones are depends on time, so each test goes on with new clients until those that it
 * is about were, and what the session sees is right each time.
 */
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"SOCKETS", "TLS"})
@Timeout(120)
class InlineReadsTest {
    private static final int ATTEMPTS = 500;
    private static final long PATIENCE_NANOS = 20_000_000;
    private static final String SELECTOR = "robotstream-selector";

    private final TransportKind kind;
    private final AtomicInteger inline = new AtomicInteger();
    private final Queue<String> threads = new ConcurrentLinkedQueue<>(); // of the messages
    private final Queue<String> handshakes = new ConcurrentLinkedQueue<>();
    private final AdmittingListener sessions = new AdmittingListener(connection -> new RecordingSession(connection) {
        @Override
        public void onText(byte[] utf8, long heldNanos) {
            threads.add(Thread.currentThread().getName());
            super.onText(utf8, heldNanos);
            String text = new String(utf8, StandardCharsets.UTF_8);
            if (text.startsWith("hold")) {
                held.orElseThrow().here();
            } else if (text.equals("fault")) {
                throw new IllegalStateException("fault");
            }
        }

        @Override
        public void onWritable() {
            super.onWritable();
            held.ifPresent(Standstill::here);
        }
    });
    private volatile Optional<Standstill> held = Optional.empty();
    private Transport transport;

    InlineReadsTest(TransportKind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws Exception {
        transport = kind.bind(TestSettings.withoutReadWindow(), new HandshakeListener() {
            @Override
            public void onHandshake(Handshake handshake) {
                handshakes.add(Thread.currentThread().getName());
                sessions.onHandshake(handshake);
            }

            @Override
            public void readInline(Runnable read) {
                read.run();
                inline.incrementAndGet();
            }

            @Override
            public void onFault(String what, Throwable fault, long number) {}
        });
    }

    @AfterEach
    void close() {
        transport.close(TestClient.SOON);
    }

    private TestClient connect() throws Exception {
        return kind.connect(transport, "/wss?token=secret", Map.of());
    }

    /** Sends each piece when the selector has rested and has decoded the last one itself; false if it did not decode one. */
    private boolean sendInline(TestClient client, byte[]... pieces) {
        for (byte[] piece : pieces) {
            int before = inline.get();
            sendAlone(client, piece);
            long began = System.nanoTime();
            while (inline.get() == before) {
                if (System.nanoTime() - began > PATIENCE_NANOS) {
                    return false;
                }
                Thread.onSpinWait();
            }
        }
        return true;
    }

    private void sendAlone(TestClient client, byte[] piece) {
        LockSupport.parkNanos(this, 5 * InlineReads.REST_NANOS);
        client.sendRaw(piece);
    }

    private interface Attempt {
        /** Whether all was decoded by the selector's thread that should be. */
        boolean make(TestClient client, RecordingSession session) throws Exception;
    }

    private void untilInline(Attempt attempt) throws Exception {
        for (int i = 0; i < ATTEMPTS; i++) {
            try (TestClient client = connect()) {
                if (attempt.make(client, sessions.next())) {
                    return;
                }
            }
        }
        throw new AssertionError("the selector's thread has not decoded it in " + ATTEMPTS + " attempts");
    }

    @Test
    void aMessageThatComesAloneIsDecodedByTheSelectorsThread() throws Exception {
        untilInline((client, session) -> {
            boolean alone = sendInline(client, ClientFrames.text("alone"));
            assertThat(session.nextText()).isEqualTo("alone");
            return alone && threads.contains(SELECTOR);
        });
    }

    @Test
    void theOrderIsKeptWhereBothDecode() throws Exception {
        int rounds = 300;
        untilInline((client, session) -> {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                for (int j = 0; j < i % 8; j++) {
                    sent.add(i + " " + j + (j == 3 ? "x".repeat(20_000) : ""));
                    client.send(sent.get(sent.size() - 1));
                }
                sendInline(client, ClientFrames.text("alone " + i));
                sent.add("alone " + i);
            }
            for (String text : sent) {
                assertThat(session.nextText()).isEqualTo(text);
            }
            client.close(1000, "");
            session.awaitClosed(); // which checks that nothing came beside something else
            return threads.contains(SELECTOR)
                    && threads.stream().anyMatch(name -> name.startsWith("robotstream-decoder"));
        });
    }

    @Test
    void whatAWorkerHasNotDecodedYetComesFirst() throws Exception {
        String large = "x".repeat(InlineReads.MAX_BYTES);
        for (int i = 0; i < 20; i++) {
            Standstill standstill = new Standstill();
            try (TestClient client = connect()) {
                held = Optional.of(standstill);
                final RecordingSession session = sessions.next();
                client.send("hold" + large);
                standstill.awaitReached();
                sendAlone(client, ClientFrames.text(large));
                sendAlone(client, ClientFrames.text("last"));
                LockSupport.parkNanos(this, 5 * InlineReads.REST_NANOS);
                held = Optional.empty();
                standstill.close();
                assertThat(session.nextText()).startsWith("hold");
                assertThat(session.nextText()).isEqualTo(large);
                assertThat(session.nextText()).isEqualTo("last");
            }
        }
    }

    /** Has clients send a message each while the selector's thread stands still, so that it finds all at once; how many it decodes itself. */
    private int decodedOf(int clients) throws Exception {
        List<TestClient> senders = new ArrayList<>();
        List<RecordingSession> receivers = new ArrayList<>();
        Standstill standstill = new Standstill();
        try (TestClient slow = connect()) {
            RecordingSession full = sessions.next();
            for (int i = 0; i < clients; i++) {
                senders.add(connect());
                receivers.add(sessions.next());
            }
            slow.stopReading();
            TransportCase.fill(full);
            held = Optional.of(standstill);
            slow.resumeReading();
            standstill.awaitReached();
            int before = inline.get();
            senders.forEach(sender -> sender.send("together"));
            LockSupport.parkNanos(this, 5 * InlineReads.REST_NANOS);
            standstill.close();
            for (RecordingSession receiver : receivers) {
                assertThat(receiver.nextText()).isEqualTo("together");
            }
            return inline.get() - before;
        } finally {
            senders.forEach(TestClient::abort);
        }
    }

    @Test
    void oneOfTwoThatComeTogetherIsDecodedByTheSelectorsThreadAndBothArrive() throws Exception {
        assertThat(decodedOf(2)).isPositive();
    }

    @Test
    void manyThatComeTogetherAreForTheWorkers() throws Exception {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < 10 && least > 0; i++) {
            least = Math.min(least, decodedOf(20)); // of the last few one may be, after a rest that was long enough
        }
        assertThat(least).isZero();
    }

    @Test
    void oneThatComesAloneIsDecodedByTheSelectorsThreadHoweverManyHaveComeBefore() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        try (TestClient slow = connect()) {
            slow.stopReading();
            TransportCase.fill(sessions.next()); // so that its socket is selected for writing, beside the others
            slow.resumeReading();
            for (int i = 0; i < 20; i++) {
                clients.add(connect());
            }
            boolean all = false;
            for (int i = 0; i < 50 && !all; i++) {
                all = true;
                for (TestClient client : clients) {
                    all &= sendInline(client, ClientFrames.text("alone"));
                }
            }
            assertThat(all).isTrue();
        } finally {
            clients.forEach(TestClient::abort);
        }
    }

    @Test
    void aLargeReadIsForAWorker() throws Exception {
        try (TestClient client = connect()) {
            RecordingSession session = sessions.next();
            for (int i = 0; i < 20; i++) {
                sendAlone(client, ClientFrames.text("x".repeat(InlineReads.MAX_BYTES)));
                assertThat(session.nextText()).hasSize(InlineReads.MAX_BYTES);
            }
            assertThat(inline).hasValue(0);
        }
    }

    @Test
    void whatComesBeforeTheWebSocketIsOpenIsForAWorker() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (TestClient client = connect()) {
                assertThat(client.status()).isEqualTo(101);
                LockSupport.parkNanos(this, 5 * InlineReads.REST_NANOS);
            }
        }
        assertThat(handshakes).hasSize(20).doesNotContain(SELECTOR);
    }

    @Test
    void aFrameInPiecesIsPutTogether() throws Exception {
        byte[] frame = ClientFrames.text("a frame in pieces");
        untilInline((client, session) -> {
            boolean all = sendInline(
                    client,
                    Arrays.copyOfRange(frame, 0, 1),
                    Arrays.copyOfRange(frame, 1, 9),
                    Arrays.copyOfRange(frame, 9, frame.length));
            if (all) {
                assertThat(session.nextText()).isEqualTo("a frame in pieces");
            }
            return all;
        });
    }

    @Test
    void aCloseIsAnswered() throws Exception {
        untilInline((client, session) -> {
            boolean alone = sendInline(client, ClientFrames.close(1000, "done"));
            assertThat(session.awaitClosed()).isEqualTo("1000 done by peer");
            assertThat(client.closeCode(TestClient.SOON)).isEqualTo(1000);
            client.awaitEnd(TestClient.SOON);
            return alone;
        });
    }

    @Test
    void aViolationIsTold() throws Exception {
        untilInline((client, session) -> {
            boolean alone = sendInline(client, bytes(FIN | TEXT, 0));
            assertThat(client.closeCode(TestClient.SOON)).isEqualTo(1002);
            assertThat(session.awaitClosed()).startsWith("1002 ").endsWith(" by us");
            return alone;
        });
    }

    @Test
    void aSessionThatThrowsHarmsNoOther() throws Exception {
        try (TestClient other = connect()) {
            RecordingSession unharmed = sessions.next();
            untilInline((client, session) -> {
                boolean alone = sendInline(client, ClientFrames.text("fault"));
                assertThat(client.closeCode(TestClient.SOON)).isEqualTo(1011);
                return alone;
            });
            other.send("goes on");
            assertThat(unharmed.nextText()).isEqualTo("goes on");
        }
    }

    @Test
    void aLeavingClientIsNoticedAfterItsLastMessage() throws Exception {
        untilInline((client, session) -> {
            boolean alone = sendInline(client, ClientFrames.text("last words"));
            client.abort();
            assertThat(session.awaitClosed()).endsWith(" by peer");
            assertThat(session.texts).containsExactly("last words");
            return alone;
        });
    }
}
