package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.connection.InMemoryTransport;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pages of history are made in turns of bounded work, whatever their messages are; the test has the broker take one turn a step. */
class HistoryRequestsTest {
    private static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");
    private static final Topic<String> MAP = Topic.state("map", "map", String.class);
    private static final int KIB = 1024;
    private static final String HISTORY = "{\"action\":\"history\",\"id\":5,\"topic\":\"";

    private final AtomicReference<InMemoryTransport> transport = new AtomicReference<>();
    private final RobotStreamBroker broker;

    HistoryRequestsTest() throws IOException {
        BrokerBuilder builder = RobotStreamBroker.builder()
                .logSink(LogSink.none())
                .anonymousAccess(Permissions.all())
                .limits(limits -> limits.history(10).queuedBytes(3 << 20));
        TestHooks.clock(builder, new SlowTurns());
        TestHooks.stepped(builder);
        TestHooks.transports(builder, (settings, tls, listener) -> {
            transport.set(InMemoryTransport.manual(settings, listener));
            return transport.get();
        });
        broker = builder.start();
    }

    /** Each turn takes all the time that a step has. */
    private static final class SlowTurns implements BrokerClock {
        private final AtomicLong nanos = new AtomicLong();

        @Override
        public long nanoTime() {
            return nanos.addAndGet(60_000);
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private TestClient connect() throws IOException {
        TestClient client = transport.get().connect();
        settle();
        return client;
    }

    private boolean step() {
        boolean more = TestHooks.step(broker);
        transport.get().settle();
        return more;
    }

    private void settle() {
        while (step()) {}
    }

    private String page(TestClient client, String topic) {
        client.send(HISTORY + topic + "\"}");
        settle();
        return client.poll().orElseThrow();
    }

    /** How many steps the broker takes until a page comes that begins so. */
    private int steps(TestClient client, String topic, String begin) {
        client.send(HISTORY + topic + "\"}");
        Optional<String> page = client.poll();
        int steps = 0;
        while (page.isEmpty()) {
            step();
            steps++;
            page = client.poll();
        }
        assertThat(page.get().substring(page.get().indexOf("\"messages\"")).startsWith(begin))
                .isTrue();
        return steps;
    }

    @Test
    void base64OfALargeMessageIsMadeInTurnsOfSome64KiB() throws Exception {
        byte[] picture = new byte[780_000];
        new Random(1).nextBytes(picture);
        TestClient client = connect();
        broker.publish(CAMERA, ByteBuffer.wrap(picture));
        settle();

        String base64 = Base64.getEncoder().encodeToString(picture);
        String begin = "\"messages\":[{\"data\":{\"name\":\"camera\",\"type\":\"image/jpeg\",\"data\":\"";
        assertThat(steps(client, "camera", begin + base64 + "\"},\"encoding\":\"base64\",\"seq\":1,"))
                .isGreaterThan(base64.length() / (80 * KIB));
    }

    @Test
    void aLargeValueIsCopiedInTurnsOfSome256KiB() throws Exception {
        String value = "é".repeat(500_000);
        TestClient client = connect();
        broker.publish(MAP, value);
        settle();

        String begin = "\"messages\":[{\"data\":{\"name\":\"map\",\"type\":\"map\",\"data\":\"";
        assertThat(steps(client, "map", begin + value + "\"},\"seq\":1,")).isGreaterThan(1_000_000 / (300 * KIB));
    }

    @Test
    void messagesOfSeveralTurnsStandOneBehindTheOther() throws Exception {
        byte[] picture = new byte[70_001];
        TestClient client = connect();
        for (int i = 1; i <= 4; i++) {
            picture[0] = (byte) i;
            broker.publish(CAMERA, ByteBuffer.wrap(picture));
        }
        settle();

        String[] found = page(client, "camera").split("\"data\":\"");
        assertThat(found).as("256 KiB a page").hasSize(1 + 3);
        for (int i = 1; i <= 3; i++) {
            picture[0] = (byte) i;
            assertThat(found[i].startsWith(Base64.getEncoder().encodeToString(picture) + "\"},\"enc"))
                    .isTrue();
        }
    }

    @Test
    void aPageThatIsBeingMadeHasRoomInWhatWaitsForAllClients() throws Exception {
        TestClient first = connect();
        TestClient second = connect();
        broker.publish(MAP, "x".repeat(900_000));
        settle();

        first.send(HISTORY + "map\"}");
        step();
        assertThat(page(second, "map")).as("one takes more than half").contains("\"overloaded\"");
        assertThat(first.next()).contains("\"ack\"");
        assertThat(page(second, "map").startsWith("{\"action\":\"ack\"")).isTrue();

        first.send(HISTORY + "map\"}");
        step();
        first.abort();
        settle();
        assertThat(page(second, "map").startsWith("{\"action\":\"ack\""))
                .as("the room of a client that has gone")
                .isTrue();
    }
}
