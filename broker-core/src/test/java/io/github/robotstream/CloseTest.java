package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Witness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

/** What a broker does when it is closed, all being well; {@link CloseInTroubleTest} has the rest. */
class CloseTest {
    private static final Topic<Integer> NUMBERS = Topic.state("numbers", "any", Integer.class);

    private final Leftovers leftovers = new Leftovers();
    private final FakeStore store = new FakeStore();
    private final FakeSink sink = new FakeSink();
    private final BrokerBuilder builder = RobotStreamBroker.builder()
            .port(0)
            .anonymousAccess(Permissions.all())
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
    void noThreadIsLeftAndNoneDiedOfAFault() {
        leftovers.awaitNoThread();
        Thread.setDefaultUncaughtExceptionHandler(former);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void everyClientIsToldThatTheRobotGoesDown() throws Exception {
        RobotStreamBroker broker = builder.start();
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(SocketTestClient.connect(broker.address()));
        }
        await().until(() -> broker.sessions().size() == 20); // not half way in any more
        broker.close();
        for (TestClient client : clients) {
            assertThat(client.closeCode()).isEqualTo(1001);
            client.awaitEnd(TestClient.SOON);
        }
    }

    @Test
    void theEndOfEverySessionIsTold() throws Exception {
        RobotStreamBroker broker = builder.start();
        for (int i = 0; i < 150; i++) {
            SocketTestClient.connect(broker.address());
        }
        await().until(() -> broker.sessions().size() == 150);
        broker.close();
        assertThat(sink.events()).filteredOn("client_disconnected"::equals).hasSize(150);
        assertThat(broker.sessions()).isEmpty();
    }

    @Test
    void whatWasPublishedBeforeReachesClientsAndListenersInOrder() throws Exception {
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        RobotStreamBroker broker = builder.subscribe(NUMBERS, heard::add).start();
        try (TestClient client = SocketTestClient.connect(broker.address())) {
            client.send(Requests.subscribe("numbers", 1));
            client.next();
            for (int i = 0; i < 500; i++) {
                assertThat(broker.publish(NUMBERS, i)).isTrue();
            }
            broker.close();
            for (int i = 0; i < 500; i++) {
                assertThat(client.next()).isEqualTo(Requests.delivered("numbers", "any", Integer.toString(i)));
                assertThat(heard.get(i)).isEqualTo(i);
            }
            assertThat(client.closeCode()).isEqualTo(1001);
        }
        assertThat(store.batches().stream().mapToInt(List::size).sum()).isEqualTo(500);
    }

    @Test
    void aClientThatIsSlowHasHalfOfTheTimeToGetWhatWaitsForIt() throws Exception {
        RobotStreamBroker broker = builder.closeTimeout(Duration.ofSeconds(20)).start();
        Topic<String> texts = Topic.state("texts", "text", String.class);
        try (TestClient client =
                SocketTestClient.to(broker.address()).receiveBuffer(16 * 1024).connect()) {
            client.send(Requests.subscribe("texts", 1));
            client.next();
            client.stopReading();
            for (int i = 0; i < 1000; i++) {
                broker.publish(texts, i + "x".repeat(2000));
            }
            Thread closing = new Thread(broker::close);
            closing.start();
            // Nothing but a client that reads again lets the queue empty.
            while (broker.publish(NUMBERS, 0)) {
                Thread.onSpinWait();
            }
            client.resumeReading();
            for (int i = 0; i < 1000; i++) {
                assertThat(client.next()).contains("\"data\":\"" + i + "x");
            }
            assertThat(client.closeCode()).isEqualTo(1001);
            closing.join();
        }
    }

    @Test
    void aListenerThatClosesReturnsAndTheBrokerEnds() throws Exception {
        closesFromAListener(builder);
    }

    @Test
    void aListenerOnTheApplicationsExecutorThatClosesReturnsAndTheBrokerEnds() throws Exception {
        closesFromAListener(builder.callbackExecutor(Runnable::run));
    }

    private void closesFromAListener(BrokerBuilder started) throws Exception {
        AtomicReference<RobotStreamBroker> itself = new AtomicReference<>();
        CountDownLatch returned = new CountDownLatch(1);
        RobotStreamBroker broker = started.closeTimeout(Duration.ofSeconds(60))
                .subscribe(NUMBERS, n -> {
                    itself.get().close();
                    returned.countDown();
                })
                .start();
        itself.set(broker);
        broker.publish(NUMBERS, 1);
        assertThat(returned.await(10, TimeUnit.SECONDS)).isTrue();
        broker.awaitClose();
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(broker.publish(NUMBERS, 2)).isFalse();
    }

    @Test
    void closingTwiceClosesOnce() throws Exception {
        RobotStreamBroker broker = builder.start();
        broker.close();
        broker.close();
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(store.calls()).containsExactly("open", "close");
    }

    @Test
    void whoeverClosesReturnsWhenAllIsEnded() throws Exception {
        RobotStreamBroker broker = builder.start();
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> closedAtReturn = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Thread thread = new Thread(() -> {
                awaitQuietly(go);
                broker.close();
                closedAtReturn.add(sink.closed());
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join(10_000);
        }
        assertThat(closedAtReturn).hasSize(16).containsOnly(1);
        assertThat(store.calls()).containsExactly("open", "close");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aThreadThatIsInterruptedStaysSoAndTheBrokerEndsAllTheSame() throws Exception {
        RobotStreamBroker broker = builder.start();
        TestClient client = SocketTestClient.connect(broker.address());
        await().until(() -> !broker.sessions().isEmpty());
        Thread.currentThread().interrupt();
        broker.close();
        assertThat(Thread.interrupted()).isTrue();
        broker.awaitClose();
        assertThat(client.closeCode()).isEqualTo(1001);
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(store.calls()).containsExactly("open", "close");
    }

    @Test
    void awaitCloseWaitsForTheEnd() throws Exception {
        RobotStreamBroker broker = builder.start();
        List<Integer> closedAtReturn = Collections.synchronizedList(new ArrayList<>());
        Thread waiting = new Thread(() -> {
            try {
                broker.awaitClose();
                closedAtReturn.add(sink.closed());
            } catch (InterruptedException e) {
                closedAtReturn.add(-1);
            }
        });
        waiting.start();
        Thread interrupted = new Thread(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(broker::awaitClose).isInstanceOf(InterruptedException.class);
            broker.publish(NUMBERS, 1);
        });
        interrupted.start();
        interrupted.join(10_000);
        assertThat(closedAtReturn).isEmpty();
        broker.close();
        waiting.join(10_000);
        assertThat(closedAtReturn).containsExactly(1);
        assertThat(broker.stats().published()).as("the broker went on").isPositive();
    }

    @Test
    void afterwardsNothingIsTaken() throws Exception {
        RobotStreamBroker broker = builder.start();
        broker.close();
        assertThat(broker.publish(NUMBERS, 1)).isFalse();
        assertThat(broker.publish("numbers", Payload.of("numbers", "any", "1"))).isFalse();
        assertThat(broker.stats().refused()).isEqualTo(2);
        assertThatThrownBy(() -> broker.subscribe(NUMBERS, n -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> broker.input(NUMBERS)).isInstanceOf(IllegalStateException.class);
        assertThat(broker.sessions()).isEmpty();
        assertThat(broker.disconnect("c-1", "gone")).isFalse();
        assertThat(broker.latest(NUMBERS)).isEmpty();
        broker.clear(NUMBERS);
        broker.awaitClose();
    }

    @Test
    void robotCodeThatPublishesWhileTheBrokerIsBeingClosedIsNoError() throws Exception {
        AtomicReference<RobotStreamBroker> itself = new AtomicReference<>();
        RobotStreamBroker broker = builder.listener(new BrokerListener() {
                    @Override
                    public void sessionClosed(SessionSnapshot session, int code, String reason) {
                        itself.get().publish(NUMBERS, 1);
                    }
                })
                .start();
        itself.set(broker);
        SocketTestClient.connect(broker.address());
        await().until(() -> broker.sessions().size() == 1);
        broker.close();
        assertThat(sink.entries())
                .filteredOn(entry -> entry.event().equals("publish_refused"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.level()).isEqualTo(LogEntry.Level.INFO));
    }

    @Test
    void thePortIsFreeAtOnceThoughClientsWereThere() throws Exception {
        RobotStreamBroker broker = builder.start();
        int port = broker.address().getPort();
        SocketTestClient.connect(broker.address());
        SocketTestClient.connect(broker.address()).stopReading();
        broker.close();
        try (RobotStreamBroker next = RobotStreamBroker.builder()
                        .port(port)
                        .anonymousAccess(Permissions.all())
                        .logSink(new FakeSink())
                        .start();
                Witness witness = new Witness(next)) {
            witness.seesRounds(3);
        }
    }

    @Test
    void aStartThatFailedLeavesTryWithResourcesNothingToClose() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> {
                        try (RobotStreamBroker broker =
                                builder.port(taken.getLocalPort()).start()) {
                            throw new AssertionError("it runs: " + broker);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasNoSuppressedExceptions();
        }
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(store.calls()).containsExactly("open", "close");
    }
}
