package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Tokens;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A broker with its usual limits, but as many requests as a client likes, and an honest client, which talks with robot code all the time. Whatever a test does beside
 * it, the honest client notices nothing, the broker lets newcomers in, and in the end nothing is left.
 */
abstract class BesideAnHonestClient {
    private static final byte[] SECRET = new byte[32];
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

    final Tokens tokens = new Tokens(SECRET);
    final FakeSink sink = new FakeSink();
    private final Leftovers leftovers = new Leftovers();
    private final List<AutoCloseable> opened = new ArrayList<>();
    RobotStreamBroker broker;
    Witness witness;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        BrokerBuilder builder = RobotStreamBroker.builder()
                .port(0)
                .closeTimeout(Duration.ofMillis(500))
                .tokenVerifier(JwtTokenVerifier.hmac(SECRET).build())
                .limits(limits -> limits.requestRate(RequestRate.unlimited()))
                .logSink(sink);
        broker = set(builder).start();
        witness = new Witness(broker, withToken()).seesRounds(1).watches();
    }

    /** What a test wants to be different. */
    BrokerBuilder set(BrokerBuilder builder) {
        return builder;
    }

    @AfterEach
    void theHonestClientNoticedNothingAndTheBrokerServesOn() throws Exception {
        for (AutoCloseable open : opened) {
            open.close();
        }
        await().untilAsserted(() -> assertThat(broker.sessions()).hasSize(1));
        connect().close();
        witness.staysCalm(20, LONGEST_ROUND);
        assertThat(sink.events()).doesNotContain("internal_fault");
        assertThat(broker.stats().failures()).isZero();
        witness.close();
        broker.close();
        leftovers.awaitNoThread();
    }

    String withToken() {
        return "/wss?token=" + tokens.endingIn(Duration.ofHours(1), "operator");
    }

    SocketTestClient.Request request() {
        return SocketTestClient.to(broker.address()).target(withToken());
    }

    /** A client that got in; it leaves at the end of the test. */
    SocketTestClient connect() throws IOException {
        SocketTestClient client = request().connect();
        opened.add(client);
        return client;
    }

    /** A socket on which nothing was sent; it is closed at the end of the test. */
    Socket socket() throws IOException {
        Socket socket = request().socket();
        opened.add(socket);
        return socket;
    }

    static String nextWith(TestClient client, String part) {
        String text = client.next();
        while (!text.contains(part)) {
            text = client.next();
        }
        return text;
    }

    static void awaitEnd(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the broker did not close the socket", open);
        } catch (IOException reset) {
            // an end as well
        }
    }
}
