package io.github.robotstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Standstill;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever stands still, close returns within its time, tells the clients, and closes store and sink at most once. */
class CloseInTroubleTest {
    private static final Topic<Integer> NUMBERS = Topic.state("numbers", "any", Integer.class);
    private static final Topic<String> TEXTS = Topic.state("texts", "text", String.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration BOUND = TIMEOUT.multipliedBy(10);

    private final Leftovers leftovers = new Leftovers();
    private final FakeStore store = new FakeStore();
    private final FakeSink sink = new FakeSink();
    private final Standstill standstill = new Standstill();
    private final BrokerBuilder builder = RobotStreamBroker.builder()
            .port(0)
            .closeTimeout(TIMEOUT)
            .store(store)
            .logSink(sink);
    private final List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
    private Thread.UncaughtExceptionHandler former;

    @BeforeEach
    void watchThreads() {
        former = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> uncaught.add(fault));
    }

    @AfterEach
    void onceAllGoesOnNoThreadIsLeftAndStoreAndSinkWereClosedOnce() {
        standstill.close();
        store.release();
        sink.release();
        leftovers.awaitNoThread();
        Thread.setDefaultUncaughtExceptionHandler(former);
        assertThat(uncaught).isEmpty();
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(store.calls().stream().filter("close"::equals)).hasSize(1);
    }

    private RobotStreamBroker open() throws Exception {
        return builder.anonymousAccess(Permissions.all()).start();
    }

    /** A client that is in, not half way. */
    private static TestClient connected(RobotStreamBroker broker, String target) throws IOException {
        TestClient client = SocketTestClient.to(broker.address()).target(target).connect();
        client.send(Requests.publish("hello", "1", 1));
        client.next();
        return client;
    }

    private static TestClient connected(RobotStreamBroker broker) throws IOException {
        return connected(broker, "/wss");
    }

    private static void closesInTime(RobotStreamBroker broker, TestClient... told) {
        long begin = System.nanoTime();
        broker.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
        for (TestClient client : told) {
            assertThat(client.closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void clientsThatNeverRead() throws Exception {
        RobotStreamBroker broker = open();
        List<TestClient> stalled = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TestClient client = SocketTestClient.to(broker.address())
                    .receiveBuffer(16 * 1024)
                    .connect();
            client.send(Requests.subscribe("texts", 1));
            client.next();
            client.stopReading();
            stalled.add(client);
        }
        TestClient healthy = connected(broker);
        for (int i = 0; i < 2000; i++) {
            broker.publish(TEXTS, "x".repeat(2000));
        }
        await().until(() -> broker.stats().dropped() > 0);
        closesInTime(broker, healthy);
        stalled.forEach(TestClient::close);
    }

    @Test
    void clientsHalfWayIn() throws Exception {
        RobotStreamBroker broker = open();
        List<Socket> halfOpen = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = SocketTestClient.to(broker.address()).socket();
            socket.getOutputStream().write("GET /wss?token=abc HTTP/1.1\r\nHo".getBytes(US_ASCII));
            halfOpen.add(socket);
        }
        TestClient healthy = connected(broker);
        closesInTime(broker, healthy);
        for (Socket socket : halfOpen) {
            assertThat(endOf(socket)).as("the end of the stream").isTrue();
            socket.close();
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void aListenerThatStandsStill() throws Exception {
        RobotStreamBroker broker = builder.subscribe(NUMBERS, n -> standstill.here())
                .anonymousAccess(Permissions.all())
                .start();
        TestClient healthy = connected(broker);
        broker.publish(NUMBERS, 1);
        standstill.awaitReached();
        closesInTime(broker, healthy);
        assertThat(standstill.holds()).isTrue();
    }

    @Test
    void aListenerThatCannotKeepUpHearsNoMoreAfterTheEnd() throws Exception {
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch slowness = new CountDownLatch(1);
        RobotStreamBroker broker = builder.subscribe(NUMBERS, n -> {
                    heard.add(n);
                    slowness.await(5, TimeUnit.MILLISECONDS);
                })
                .anonymousAccess(Permissions.all())
                .start();
        for (int i = 0; i < 1000; i++) {
            broker.publish(NUMBERS, i);
        }
        closesInTime(broker);
        leftovers.awaitNoThread();
        assertThat(heard.size()).isLessThan(1000);
        BrokerStats stats = broker.stats();
        assertThat(stats.offered()).as("%s", stats).isEqualTo(stats.delivered() + stats.dropped());
        assertThat(stats.droppedByCause().get("ended")).isEqualTo(1000 - heard.size());
    }

    @Test
    void anExecutorOfTheApplicationThatStandsStill() throws Exception {
        RobotStreamBroker broker = builder.callbackExecutor(task -> standstill.here())
                .subscribe(NUMBERS, n -> {})
                .anonymousAccess(Permissions.all())
                .start();
        TestClient healthy = connected(broker);
        broker.publish(NUMBERS, 1);
        standstill.awaitReached();
        closesInTime(broker, healthy);
    }

    @Test
    void aStoreThatStandsStillAndIsDeaf() throws Exception {
        RobotStreamBroker broker = open();
        TestClient healthy = connected(broker);
        store.blockDeaf();
        broker.publish(NUMBERS, 1);
        store.awaitBlocked();
        closesInTime(broker, healthy);
        await("the sink's turn, while the store still stands").until(() -> sink.closed() == 1);
        assertThat(broker.stats().notStored()).isPositive();
    }

    @Test
    void aSinkThatStandsStill() throws Exception {
        RobotStreamBroker broker = open();
        TestClient healthy = connected(broker);
        sink.block();
        broker.log(LogEntry.of(LogEntry.Level.INFO, "robot", "hello"));
        sink.awaitBlocked();
        closesInTime(broker, healthy);
        assertThat(store.calls()).contains("close");
    }

    @Test
    void aVerifierThatStandsStill() throws Exception {
        TokenVerifier verifier = request -> {
            if (request.token().isEmpty()) {
                standstill.here();
            }
            return ClientPrincipal.of("operator", Permissions.all());
        };
        RobotStreamBroker broker = builder.tokenVerifier(verifier).start();
        TestClient healthy = connected(broker, "/wss?token=good");
        TestClient waiting = SocketTestClient.to(broker.address()).requestUpgrade();
        standstill.awaitReached();
        closesInTime(broker, healthy);
        assertThat(waiting.status()).isEqualTo(503);
        assertThat(standstill.holds()).isTrue();
    }

    @Test
    void aVerifierThatStandsStillThoughItSaidItNeverWould() throws Exception {
        TokenVerifier verifier = new TokenVerifier() {
            @Override
            public ClientPrincipal verify(AccessRequest request) {
                standstill.here();
                return ClientPrincipal.of("operator", Permissions.all());
            }

            @Override
            public boolean mayBlock() {
                return false;
            }
        };
        RobotStreamBroker broker = builder.tokenVerifier(verifier).start();
        SocketTestClient.to(broker.address()).requestUpgrade();
        standstill.awaitReached();
        closesInTime(broker);
        assertThat(standstill.holds()).isTrue();
    }

    @Test
    void everythingAtOnce() throws Exception {
        TokenVerifier verifier = request -> {
            if (request.token().isEmpty()) {
                standstill.here();
            }
            return ClientPrincipal.of("operator", Permissions.all());
        };
        RobotStreamBroker broker = builder.tokenVerifier(verifier)
                .subscribe(NUMBERS, n -> standstill.here())
                .start();
        TestClient stalled = SocketTestClient.to(broker.address())
                .target("/wss?token=good")
                .receiveBuffer(16 * 1024)
                .connect();
        stalled.send(Requests.subscribe("texts", 1));
        stalled.next();
        stalled.stopReading();
        TestClient waiting = SocketTestClient.to(broker.address()).requestUpgrade();
        Socket halfOpen = SocketTestClient.to(broker.address()).socket();
        store.blockDeaf();
        sink.block();
        for (int i = 0; i < 2000; i++) {
            broker.publish(NUMBERS, i);
            broker.publish(TEXTS, "x".repeat(2000));
        }
        store.awaitBlocked();
        sink.awaitBlocked();
        standstill.awaitReached();
        closesInTime(broker);
        assertThat(waiting.status()).isEqualTo(503);
        stalled.close();
        halfOpen.close();
    }

    @Test
    void aSinkThatClosesTheBrokerIsWaitedForNoLongerThanTheTimeout() throws Exception {
        AtomicReference<RobotStreamBroker> itself = new AtomicReference<>();
        CountDownLatch returned = new CountDownLatch(1);
        sink.onWrite(entry -> {
            if (entry.event().equals("enough")) {
                itself.get().close();
                returned.countDown();
            }
        });
        RobotStreamBroker broker = open();
        itself.set(broker);
        broker.log(LogEntry.of(LogEntry.Level.INFO, "enough", "stop"));
        assertThat(returned.await(BOUND.toNanos(), TimeUnit.NANOSECONDS)).isTrue();
        broker.awaitClose();
    }
}
