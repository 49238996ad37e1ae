package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.internal.TransportFactory;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Witness;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A start either makes a broker that serves, or tells why not and leaves nothing behind. */
class StartTest {
    private static final Topic<Integer> NUMBERS = Topic.state("numbers", "any", Integer.class);

    private final Leftovers leftovers = new Leftovers();
    private final FakeStore store = new FakeStore();
    private final FakeSink sink = new FakeSink();
    private final BrokerBuilder builder = RobotStreamBroker.builder()
            .port(0)
            .anonymousAccess(Permissions.all())
            .store(store)
            .logSink(sink);

    @AfterEach
    void nothingIsLeftRunning() {
        leftovers.awaitNoThread();
    }

    @Test
    void aTakenPortIsAnIOExceptionThatNamesItAndNothingIsLeft() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(builder.port(taken.getLocalPort())::start)
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1, port " + taken.getLocalPort() + ": ")
                    .hasMessageContaining("a port that no other program has");
        }
        leftovers.awaitNoThread();
        assertThat(store.calls()).containsExactly("open", "close");
        assertThat(sink.closed()).isEqualTo(1);
        assertThat(sink.events()).doesNotContain("broker_stopping");
    }

    @Test
    void afterATakenPortTheSameBuilderStartsOnAnother() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(builder.port(taken.getLocalPort())::start).isInstanceOf(IOException.class);
            try (RobotStreamBroker broker = builder.port(0).start();
                    Witness witness = new Witness(broker)) {
                witness.seesRounds(3);
            }
        }
        assertThat(sink.events()).as("the log of the second start").contains("broker_started", "broker_stopping");
        assertThat(sink.closed()).as("once a start").isEqualTo(2);
        assertThat(store.calls().stream().filter(call -> !call.startsWith("append")))
                .containsExactly("open", "close", "open", "close");
    }

    @Test
    void anAddressOfAnotherMachineIsAnIOExceptionThatNamesIt() {
        assertThatThrownBy(builder.host("192.0.2.1")::start) // RFC 5737: nobody has it
                .isInstanceOf(IOException.class)
                .hasMessageContaining("192.0.2.1");
        assertThat(store.calls()).containsExactly("open", "close");
    }

    @Test
    void aHostThatIsNotKnownIsAnIOExceptionThatNamesIt() {
        assertThatThrownBy(builder.host("robot.invalid")::start) // RFC 2606 section 2
                .isInstanceOf(IOException.class)
                .hasMessageContaining("robot.invalid");
        assertThat(store.calls()).containsExactly("open", "close");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                        new IOException("the disk is full"),
                        new IllegalStateException("the disk is full"),
                        new StackOverflowError("the disk is full"),
                        new OutOfMemoryError("the disk is full"))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aStoreThatDoesNotOpenIsAnIOExceptionWhateverItThrows(Throwable failure) {
        store.failWith(failure);
        assertThatThrownBy(builder::start).isInstanceOf(IOException.class).hasMessageContaining("the disk is full");
        assertThat(store.calls()).containsExactly("open", "close");
        leftovers.awaitNoThread();
        assertThat(sink.closed()).isEqualTo(1);
    }

    @Test
    void aSubscriptionThatCannotBeMadeFailsTheStartAndNothingIsLeft() {
        TransportFactory noPort = (settings, tls, listener) -> {
            throw new AssertionError("the port is opened");
        };
        assertThatThrownBy(builder.inTest(hooks -> hooks.transports = noPort)
                        .subscribe(NUMBERS, n -> {}, s -> s.queueLimit(-1))::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("queueLimit");
        assertThat(store.calls()).containsExactly("open", "close");
    }

    @Test
    void theNameOfAServiceIsRefusedAtOnceAndASecondHandlerAtTheStart() {
        for (String name : List.of("", "a/+", "#", "$stats", "server_logs")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.handle(name, String.class, Void.class, (text, call) -> null));
        }
        builder.withoutNetwork()
                .handle("say", String.class, Void.class, (text, call) -> null)
                .handle("say", String.class, Void.class, (text, call) -> null);
        assertThatIllegalArgumentException().isThrownBy(builder::start).withMessageContaining("has a handler already");
    }

    @Test
    void anInterruptEndsTheStartWithAnIOExceptionAndNothingIsLeft() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(builder::start).isInstanceOf(IOException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        leftovers.awaitNoThread();
        assertThat(store.calls()).containsExactly("open", "close");
    }

    @Test
    void portZeroTakesAnyThatIsFreeAndTellsWhich() throws Exception {
        try (RobotStreamBroker one = builder.start();
                RobotStreamBroker other = RobotStreamBroker.builder()
                        .port(0)
                        .logSink(LogSink.none())
                        .anonymousAccess(Permissions.all())
                        .start()) {
            assertThat(one.address().getPort())
                    .isPositive()
                    .isNotEqualTo(other.address().getPort());
            SocketTestClient.connect(one.address()).close();
            SocketTestClient.connect(other.address()).close();
        }
    }

    @Test
    void withoutNetworkRobotCodeTalksToItselfAndNoPortIsOpen() throws Exception {
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        TransportFactory noPort = (settings, tls, listener) -> {
            throw new AssertionError("the port is opened");
        };
        try (RobotStreamBroker broker = builder.withoutNetwork()
                .inTest(hooks -> hooks.transports = noPort)
                .subscribe(NUMBERS, heard::add)
                .start()) {
            broker.publish(NUMBERS, 1);
            broker.publish(NUMBERS, 2);
            await().untilAsserted(() -> assertThat(heard).containsExactly(1, 2));
            await().until(() -> broker.latest(NUMBERS).isPresent());
            assertThat(broker.sessions()).isEmpty();
        }
    }

    @Test
    void subscriptionsOfTheBuilderHearTheVeryFirstMessageOfTheFirstClient() throws Exception {
        List<Integer> heard = Collections.synchronizedList(new ArrayList<>());
        List<Message> heardByFilter = Collections.synchronizedList(new ArrayList<>());
        // The client is there before start() returns: at the first moment at which anybody can be.
        TransportFactory clientAtOnce = (settings, tls, listener) -> {
            Transport transport = TransportFactory.WEB_SOCKET.open(settings, tls, listener);
            try (TestClient client = SocketTestClient.connect(transport.address())) {
                client.send(Requests.publish("numbers", "7", 1));
                assertThat(client.next()).contains("\"seq\":1", "\"subscribers\":2");
            }
            return transport;
        };
        builder.subscribe(NUMBERS, heard::add)
                .subscribe(TopicFilter.of("#"), heardByFilter::add)
                .inTest(hooks -> hooks.transports = clientAtOnce)
                .start()
                .close();
        assertThat(heard).containsExactly(7);
        assertThat(heardByFilter).extracting(Message::topic).containsExactly("numbers");
    }

    @Test
    void aBlockedSinkDelaysNoStart() throws Exception {
        sink.block();
        try (RobotStreamBroker broker =
                        builder.closeTimeout(Duration.ofMillis(200)).start();
                Witness witness = new Witness(broker)) {
            sink.awaitBlocked();
            witness.seesRounds(3);
        } finally {
            sink.release();
        }
    }

    @Test
    void twoHundredStartsAndEndsLeaveNoThreadAndNoDescriptor() throws Exception {
        startServeAndEnd(); // whatever is made once is made now
        leftovers.awaitNoThread();
        long before = Leftovers.descriptors();
        for (int i = 0; i < 200; i++) {
            startServeAndEnd();
        }
        leftovers.awaitNoThread();
        // The test's own sockets are closed by their reading threads, a little later.
        await().untilAsserted(() -> assertThat(Leftovers.descriptors()).isLessThanOrEqualTo(before + 10));
    }

    private static void startServeAndEnd() throws IOException {
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                        .port(0)
                        .anonymousAccess(Permissions.all())
                        .logSink(LogSink.none())
                        .subscribe(NUMBERS, n -> {})
                        .start();
                TestClient client = SocketTestClient.connect(broker.address())) {
            client.send(Requests.publish("numbers", "1", 1));
            assertThat(client.next()).contains("\"subscribers\":1");
        }
    }
}
