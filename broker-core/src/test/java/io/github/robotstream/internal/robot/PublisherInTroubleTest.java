package io.github.robotstream.internal.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers that are interrupted, and publishers beside clients that talk: over real sockets, nothing stays behind. */
@Timeout(60)
class PublisherInTroubleTest {
    private static final Topic<Integer> NUMBERS = Topic.state("numbers", "any", Integer.class);
    private static final int EACH = 20_000;
    private static final int AHEAD = 400; // of what the client has read, so that nothing is lost

    private RobotStreamBroker broker;
    private SocketTestClient client;

    @BeforeEach
    void start() throws Exception {
        broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none())
                .start();
        client = SocketTestClient.connect(broker.address());
        client.send(Requests.subscribe("numbers", 1));
        assertThat(client.next()).contains("\"ack\"");
    }

    @AfterEach
    void close() {
        client.abort();
        broker.close();
    }

    @Test
    void anInterruptedPublisherPublishesStaysInterruptedAndHarmsNoConnection() {
        for (int i = 0; i < 100; i++) {
            Thread.currentThread().interrupt();
            boolean taken = broker.publish(NUMBERS, i);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(taken).isTrue();
            assertThat(client.next()).endsWith("\"data\":" + i + "}}");
        }
    }

    @Test
    void noMessageWaitsForTheNextOneUnderTwoPublishersAndAClientThatTalks() throws Exception {
        ExecutorService publishers = Executors.newFixedThreadPool(2);
        try {
            Semaphore mayPublish = new Semaphore(AHEAD);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                all.add(publishers.submit(() -> publishAll(mayPublish)));
            }
            byte[] ping = ClientFrames.ping("and you?");
            for (int i = 0; i < 2 * EACH; i++) {
                client.next(); // a wakeup that is lost leaves this without an answer
                mayPublish.release();
                if (i % 10 == 0) {
                    client.sendRaw(ping);
                }
            }
            for (Future<?> one : all) {
                one.get(10, TimeUnit.SECONDS);
            }
            assertThat(broker.stats().dropped()).isZero();
        } finally {
            publishers.shutdownNow();
        }
    }

    private void publishAll(Semaphore mayPublish) {
        for (int i = 0; i < EACH; i++) {
            mayPublish.acquireUninterruptibly();
            broker.publish(NUMBERS, i);
        }
    }
}
