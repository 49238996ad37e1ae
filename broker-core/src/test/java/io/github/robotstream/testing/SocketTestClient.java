package io.github.robotstream.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.SocketFactory;

/**
 * A WebSocket client of its own on a blocking socket (RFC 6455), small enough to do everything wrong that a test wants: stop reading, send
 * half frames and garbage, vanish.
 */
public final class SocketTestClient implements TestClient {
    private static final String SAMPLE_KEY = "c2l4dGVlbiBieXRlcy4uLg==";
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final ServerFrameReader frames = new ServerFrameReader();
    private final Object gate = new Object();
    private boolean reading = true;
    private volatile boolean answersPings = true;
    private boolean closeSent;

    private SocketTestClient(Socket socket) {
        this.socket = socket;
    }

    /** Opens a connection to {@code /wss} and waits for the upgrade. */
    public static SocketTestClient connect(InetSocketAddress server) throws IOException {
        return to(server).connect();
    }

    public static Request to(InetSocketAddress server) {
        return new Request(server);
    }

    /** What to ask for. */
    public static final class Request {
        private final InetSocketAddress server;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String target = "/wss";
        private int receiveBufferBytes;
        private SocketFactory sockets = SocketFactory.getDefault();

        private Request(InetSocketAddress server) {
            this.server = server;
            header("Host", "127.0.0.1");
            header("Upgrade", "websocket");
            header("Connection", "Upgrade");
            header("Sec-WebSocket-Version", "13");
            header("Sec-WebSocket-Key", SAMPLE_KEY);
        }

        /** Path and query. */
        public Request target(String pathAndQuery) {
            target = pathAndQuery;
            return this;
        }

        /** Sets a header, or takes it away when the value is empty. */
        public Request header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** SO_RCVBUF, to be full sooner. */
        public Request receiveBuffer(int bytes) {
            receiveBufferBytes = bytes;
            return this;
        }

        /** TLS, or what else is between. */
        public Request through(SocketFactory factory) {
            sockets = factory;
            return this;
        }

        /** The request, to be sent by hand. */
        public byte[] head() {
            StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
            headers.forEach((name, value) -> head.append(value.isEmpty() ? "" : name + ": " + value + "\r\n"));
            return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        /** A connected socket on which nothing was sent. */
        public Socket socket() throws IOException {
            Socket socket = sockets.createSocket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server, PATIENCE_MILLIS);
            return socket;
        }

        /**
         * Waits until it is let in.
         *
         * @throws HttpRefused if the answer is not 101
         */
        public SocketTestClient connect() throws IOException {
            return connect(new byte[0]);
        }

        /** @param early sent with the head, in the same write */
        public SocketTestClient connect(byte[] early) throws IOException {
            SocketTestClient client = requestUpgrade(early);
            if (client.frames.headOrEnd(SOON).isEmpty()) {
                throw new EOFException("the server closed without an answer");
            }
            if (client.status() != 101) {
                client.abort();
                throw new HttpRefused(client.answerHead());
            }
            return client;
        }

        /** Sends the request and does not wait for the answer. */
        public SocketTestClient requestUpgrade() throws IOException {
            return requestUpgrade(new byte[0]);
        }

        private SocketTestClient requestUpgrade(byte[] early) throws IOException {
            Socket socket = socket();
            try {
                socket.getOutputStream().write(ClientFrames.concat(head(), early));
                socket.setSoTimeout(0);
                SocketTestClient client = new SocketTestClient(socket);
                client.startReading();
                return client;
            } catch (IOException | RuntimeException refused) {
                socket.close();
                throw refused;
            }
        }
    }

    @Override
    public String answerHead() {
        return frames.head(SOON);
    }

    @Override
    public String answerBody() {
        frames.awaitEnd(SOON);
        return frames.body();
    }

    @Override
    public void send(String text) {
        sendRaw(ClientFrames.text(text));
    }

    @Override
    public void sendRaw(byte[] bytes) {
        try {
            synchronized (this) {
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public String next(Duration within) {
        return frames.nextText(within);
    }

    @Override
    public Optional<String> poll() {
        return frames.pollText();
    }

    @Override
    public byte[] nextBinary(Duration within) {
        return frames.nextBinary(within);
    }

    @Override
    public Optional<byte[]> pollBinary() {
        return frames.pollBinary();
    }

    @Override
    public String nextPong(Duration within) {
        return frames.nextPong(within);
    }

    @Override
    public int pings() {
        return frames.pings();
    }

    @Override
    public int closeCode(Duration within) {
        return frames.closeCode(within);
    }

    @Override
    public String closeReason(Duration within) {
        return frames.closeReason(within);
    }

    @Override
    public void awaitEnd(Duration within) {
        frames.awaitEnd(within);
    }

    @Override
    public void stopReading() {
        synchronized (gate) {
            reading = false;
        }
    }

    @Override
    public void resumeReading() {
        synchronized (gate) {
            reading = true;
            gate.notifyAll();
        }
    }

    public void answersNoPings() {
        answersPings = false;
    }

    @Override
    public void close(int code, String reason) {
        synchronized (this) {
            if (closeSent) {
                return;
            }
            closeSent = true;
            sendRaw(ClientFrames.close(code, reason));
        }
    }

    /** Sends the end of the stream, and reads on. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void abort() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // that is what was wanted
        }
        resumeReading();
    }

    private void startReading() {
        Thread reader = new Thread(this::readAll, "test-client");
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll() {
        byte[] bytes = new byte[8192];
        try {
            InputStream in = socket.getInputStream();
            for (int n = 0; n >= 0; n = in.read(bytes)) {
                awaitGate(); // also for what has come while it was about to read
                boolean closes = frames.feed(bytes, n);
                answerPings();
                if (closes) {
                    answerClose();
                }
            }
        } catch (IOException | InterruptedException gone) {
            // the end, in one way or the other
        } finally {
            frames.end();
            closeQuietly();
        }
    }

    private void answerPings() {
        if (!answersPings) {
            return;
        }
        try {
            for (Optional<byte[]> ping = frames.pollPing(); ping.isPresent(); ping = frames.pollPing()) {
                sendRaw(ClientFrames.pong(ping.get()));
            }
        } catch (UncheckedIOException gone) {
            // what has come is still to be read
        }
    }

    private void answerClose() {
        try {
            close(frames.closeCode(Duration.ZERO) == 1005 ? 1000 : frames.closeCode(Duration.ZERO), "");
        } catch (UncheckedIOException gone) {
            // the server has closed already
        }
    }

    private void awaitGate() throws InterruptedException {
        synchronized (gate) {
            while (!reading) {
                gate.wait();
            }
        }
    }

    private void closeQuietly() {
        try {
            socket.close();
        } catch (IOException gone) {
            // nothing is left to be done
        }
    }
}
