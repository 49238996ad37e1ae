package io.github.robotstream.examples;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client on the JDK's own, that hands over one message after the other to a thread that asks. It takes no
 * more from the socket than it was asked for and a few messages ahead, so a slow reader slows the sender, not its memory.
 */
final class WireClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final int MESSAGES_AHEAD = 64;
    private static final int LONGEST_MESSAGE = 16 << 20;

    private final Receiver receiver = new Receiver();
    private final WebSocket socket;

    private WireClient(URI url, Optional<CertificateFile> trusted) throws IOException, InterruptedException {
        HttpClient.Builder client = HttpClient.newBuilder();
        if (trusted.isPresent()) {
            client.sslContext(trusted.get().trusted());
        }
        this.socket = await(
                client.build()
                        .newWebSocketBuilder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .buildAsync(url, receiver),
                CONNECT_TIMEOUT,
                "cannot connect to " + withoutQuery(url),
                failure -> TlsTrouble.reason(failure, trusted));
    }

    /**
     * Connects.
     *
     * @param url the address, with the token in its query
     * @param trusted the certificates that count for a wss address; those of the JDK if it is empty
     * @throws IOException if nobody answers within 10 s or the upgrade is refused; its message is without the query
     */
    static WireClient connect(URI url, Optional<CertificateFile> trusted) throws IOException, InterruptedException {
        return new WireClient(url, trusted);
    }

    /**
     * Sends a text message.
     *
     * @throws ConnectionClosedException if the other side has ended the connection
     * @throws IOException if it has not left within 10 s, or the connection failed
     */
    void send(String text) throws IOException, InterruptedException {
        awaitSent(socket.sendText(text, true));
    }

    /** The same for a binary message. */
    void send(byte[] bytes) throws IOException, InterruptedException {
        awaitSent(socket.sendBinary(ByteBuffer.wrap(bytes), true));
    }

    private void awaitSent(CompletableFuture<WebSocket> sending) throws IOException, InterruptedException {
        try {
            await(sending, SEND_TIMEOUT, "cannot send", failure -> Optional.empty());
        } catch (IOException e) {
            // The socket knows only that it cannot send; why the connection ended is told to the receiver.
            throw receiver.ended.completeOnTimeout(e, 1, TimeUnit.SECONDS).join();
        }
    }

    /**
     * Waits for the next message.
     *
     * @return the message, or empty if none came in time
     * @throws ConnectionClosedException if the other side has ended the connection and all it sent before was handed over
     * @throws IOException if the connection failed
     */
    Optional<String> next(Duration timeout) throws IOException, InterruptedException {
        @Nullable Object next = receiver.received.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (next instanceof IOException end) {
            receiver.received.add(end); // whoever asks again gets the same answer
            throw end;
        }
        if (next == null) {
            return Optional.empty();
        }
        socket.request(1);
        return Optional.of((String) next);
    }

    /** Says 1000, waits a second at most for the answer, and is gone. */
    @Override
    public void close() {
        receiver.closing = true;
        try {
            socket.request(Long.MAX_VALUE); // the answer comes after whatever is still on its way
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            receiver.ended.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The connection is ended all the same, right below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            socket.abort();
        }
    }

    private static <T> T await(
            CompletableFuture<T> future,
            Duration timeout,
            String failure,
            Function<@Nullable Throwable, Optional<String>> known)
            throws IOException, InterruptedException {
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException(failure + " within " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(failure + ": " + known.apply(e.getCause()).orElseGet(() -> reason(e.getCause())), e);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
            return refusal(refused.getResponse().statusCode());
        }
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            return cause.getCause() instanceof UnresolvedAddressException ? "unknown host" : "connection refused";
        }
        return cause == null ? "failed" : ErrorLines.text(cause);
    }

    /** The JDK's client drops the body, in which the broker says why. */
    private static String refusal(int status) {
        return "refused with HTTP status " + status
                + switch (status) {
                    case 200 -> ": this path has a page; that of clients is /wss unless the broker was told otherwise";
                    case 400 -> ": if the broker serves TLS, use wss://";
                    case 401 -> ": no token, or none that is good there now; the broker's log says why";
                    case 404 -> ": is it the path that the broker was started with?";
                    default -> "";
                };
    }

    private static String withoutQuery(URI url) {
        return url.toString().replaceFirst("\\?.*", "");
    }

    /** What the JDK's client calls: messages put together, and the end of the connection, in order. */
    private static final class Receiver implements WebSocket.Listener {
        private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final CompletableFuture<IOException> ended = new CompletableFuture<>();
        private final StringBuilder message = new StringBuilder();
        private volatile boolean closing;

        @Override
        public void onOpen(WebSocket socket) {
            socket.request(MESSAGES_AHEAD);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            if (closing) {
                return null;
            }
            message.append(part);
            if (message.length() > LONGEST_MESSAGE) {
                end(new IOException("a message is longer than " + LONGEST_MESSAGE + " characters"));
                socket.abort();
            } else if (last) {
                received.add(message.toString());
                message.setLength(0);
            } else {
                socket.request(1);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            end(new ConnectionClosedException(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            end(new IOException("the connection failed: " + ErrorLines.text(error), error));
        }

        private void end(IOException why) {
            received.add(why);
            ended.complete(why);
        }
    }
}
