package io.github.robotstream.internal.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.ServerFrameReader;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Tokens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No token, and nothing that could be one, gets into a log, an exception or a text of an object. */
class LoggingTest {
    private static final List<String> EVERYTHING =
            List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace", "-Dorg.slf4j.simpleLogger.logFile=System.out");

    private final Tokens tokens = new Tokens(LoggedBroker.SECRET);
    private final Tokens others = new Tokens("another secret of 32 bytes, or so".getBytes(UTF_8));
    private final List<String> secrets = new ArrayList<>();
    private InetSocketAddress robot;

    /** Remembers it, and each part of it. */
    private String secret(String token) {
        secrets.add(token);
        Pattern.compile("\\.").splitAsStream(token).skip(1).forEach(secrets::add);
        return token;
    }

    @Test
    void noTokenIsInAnyLineThatAnyLoggerWrites() throws Exception {
        try (ChildJvm child = ChildJvm.start(LoggedBroker.class, EVERYTHING)) {
            robot = new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) child.value("port"));
            List<String> seen = new ArrayList<>();
            try (TestClient logs = connect(secret(tokens.endingIn(Duration.ofHours(1), "reader")))) {
                logs.send(Requests.subscribe("server_logs"));
                comeInAllWays();
                comeInWrongly();
                comeWithWhatIsNoRequest();
                child.goOn();
                assertThat(logs.closeCode()).isEqualTo(1001);
                for (Optional<String> text = logs.poll(); text.isPresent(); text = logs.poll()) {
                    seen.add(text.get());
                }
            }
            assertThat(child.exitCode()).isZero();
            List<String> output = child.output();
            assertThat(output).as("the library below logs too").anyMatch(line -> line.contains("org.java_websocket"));
            assertThat(output).anyMatch(line -> line.contains("token_expired: "));
            assertThat(seen).anyMatch(line -> line.contains("client_refused"));
            seen.addAll(output);
            for (String secret : secrets) {
                assertThat(seen).noneMatch(line -> line.contains(secret));
            }
        }
    }

    private SocketTestClient connect(String token) throws IOException {
        return SocketTestClient.to(robot).target("/wss?token=" + token).connect();
    }

    private void comeInAllWays() throws Exception {
        String good = secret(tokens.endingIn(Duration.ofHours(1), "operator-by-query"));
        try (TestClient client = connect(good)) {
            client.send(Requests.publish("numbers", "1", 1));
            assertThat(client.next()).contains("\"ack\"");
            client.send(Requests.subscribe("numbers"));
            client.send("nonsense");
            renew(client, good, "\"ack\"");
            renew(client, secret(tokens.endingIn(Duration.ofHours(2), "operator-by-query")), "\"ack\"");
            renew(client, secret(tokens.endingIn(Duration.ofHours(-2), "operator-by-query")), "\"token_expired\"");
            renew(client, secret(tokens.endingIn(Duration.ofHours(2), "somebody-else")), "\"forbidden\"");
            renew(client, secret("renewedByWhatIsNoToken"), "\"unauthorized\"");
            client.close(1000, "");
            client.closeCode();
        }
        String header = secret(tokens.endingIn(Duration.ofHours(1), "operator-by-header"));
        try (TestClient client = SocketTestClient.to(robot)
                .header("Authorization", "Bearer " + header)
                .connect()) {
            client.send(Requests.publish("numbers", "1", 1));
            assertThat(client.next()).contains("\"ack\"");
        }
        try (TestClient client = SocketTestClient.to(robot)
                .target("/wss?frame=flat&token=" + good.replace(".", "%2E"))
                .header("Origin", "https://robot.example")
                .connect()) {
            client.sendRaw(new byte[] {(byte) 0xff});
            assertThat(client.closeCode()).isEqualTo(1002);
        }
    }

    private static void renew(TestClient client, String token, String answer) {
        client.send("{\"action\":\"auth\",\"id\":7,\"token\":\"" + token + "\"}");
        String frame = client.next();
        while (!frame.contains("\"id\":7")) {
            frame = client.next();
        }
        assertThat(frame).contains(answer).doesNotContain(token);
    }

    private void comeInWrongly() throws Exception {
        refused("/wss?token=" + secret(tokens.endingIn(Duration.ofHours(-1), "too-late")), "");
        refused("/wss?token=" + secret(others.endingIn(Duration.ofHours(1), "forged")), "");
        refused("/wss", "Bearer " + secret(others.endingIn(Duration.ofHours(1), "forged-header")));
        refused("/wss?token=" + secret("noTokenAtAllButSecret"), "");
        refused("/wss?token=" + secret("badlyEncoded") + "%zz", "");
        refused("/wss?token=" + secret("twoAreOneTooMany") + "&token=" + secret("theOtherOne"), "");
        refused("/wss?token=" + URLEncoder.encode(secret("with{strange}\"chars\""), UTF_8), "");
        refused("/wss?frame=" + secret("frameOfItsOwn") + "&token=x", "");
    }

    private void refused(String target, String authorization) throws IOException {
        try (TestClient client = SocketTestClient.to(robot)
                .target(target)
                .header("Authorization", authorization)
                .requestUpgrade()) {
            assertThat(client.status()).isIn(400, 401);
            for (String secret : secrets) {
                assertThat(client.answerBody()).doesNotContain(secret);
            }
        }
    }

    private void comeWithWhatIsNoRequest() throws IOException {
        answered(400, "GET /wss?token=" + secret("inAMalformedRequest") + " HTTP/1.1\r\n\r\n");
        answered(400, "GET /wss?token=" + secret("withAControl\u0001Character") + " HTTP/1.1\r\nHost: robot\r\n\r\n");
        answered(
                404,
                "GET /" + secret("inThePath") + "?token=" + secret("ofAnotherPath")
                        + " HTTP/1.1\r\nHost: robot\r\n\r\n");
        answered(405, "POST /wss?token=" + secret("inAPost") + " HTTP/1.1\r\nHost: robot\r\n\r\n");
        answered(426, "GET /wss?token=" + secret("withoutUpgrade") + " HTTP/1.1\r\nHost: robot\r\n\r\n");
        answered(431, "GET /wss?token=" + secret("inAHugeRequest") + "x".repeat(30_000) + " HTTP/1.1\r\n\r\n");
    }

    private void answered(int status, String request) throws IOException {
        try (Socket socket = SocketTestClient.to(robot).socket()) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            assertThat(ServerFrameReader.readHead(socket.getInputStream())).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void noObjectThatHoldsATokenShowsIt() {
        String token = secret(tokens.endingIn(Duration.ofHours(1), "operator"));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1234);
        HandshakeRequest handshake = new HandshakeRequest(
                "/wss",
                Optional.of("token=" + token),
                Map.of("authorization", "Bearer " + token, "sec-websocket-protocol", "bearer." + token),
                address,
                List.of());
        AccessRequest access = new AccessRequest(Optional.of(token), address, "/wss", Optional.empty());
        assertHidden(handshake.toString());
        assertHidden(access.toString());
        assertHidden(JwtTokenVerifier.hmac(LoggedBroker.SECRET).build().toString());
    }

    @Test
    void noExceptionForATokenHoldsIt() throws Exception {
        JwtTokenVerifier verifier = JwtTokenVerifier.hmac(LoggedBroker.SECRET).build();
        List<String> wrong = List.of(
                tokens.endingIn(Duration.ofHours(-1), "too-late"),
                others.endingIn(Duration.ofHours(1), "forged"),
                "notAToken",
                "three.parts.only",
                "\u0000secret");
        for (String token : wrong) {
            secret(token);
            AccessRequest request =
                    new AccessRequest(Optional.of(token), new InetSocketAddress(1234), "/wss", Optional.empty());
            try {
                verifier.verify(request);
                throw new AssertionError("it got in");
            } catch (TokenRejectedException e) {
                StringWriter all = new StringWriter();
                e.printStackTrace(new PrintWriter(all, true));
                assertHidden(all.toString());
            }
        }
    }

    private void assertHidden(String text) {
        for (String secret : secrets) {
            assertThat(text).doesNotContain(secret);
        }
    }
}
