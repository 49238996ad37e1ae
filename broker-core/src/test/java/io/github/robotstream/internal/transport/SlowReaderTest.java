package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.ServerFrameReader;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets: a client that reads, and answers pings, as fast as it works and no faster. */
@Timeout(60)
class SlowReaderTest {
    private static final int READ = 200;
    private static final int PUBLISHED_FOR_ONE = 5;
    private static final int QUEUED = 10;
    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final Pattern NUMBER = Pattern.compile("\"data\":\"(\\d+) x");

    private int published;

    private static RobotStreamBroker broker(boolean tls, Duration readWithin) throws IOException {
        BrokerBuilder builder = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none())
                .limits(limits -> limits.readWithin(readWithin).queuedMessagesPerSession(QUEUED));
        if (tls) {
            builder.tls(TestCertificate.SHARED.context());
        }
        return builder.start();
    }

    private void publish(RobotStreamBroker broker, int messages) {
        for (int i = 0; i < messages; i++) {
            broker.publish("pose", Payload.of("pose", "text", "\"" + published++ + " " + "x".repeat(100) + "\""));
            LockSupport.parkNanos(this, 1000); // so that they come one by one
        }
    }

    /** What it reads one by one. */
    private static final class SlowClient implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private int read;

        SlowClient(RobotStreamBroker broker, SocketFactory sockets) throws IOException {
            SocketTestClient.Request request =
                    SocketTestClient.to(broker.address()).through(sockets);
            this.socket = request.socket();
            this.in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(request.head());
            ServerFrameReader.readHead(in);
            socket.getOutputStream().write(ClientFrames.text(Requests.subscribe("pose", 1)));
            assertThat(nextText()).contains("ack");
        }

        /** The next message's number. */
        int next() throws IOException {
            Matcher number = NUMBER.matcher(nextText());
            assertThat(number.find()).isTrue();
            read++;
            return Integer.parseInt(number.group(1));
        }

        private String nextText() throws IOException {
            while (true) {
                int opcode = in.read() & 0xf;
                int length = in.read();
                byte[] payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
                if (opcode != ClientFrames.PING) {
                    return new String(payload, StandardCharsets.UTF_8);
                }
                socket.getOutputStream().write(ClientFrames.pong(payload));
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** The most messages that were on their way to a client that reads one of five, once it was seen to be slow. */
    private long mostUnread(RobotStreamBroker broker, SlowClient client) throws IOException {
        long most = 0;
        while (client.read < READ) {
            publish(broker, PUBLISHED_FOR_ONE);
            client.next();
            LockSupport.parkNanos(this, WORK_NANOS);
            if (client.read > READ / 4) {
                most = Math.max(most, broker.sessions().get(0).delivered() - client.read);
            }
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsOnItsWayToItIsBoundedByItsPaceAndTheRestIsQueuedAndItsLossCounted(boolean tls) throws Exception {
        SocketFactory sockets = tls ? TestCertificate.SHARED.clientSockets() : SocketFactory.getDefault();
        try (RobotStreamBroker broker = broker(tls, Duration.ofMillis(100));
                SlowClient client = new SlowClient(broker, sockets)) {
            assertThat(mostUnread(broker, client)).isLessThan(100);

            int newest = client.next();
            while (newest < published - 1) {
                newest = client.next();
            }
            assertThat(broker.stats().dropped()).isGreaterThan(READ);
            assertThat(client.read + broker.stats().dropped()).isEqualTo(published);
        }
    }

    @Test
    void withoutTheBoundTheSocketTakesItAll() throws Exception {
        try (RobotStreamBroker broker = broker(false, Duration.ZERO);
                SlowClient client = new SlowClient(broker, SocketFactory.getDefault())) {
            assertThat(mostUnread(broker, client)).isGreaterThan(500);
            assertThat(broker.stats().dropped()).isZero();
        }
    }

    @Test
    void aBurstOfRequestsIsAnsweredThoughTheAnswersToPingsLieBehindThem() throws Exception {
        try (RobotStreamBroker broker = broker(false, Duration.ofMillis(100));
                SocketTestClient client = SocketTestClient.connect(broker.address())) {
            for (int i = 0; i < 3; i++) {
                client.send(Requests.publish("pose", "1", i));
                assertThat(client.next()).contains("\"ack\"");
            }
            await().until(() -> client.pings() > 0); // it is known to answer
            byte[][] requests = new byte[390][];
            for (int i = 0; i < requests.length; i++) {
                requests[i] = ClientFrames.text(Requests.publish("pose", "1", i));
            }
            client.sendRaw(ClientFrames.concat(requests));
            for (int i = 0; i < requests.length; i++) {
                assertThat(client.next()).contains("\"ack\"", "\"id\":" + i + ",");
            }
        }
    }
}
