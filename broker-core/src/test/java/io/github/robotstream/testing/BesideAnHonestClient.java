package io.github.robotstream.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RequestRate;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.jwt.JwtTokenVerifier;
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
public abstract class BesideAnHonestClient {
    private static final byte[] SECRET = new byte[32];
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

    protected final Tokens tokens = new Tokens(SECRET);
    protected final FakeSink sink = new FakeSink();
    private final Leftovers leftovers = new Leftovers();
    private final List<AutoCloseable> opened = new ArrayList<>();
    protected RobotStreamBroker broker;
    protected Witness witness;

    @BeforeEach
    protected void start() throws IOException, InterruptedException {
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
    protected BrokerBuilder set(BrokerBuilder builder) {
        return builder;
    }

    @AfterEach
    protected void theHonestClientNoticedNothingAndTheBrokerServesOn() throws Exception {
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

    protected String withToken() {
        return "/wss?token=" + tokens.endingIn(Duration.ofHours(1), "operator");
    }

    protected SocketTestClient.Request request() {
        return SocketTestClient.to(broker.address()).target(withToken());
    }

    /** A client that got in; it leaves at the end of the test. */
    protected SocketTestClient connect() throws IOException {
        SocketTestClient client = request().connect();
        opened.add(client);
        return client;
    }

    /** A socket on which nothing was sent; it is closed at the end of the test. */
    protected Socket socket() throws IOException {
        Socket socket = request().socket();
        opened.add(socket);
        return socket;
    }

    protected static String nextWith(TestClient client, String part) {
        String text = client.next();
        while (!text.contains(part)) {
            text = client.next();
        }
        return text;
    }

    protected static void awaitEnd(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the broker did not close the socket", open);
        } catch (IOException reset) {
            // an end as well
        }
    }
}
