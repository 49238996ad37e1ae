package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Standstill;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Witness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A part that stands still for as long as it likes delays nobody else's messages, neither down nor up. */
class BlockedPartsTest {
    private static final Topic<Integer> NUMBERS = Topic.state("numbers", "any", Integer.class);
    private static final int ROUNDS = 200;

    private final Standstill standstill = new Standstill();
    private final FakeStore store = new FakeStore();
    private final FakeSink sink = new FakeSink();
    private final BrokerBuilder builder = RobotStreamBroker.builder()
            .port(0)
            .closeTimeout(Duration.ofMillis(200))
            .store(store)
            .logSink(sink);

    @AfterEach
    void letAllGoOn() {
        standstill.close();
        store.release();
        sink.release();
    }

    private RobotStreamBroker open() throws IOException {
        return builder.anonymousAccess(Permissions.all()).start();
    }

    @Test
    void aVerifier() throws Exception {
        TokenVerifier verifier = request -> {
            if (request.token().isEmpty()) {
                standstill.here();
            }
            return ClientPrincipal.of("operator", Permissions.all());
        };
        List<TestClient> waiting = new ArrayList<>();
        try (RobotStreamBroker broker = builder.tokenVerifier(verifier).start();
                Witness witness = new Witness(broker, "/wss?token=good")) {
            for (int i = 0; i < 12; i++) {
                waiting.add(SocketTestClient.to(broker.address()).requestUpgrade());
            }
            standstill.awaitReached();
            witness.seesRounds(ROUNDS);
            assertThat(standstill.holds()).isTrue();
        }
        waiting.forEach(TestClient::close);
    }

    @Test
    void aStore() throws Exception {
        store.blockDeaf();
        try (RobotStreamBroker broker = startWhileBlocked();
                Witness witness = new Witness(broker)) {
            store.awaitBlocked();
            witness.seesRounds(ROUNDS);
        }
    }

    /** Opening waits for the store, so that is let through. */
    private RobotStreamBroker startWhileBlocked() throws IOException {
        store.release();
        RobotStreamBroker broker = open();
        store.blockDeaf();
        broker.publish(NUMBERS, 1);
        return broker;
    }

    @Test
    void aSink() throws Exception {
        try (RobotStreamBroker broker = open();
                Witness witness = new Witness(broker)) {
            sink.block();
            broker.log(LogEntry.of(LogEntry.Level.INFO, "robot", "hello"));
            sink.awaitBlocked();
            witness.seesRounds(ROUNDS);
        }
    }

    @Test
    void aListener() throws Exception {
        try (RobotStreamBroker broker = builder.subscribe(NUMBERS, n -> standstill.here())
                        .anonymousAccess(Permissions.all())
                        .start();
                Witness witness = new Witness(broker)) {
            broker.publish(NUMBERS, 1);
            standstill.awaitReached();
            witness.seesRounds(ROUNDS);
            assertThat(standstill.holds()).isTrue();
        }
    }

    @Test
    void anExecutorOfTheApplicationDelaysListenersAndNoClient() throws Exception {
        try (RobotStreamBroker broker = builder.callbackExecutor(task -> standstill.here())
                        .subscribe(NUMBERS, n -> {})
                        .anonymousAccess(Permissions.all())
                        .start();
                TestClient client = SocketTestClient.connect(broker.address())) {
            client.send(Requests.subscribe("texts", 1));
            client.next();
            broker.publish(NUMBERS, 1);
            standstill.awaitReached();
            for (int i = 0; i < ROUNDS; i++) {
                broker.publish("texts", Payload.of("texts", "any", Integer.toString(i)));
                assertThat(client.next()).isEqualTo(Requests.delivered("texts", "any", Integer.toString(i)));
            }
            assertThat(standstill.holds()).isTrue();
        }
    }

    /** A codec that stands still where it reads or writes 1, and is quick otherwise. */
    private Topic<Integer> withCodec(boolean encodes) {
        return Topic.state("slow", "any", new TopicCodec<>() {
            @Override
            public String encode(Integer value) {
                if (encodes && value == 1) {
                    standstill.here();
                }
                return value.toString();
            }

            @Override
            public Integer decode(String json) {
                if (!encodes && json.equals("1")) {
                    standstill.here();
                }
                return Integer.valueOf(json);
            }
        });
    }

    @Test
    void aCodecThatWritesDelaysOnlyWhoPublishes() throws Exception {
        Topic<Integer> slow = withCodec(true);
        try (RobotStreamBroker broker = open();
                Witness witness = new Witness(broker)) {
            Thread publishing = new Thread(() -> broker.publish(slow, 1));
            publishing.start();
            standstill.awaitReached();
            witness.seesRounds(ROUNDS);
            broker.publish(slow, 2);
            assertThat(standstill.holds()).isTrue();
            standstill.close();
            publishing.join();
        }
    }

    @Test
    void aCodecThatReadsForAListenerDelaysOnlyThatListener() throws Exception {
        Topic<Integer> slow = withCodec(false);
        try (RobotStreamBroker broker = builder.subscribe(slow, n -> {})
                        .anonymousAccess(Permissions.all())
                        .start();
                Witness witness = new Witness(broker)) {
            broker.publish(slow, 1);
            standstill.awaitReached();
            witness.seesRounds(ROUNDS);
            assertThat(standstill.holds()).isTrue();
        }
    }

    @Test
    void aCodecThatChecksWhatAClientPublishesDelaysOnlyThatClient() throws Exception {
        Topic<Integer> slow = withCodec(false);
        BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        List<Witness> witnesses = new ArrayList<>();
        try (RobotStreamBroker broker =
                        builder.topic(slow).anonymousAccess(Permissions.all()).start();
                TestClient client = SocketTestClient.connect(broker.address())) {
            broker.subscribe(slow, heard::add);
            for (int i = 0; i < 4; i++) {
                witnesses.add(new Witness(broker)); // on each of the threads that decode
            }
            client.send(Requests.publish("slow", "1"));
            client.send(Requests.publish("slow", "2"));
            standstill.awaitReached();
            for (Witness witness : witnesses) {
                witness.seesRounds(ROUNDS / 4);
                witness.close();
            }
            assertThat(standstill.holds()).isTrue();
            standstill.close();
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }
}
