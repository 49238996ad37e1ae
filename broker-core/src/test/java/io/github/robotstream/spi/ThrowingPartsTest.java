package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Thrown;
import io.github.robotstream.testing.Witness;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever user code throws is logged and counted, and the broker serves on. */
class ThrowingPartsTest {
    private static final Topic<Integer> NUMBERS = Topic.state("numbers", "any", Integer.class);

    private final FakeStore store = new FakeStore();
    private final FakeSink sink = new FakeSink();
    private final AtomicBoolean failing = new AtomicBoolean(true);
    private final BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
    private final BrokerBuilder builder = RobotStreamBroker.builder()
            .port(0)
            .closeTimeout(Duration.ofSeconds(2))
            .anonymousAccess(Permissions.all())
            .store(store)
            .logSink(sink);

    private void failOnce(Thrown thrown) {
        if (failing.compareAndSet(true, false)) {
            thrown.<RuntimeException>hurl();
        }
    }

    @AfterEach
    void clientsMayNotReadWhatWasThrown() {
        assertThat(sink.entries())
                .extracting(LogEntry::message)
                .noneMatch(text -> text.contains("on purpose") || text.contains("java.") || text.contains("Thrown"));
    }

    @AfterEach
    void theStoreWasClosed() {
        assertThat(store.calls()).contains("close");
        assertThat(sink.closed()).isEqualTo(1);
    }

    private void awaitEvent(String event) {
        await("event " + event).untilAsserted(() -> assertThat(sink.events()).contains(event));
    }

    private static void servesOn(RobotStreamBroker broker) throws Exception {
        try (Witness witness = new Witness(broker)) {
            witness.seesRounds(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStore(Thrown thrown) throws Exception {
        try (RobotStreamBroker broker = builder.start()) {
            store.failWith(thrown.make());
            broker.publish(NUMBERS, 1);
            awaitEvent("store_failed");
            assertThat(broker.stats().notStored()).isEqualTo(1);
            store.failWith(null);
            servesOn(broker);
            await().until(() -> !store.batches().isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStoreAtItsEnd(Thrown thrown) throws Exception {
        try (RobotStreamBroker broker = builder.start()) {
            servesOn(broker);
            store.failWith(thrown.make());
        }
        assertThat(sink.events()).contains("store_failed");
    }

    @ParameterizedTest
    @EnumSource
    void aSink(Thrown thrown) throws Exception {
        try (RobotStreamBroker broker = builder.start();
                TestClient reader = SocketTestClient.connect(broker.address())) {
            reader.send(Requests.subscribe("server_logs"));
            sink.failWith(thrown.make());
            broker.log(LogEntry.of(LogEntry.Level.INFO, "robot", "hello"));
            String told = reader.next();
            while (!told.contains("\"sink_failed\"")) {
                told = reader.next();
            }
            assertThat(broker.stats().notLogged()).isPositive();
            servesOn(broker);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListener(Thrown thrown) throws Exception {
        try (RobotStreamBroker broker = builder.subscribe(NUMBERS, n -> {
                    if (n == 1) {
                        thrown.<Exception>hurl();
                    }
                    heard.add(n);
                })
                .start()) {
            hearsOnlyTheSecond(broker, NUMBERS);
            awaitEvent("listener_failed");
            assertThat(broker.stats().failures()).isPositive();
        }
    }

    /** A codec that cannot read, or cannot write, the first value. */
    private Topic<Integer> withCodec(boolean encodes, Thrown thrown) {
        return Topic.state("coded", "any", new TopicCodec<>() {
            @Override
            public String encode(Integer value) throws Exception {
                if (encodes && value == 1) {
                    thrown.<Exception>hurl();
                }
                return value.toString();
            }

            @Override
            public Integer decode(String json) throws Exception {
                if (!encodes && json.equals("1")) {
                    thrown.<Exception>hurl();
                }
                return Integer.valueOf(json);
            }
        });
    }

    private void hearsOnlyTheSecond(RobotStreamBroker broker, Topic<Integer> topic) throws Exception {
        assertThat(broker.publish(topic, 1)).isTrue();
        assertThat(broker.publish(topic, 2)).isTrue();
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
        servesOn(broker);
    }

    @ParameterizedTest
    @EnumSource
    void aCodecThatReadsForAListener(Thrown thrown) throws Exception {
        Topic<Integer> coded = withCodec(false, thrown);
        try (RobotStreamBroker broker = builder.subscribe(coded, heard::add).start()) {
            hearsOnlyTheSecond(broker, coded);
            awaitEvent("listener_failed");
            assertThat(broker.stats().failures()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCodecThatReadsForALoopOrTheLatestValue(Thrown thrown) throws Exception {
        Topic<Integer> coded = withCodec(false, thrown);
        try (RobotStreamBroker broker = builder.start();
                Input<Integer> input = broker.input(coded)) {
            broker.publish(coded, 1);
            await().until(() ->
                    broker.stats().published() > 0 && !broker.latest(coded).isPresent());
            assertThat(input.latestOr(-1, Duration.ofMinutes(1))).isEqualTo(-1);
            assertThat(input.drain()).isEmpty();
            awaitEvent("listener_failed");
            assertThat(broker.stats().failures()).isPositive();
            broker.publish(coded, 2);
            await().until(() -> input.latestOr(-1, Duration.ofMinutes(1)) == 2);
            assertThat(broker.latest(coded)).contains(2);
            servesOn(broker);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCodecThatChecksWhatAClientPublishes(Thrown thrown) throws Exception {
        Topic<Integer> coded = withCodec(false, thrown);
        try (RobotStreamBroker broker = builder.subscribe(coded, heard::add).start();
                TestClient client = SocketTestClient.connect(broker.address())) {
            client.send(Requests.publish("coded", "1", 1));
            assertThat(client.next()).contains("\"type_mismatch\"");
            client.send(Requests.publish("coded", "2", 2));
            assertThat(client.next()).contains("\"ack\"", "\"seq\":1");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
            servesOn(broker);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCodecThatWrites(Thrown thrown) throws Exception {
        Topic<Integer> coded = withCodec(true, thrown);
        try (RobotStreamBroker broker = builder.start()) {
            assertThat(broker.publish(coded, 1)).isFalse();
            assertThat(broker.stats().refused()).isEqualTo(1);
            awaitEvent("publish_refused");
            assertThat(broker.publish(coded, 2)).isTrue();
            servesOn(broker);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorOfTheApplication(Thrown thrown) throws Exception {
        try (RobotStreamBroker broker = builder.callbackExecutor(task -> {
                    failOnce(thrown);
                    task.run();
                })
                .subscribe(NUMBERS, heard::add)
                .start()) {
            broker.publish(NUMBERS, 1);
            awaitEvent("internal_fault");
            broker.publish(NUMBERS, 2);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
            servesOn(broker);
        }
    }
}
