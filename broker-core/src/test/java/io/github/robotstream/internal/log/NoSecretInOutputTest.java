package io.github.robotstream.internal.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestCertificate;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole run of a robot in which all loggers write all they can, good and bad clients come in all ways, and keys go bad: in what it
 * writes, tells on {@code server_logs} and answers, there is no token and no key. The client's own answers count too.
 */
@Timeout(120)
class NoSecretInOutputTest {
    private static final List<String> EVERYTHING =
            List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace", "-Dorg.slf4j.simpleLogger.logFile=System.out");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String OVERSIZED = "oversized-".repeat(1_700);

    @TempDir
    Path folder;

    private final Tokens tokens = new Tokens(WatchedRobot.SECRET);
    private final Tokens others = new Tokens("another secret of 32 bytes, or so".getBytes(UTF_8));
    private final List<String> secrets = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private InetSocketAddress robot;
    private SocketFactory sockets;

    @BeforeEach
    void knowTheKeys() throws IOException {
        byte[] key = WatchedRobot.SECRET;
        secrets.add(new String(key, ISO_8859_1));
        secrets.add(Base64.getEncoder().withoutPadding().encodeToString(key));
        secrets.add(Base64.getUrlEncoder().withoutPadding().encodeToString(key));
        secrets.add(HexFormat.of().formatHex(key));
        Files.writeString(
                folder.resolve("keys.json"),
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"1\","
                        + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"); // RFC 8037, appendix A.2
    }

    /** Remembers it, and each part of it that is nobody else's. */
    private String secret(String token) {
        secrets.add(token);
        Pattern.compile("\\.").splitAsStream(token).skip(1).forEach(secrets::add);
        return token;
    }

    private String good(String subject) {
        return secret(tokens.endingIn(HOUR, subject));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noTokenAndNoKeyIsInAnythingThatARobotWrites(boolean tls) throws Exception {
        sockets = tls ? TestCertificate.SHARED.clientSockets() : SocketFactory.getDefault();
        if (tls) {
            Files.writeString(folder.resolve("certificate.pem"), TestCertificate.SHARED.certificatePem());
            Files.writeString(folder.resolve("key.pem"), TestCertificate.SHARED.keyPem());
            TestCertificate.SHARED
                    .keyPem()
                    .lines()
                    .filter(line -> !line.startsWith("-"))
                    .forEach(secrets::add);
        }
        try (ChildJvm child = ChildJvm.start(WatchedRobot.class, EVERYTHING, folder.toString())) {
            robot = new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) child.value("port"));
            try (TestClient logs = request("/wss?token=" + good("reader"))
                    .header("Cookie", "token=" + secret("inACookie"))
                    .connect()) {
                logs.send(Requests.subscribe("server_logs"));
                comeInAllWays();
                comeInWrongly();
                quoteThem();
                renew();
                sendWhatIsNoRequest(tls);
                breakTheKeys(logs, tls);
                child.goOn();
                assertThat(logs.closeCode()).isEqualTo(1001);
                keep(logs);
            }
            assertThat(child.exitCode()).isZero();
            seen.addAll(child.output());
            for (String secret : secrets) {
                assertThat(seen).noneMatch(line -> line.contains(secret));
            }
            assertSeen(child.output());
        }
    }

    /** What is not there could hold no secret either. */
    private void assertSeen(List<String> output) {
        assertThat(seen).anyMatch(line -> line.contains("client_refused"));
        assertThat(seen).anyMatch(line -> line.contains("the provider does not take …"));
        assertThat(seen).anyMatch(line -> line.contains("key_set_failed"));
        assertThat(output).anyMatch(line -> line.contains("TRACE org.java_websocket"));
        assertThat(output).anyMatch(line -> line.contains("$clients") && line.contains("\"subject\":\"reader\""));
        assertThat(output).anyMatch(line -> line.contains("java.util.logging is at its finest"));
        assertThat(output).anyMatch(line -> line.contains("asked about AccessRequest"));
        assertThat(seen).anyMatch(line -> line.contains("token_expired: "));
        assertThat(seen).anyMatch(line -> line.contains("the verifier failed"));
        assertThat(output).anyMatch(line -> line.contains("java.lang.IllegalStateException"));
    }

    private SocketTestClient.Request request(String target) {
        return SocketTestClient.to(robot).through(sockets).target(target);
    }

    private void keep(TestClient client) {
        for (Optional<String> text = client.poll(); text.isPresent(); text = client.poll()) {
            seen.add(text.get());
        }
    }

    private void comeInAllWays() throws IOException {
        for (String style : List.of("envelope", "flat")) {
            try (TestClient client = request("/wss?frame=" + style + "&token=" + good("by-query"))
                    .connect()) {
                use(client);
            }
        }
        try (TestClient client = request("/wss")
                .header("Authorization", "Bearer " + good("by-header"))
                .connect()) {
            use(client);
        }
        try (TestClient client = request("/wss")
                .header("Sec-WebSocket-Protocol", "robotstream.v1, bearer." + good("by-subprotocol"))
                .requestUpgrade()) {
            seen.add(client.answerHead());
        }
    }

    private void use(TestClient client) {
        client.send(Requests.publish("numbers", "1", 1));
        seen.add(client.next());
        client.send("{\"action\":\"subscribe\",\"token\":\"" + secret("besideAnAction") + "\"} trailing");
        client.close(1000, secret("inACloseReason"));
        client.closeCode();
        keep(client);
    }

    private void comeInWrongly() throws IOException {
        for (String token : List.of(
                tokens.endingIn(HOUR.negated(), "too-late"),
                others.endingIn(HOUR, "forged"),
                good("tail-cut-off").replaceFirst(".$", ""),
                OVERSIZED + "query",
                "noTokenAtAllButSecret",
                "badlyEncoded%zz",
                "twoTokensAre&token=oneTooMany")) {
            Pattern.compile("&token=|%zz").splitAsStream(token).forEach(this::secret);
            refused(request("/wss?token=" + token));
            refused(request("/wss?token=" + token).header("Origin", "https://page.example"));
            refused(request("/wss").header("Authorization", "Bearer " + token));
            refused(request("/wss").header("Authorization", "Basic " + token));
            refused(request("/wss").header("Sec-WebSocket-Protocol", "robotstream.v1, bearer." + token));
            refused(request("/wss?token=" + token).header("Authorization", "Bearer " + token));
            refused(request("/" + token));
        }
    }

    private void refused(SocketTestClient.Request request) throws IOException {
        try (TestClient client = request.requestUpgrade()) {
            seen.add(client.answerHead());
            seen.add(client.status() == 101 ? client.closeReason() : client.answerBody());
        }
    }

    private void quoteThem() throws IOException {
        for (String subject : List.of("quoted-in-a-refusal", "quoted-in-an-outage", "quoted-in-a-fault")) {
            refused(request("/wss?token=" + good(subject)));
            refused(request("/wss?token=" + good(subject)).header("Origin", "https://page.example"));
            refused(request("/wss").header("Authorization", "Bearer " + good(subject)));
        }
    }

    private void renew() throws IOException {
        for (String style : List.of("envelope", "flat")) {
            try (TestClient client = request("/wss?frame=" + style + "&token=" + good("renewing"))
                    .connect()) {
                List<String> next = List.of(
                        good("renewing"),
                        good("somebody-else"),
                        good("quoted-in-a-refusal"),
                        secret(tokens.endingIn(HOUR.negated(), "renewing")),
                        secret(others.endingIn(HOUR, "renewing")),
                        secret(OVERSIZED + "renewal"));
                for (String token : next) {
                    client.send("{\"action\":\"auth\",\"token\":\"" + token + "\"}");
                    client.send("{\"action\":\"auth\",\"token\":[\"" + token + "\"],\"" + token + "\":1}");
                    client.send("{\"action\":\"auth\",\"token\":\"" + token);
                }
                client.send(Requests.publish("numbers", "1", 9)); // acks are never left out, as many errors are
                String answer = client.next();
                for (; !answer.contains("\"id\":9"); answer = client.next()) {
                    seen.add(answer);
                }
                seen.add(answer);
            }
        }
    }

    private void sendWhatIsNoRequest(boolean tls) throws IOException {
        String secret = secret("inWhatIsNoRequest");
        for (String head : List.of(
                "GET /wss?token=" + secret + " HTTP/1.1\r\n\r\n",
                "GET /wss?token=" + secret + "\u0001 HTTP/1.1\r\nHost: robot\r\n\r\n",
                "POST /wss?token=" + secret + " HTTP/1.1\r\nHost: robot\r\n\r\n",
                "GET /wss?token=" + secret + "x".repeat(30_000) + " HTTP/1.1\r\n\r\n")) {
            sendAndRead(sockets, head);
            if (tls) {
                sendAndRead(SocketFactory.getDefault(), head); // who forgets the s of wss
            }
        }
        try (TestClient client =
                request("/wss?token=" + good("breaking-frames")).connect()) {
            byte[] frame = ClientFrames.text(secret("inABrokenFrame"));
            frame[0] |= 0x70;
            client.sendRaw(frame);
            assertThat(client.closeCode()).isEqualTo(1002);
            seen.add(client.closeReason());
        }
    }

    private void sendAndRead(SocketFactory through, String head) throws IOException {
        try (Socket socket = SocketTestClient.to(robot).through(through).socket()) {
            socket.getOutputStream().write(head.getBytes(UTF_8));
            seen.add(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        } catch (IOException reset) {
            seen.add(reset.toString());
        }
    }

    private void breakTheKeys(TestClient logs, boolean tls) throws IOException {
        String privateHalf = secret("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"); // RFC 8037, appendix A.1
        Files.writeString(
                folder.resolve("keys.json"),
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" + privateHalf
                        + "\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}");
        if (tls) {
            Files.writeString(
                    folder.resolve("key.pem"),
                    "-----BEGIN PRIVATE KEY-----\n" + secret("notAKeyOfTheRobot") + "\n-----END PRIVATE KEY-----\n");
        }
        await().pollInterval(Duration.ofMillis(200)).atMost(TestClient.SOON).until(() -> {
            refused(request("/wss").header("Authorization", "Bearer " + ed25519Token()));
            return told(logs, "key_set_failed") && (!tls || told(logs, "files of TLS have changed and cannot be used"));
        });
    }

    private boolean told(TestClient logs, String what) {
        keep(logs);
        return seen.stream().anyMatch(line -> line.contains(what));
    }

    private String ed25519Token() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return secret(base64.encodeToString("{\"alg\":\"EdDSA\"}".getBytes(UTF_8)) + "."
                + base64.encodeToString(("{\"sub\":\"nobody\",\"exp\":" + System.nanoTime() + "}").getBytes(UTF_8))
                + "." + base64.encodeToString(new byte[64]));
    }
}
