package io.github.robotstream.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * How a client is set up; see {@link RobotStreamClient}. Not for several threads.
 *
 * <pre>{@code
 * RobotStreamClient robot = RobotStreamClient.at(URI.create("wss://robot-17.local:8765"))
 *         .trust(Path.of("certificate.pem"))
 *         .tokens(() -> Files.readString(Path.of("token"))) // asked again before a token ends
 *         .timeout(Duration.ofSeconds(5))
 *         .connect();
 * }</pre>
 */
public final class ClientBuilder {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final URI url;
    private Optional<Callable<String>> token = Optional.empty();
    private boolean tokenMayChange;
    private Optional<SSLContext> tls = Optional.empty();
    private Duration timeout = Duration.ofSeconds(10);
    private Consumer<ConnectionStatus> onStatus = status -> {};

    ClientBuilder(String url) {
        this.url = Address.of(url);
    }

    /** {@return the address that the client connects to, with what {@link RobotStreamClient#at(String)} adds} */
    public URI address() {
        return url;
    }

    /** A token for all connections. */
    public ClientBuilder token(String value) {
        token = Optional.of(() -> value);
        tokenMayChange = false;
        return this;
    }

    /**
     * Where tokens come from: asked at each connect and before a token ends (a minute, or a quarter of what it has), on a thread of its own,
     * so it may block. What it throws is told by its class.
     */
    public ClientBuilder tokens(Callable<String> supplier) {
        token = Optional.of(supplier);
        tokenMayChange = true;
        return this;
    }

    /** A PEM file of certificates to trust, the robot's own self-signed one for instance; its name is checked. */
    public ClientBuilder trust(Path pem) throws IOException {
        return tls(Trust.in(pem));
    }

    /** A PEM file of the robot's certificate, whatever name is in it. */
    public ClientBuilder pinned(Path pem) throws IOException {
        return tls(Trust.pinned(pem));
    }

    /** TLS as the application has it. The JDK's unless said. */
    public ClientBuilder tls(SSLContext context) {
        tls = Optional.of(context);
        return this;
    }

    /** How long the first connection may take, attempts included. 10 s unless said. */
    public ClientBuilder timeout(Duration value) {
        timeout = value;
        return this;
    }

    /** Who hears of the connection, on the client's thread, which it must not block. */
    public ClientBuilder onStatus(Consumer<ConnectionStatus> listener) {
        onStatus = listener;
        return this;
    }

    /**
     * Connects.
     *
     * @return the client, with a connection
     * @throws ConnectionEndedException if the robot refuses, or was not reached in time
     */
    public RobotStreamClient connect() throws IOException, InterruptedException {
        HttpClient.Builder http = HttpClient.newBuilder();
        tls.ifPresent(http::sslContext);
        HttpClient shared = http.build();
        RobotStreamClient client = new RobotStreamClient(
                (credential, listener) -> open(shared, credential, listener), token, tokenMayChange, onStatus);
        client.start(timeout);
        return client;
    }

    private CompletableFuture<WebSocket> open(
            HttpClient http, Optional<String> credential, WebSocket.Listener listener) {
        WebSocket.Builder socket = http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
        // In a header, since proxies log queries.
        try {
            credential.ifPresent(text -> socket.header("Authorization", "Bearer " + text));
            return socket.buildAsync(url, listener);
        } catch (IllegalArgumentException noHeader) {
            return CompletableFuture.failedFuture(noHeader);
        }
    }
}
