package io.github.robotstream.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider, or whoever answers in its place, cannot do to the robot. */
class KeySetFetchTest {
    private static final String GOOD =
            KeyForge.keySet(KeyForge.of(JwtAlgorithm.ES256).jwk(""));
    private static final Duration SHORT = Duration.ofMillis(300);

    private KeyProvider provider;

    @BeforeEach
    void startAProvider() throws IOException {
        provider = new KeyProvider();
    }

    @AfterEach
    void stopIt() {
        provider.close();
    }

    private KeySetFetch fetch(Duration limit) {
        return new KeySetFetch(provider.address(), limit);
    }

    private KeySetFetch fetch() {
        return fetch(Duration.ofSeconds(20));
    }

    @Test
    void oneAfterTheOtherIsNeverTooManyAtOnce() throws Exception {
        provider.answers(exchange -> KeyProvider.send(exchange, 200, GOOD));
        KeySetFetch fetch = fetch();
        for (int i = 1; i <= 1_000; i++) {
            assertThat(fetch.get()).isNotEmpty();
            assertThat(provider.requests).hasValue(i);
        }
    }

    @Test
    void aSetIsFetched() throws Exception {
        provider.answers(exchange -> KeyProvider.send(exchange, 200, GOOD));
        assertThat(new String(fetch().get(), StandardCharsets.UTF_8)).isEqualTo(GOOD);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) {
        provider.answers(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/elsewhere")) {
                KeyProvider.send(exchange, 200, GOOD);
            } else {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                KeyProvider.send(exchange, status, "");
            }
        });
        assertThatThrownBy(fetch()::get)
                .isInstanceOf(IOException.class)
                .hasMessage("HTTP status " + status + ": redirects are not followed");
        assertThat(provider.requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 400, 401, 404, 429, 500, 503})
    void anAnswerThatIsNot200IsNone(int status) {
        provider.answers(exchange -> KeyProvider.send(exchange, status, status == 204 ? "" : GOOD));
        assertThatThrownBy(fetch()::get).isInstanceOf(IOException.class).hasMessage("HTTP status " + status);
    }

    @Test
    void ofABodyWithoutEndSoMuchIsRead() {
        provider.answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[64 * 1024];
            while (true) {
                exchange.getResponseBody().write(block);
            }
        });
        assertThatThrownBy(fetch()::get).isInstanceOf(IOException.class).hasMessage("it has more than 262144 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>sign in</html>", "{", "{\"error\":\"x\"}", "{\"keys\":{}}"})
    void garbageIsNoKeySet(String body) {
        provider.answers(exchange -> KeyProvider.send(exchange, 200, body));
        KeySetUrl.Remote remote = new KeySetUrl.Remote("key set x", fetch());
        assertThatThrownBy(() -> remote.getJWKSet(null, 0, null)).hasMessage("key set x cannot be fetched");
        assertThat(remote.isDown()).isTrue();
    }

    @Test
    void aProviderThatPublishesItsPrivateKeyIsRefused() {
        String leaked = KeyForge.keySet(KeyForge.of(JwtAlgorithm.ES256).jwk("\"d\":\"c2VjcmV0\","));
        provider.answers(exchange -> KeyProvider.send(exchange, 200, leaked));
        KeySetUrl.Remote remote = new KeySetUrl.Remote("key set x", fetch());
        assertThatThrownBy(() -> remote.getJWKSet(null, 0, null)).hasMessage("key set x cannot be fetched");
        assertThat(remote.latestEvent.get())
                .isNotNull()
                .satisfies(event -> assertThat(event.message())
                        .contains("private or secret key")
                        .doesNotContain("c2VjcmV0"));
    }

    @Test
    void aProviderThatDoesNotAnswerIsWaitedForNoLongerThanTheLimit() {
        CountDownLatch end = new CountDownLatch(1);
        provider.answers(exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        KeySetFetch fetch = fetch(SHORT);
        for (int i = 0; i < 5; i++) {
            long before = System.nanoTime();
            assertThatThrownBy(fetch::get).isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SHORT.multipliedBy(10));
        }
        end.countDown();
    }

    /** Single bytes would satisfy the time limit of each read for ever. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nX: ",
                "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"
            })
    void anAnswerThatDripsInIsCutOffAndItsThreadEnds(String begin) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            new Thread(() -> drip(server, begin, end), "dripping").start();
            URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            long before = System.nanoTime();
            assertThatThrownBy(new KeySetFetch(address, SHORT)::get)
                    .isInstanceOf(IOException.class)
                    .hasMessage("it took longer than 300 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SHORT.multipliedBy(10));
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("robotstream-keys")));
            // One that does not close a connection when asked to leaves the rest of its body to the JDK's own cleaner.
            if (!begin.endsWith("200000\r\n\r\n")) {
                assertThat(end.await(10, TimeUnit.SECONDS))
                        .as("connection closed")
                        .isTrue();
            }
        } finally {
            end.countDown();
        }
    }

    private static void drip(ServerSocket server, String begin, CountDownLatch end) {
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write(begin.getBytes(StandardCharsets.US_ASCII));
            while (!end.await(20, TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
        } catch (IOException e) {
            end.countDown();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example/keys",
                "http://127.0.0.1.evil.example/keys",
                "http://localhost.evil.example/keys",
                "http://192.168.1.1/keys"
            })
    void keysComeByHttpsUnlessItIsThisMachineOrWasAllowed(String address) {
        assertThatThrownBy(() -> JwtTokenVerifier.builder().keySetUrl(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(address, "keySetUrlOverPlainHttp(...)");
        new JwtTokenVerifierBuilder().keySetUrlOverPlainHttp(URI.create(address));
        JwtTokenVerifier.builder().keySetUrl(URI.create(address.replace("http:", "https:")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1/keys", "http://127.0.0.1/keys", "http://[::1]:8080/keys"})
    void thisMachineNeedsNoHttps(String address) {
        JwtTokenVerifier.builder().keySetUrl(URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/etc/keys",
                "ftp://id.example/keys",
                "jar:file:x!/y",
                "keys.json",
                "https:keys",
                "https://u:hunter2@id.example/"
            })
    void anotherAddressIsRefusedWithoutSecrets(String address) {
        assertThatThrownBy(() -> new JwtTokenVerifierBuilder().keySetUrlOverPlainHttp(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key set address")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void intervalsOutOfBoundsAreRefusedWithTheirValue() {
        JwtTokenVerifierBuilder settings = JwtTokenVerifier.builder().keySetUrl(URI.create("https://id.example/keys"));
        assertThatThrownBy(() -> settings.keySetRefreshInterval(Duration.ofSeconds(59)))
                .hasMessageContaining("is PT59S");
        assertThatThrownBy(() -> settings.keySetRefreshInterval(Duration.ofHours(25)))
                .hasMessageContaining("is PT25H");
        assertThatThrownBy(() -> settings.keySetOutageTolerance(Duration.ZERO)).hasMessageContaining("is PT0S");
        assertThatThrownBy(() -> settings.keySetOutageTolerance(Duration.ofDays(31)))
                .hasMessageContaining("is PT744H");
    }
}
