package io.github.robotstream.jwt;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An identity provider on this machine that answers as a test wants it, and the clock that its keys age by. */
final class KeyProvider implements AutoCloseable {
    /** How a request is answered. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    final AtomicInteger requests = new AtomicInteger();
    final AtomicLong millis = new AtomicLong();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Answer answer = exchange -> send(exchange, 404, "");

    KeyProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                answer.to(exchange);
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = TokenForge.bytes(body);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    KeyProvider answers(Answer with) {
        answer = with;
        return this;
    }

    KeyProvider publishes(String... jwks) {
        return answers(exchange -> send(exchange, 200, KeyForge.keySet(jwks)));
    }

    KeyProvider fails() {
        return answers(exchange -> send(exchange, 500, "no"));
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys?key=hunter2hunter2");
    }

    KeySetUrl keys() {
        return keys(Duration.ofSeconds(20));
    }

    KeySetUrl keys(Duration limit) {
        return new KeySetUrl(address(), limit, Duration.ofMinutes(5), Duration.ofHours(4), millis::get);
    }

    void passes(Duration time) {
        millis.addAndGet(time.toMillis());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
