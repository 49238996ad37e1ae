package io.github.robotstream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What a delivery costs through TLS: the server in a JVM of its own publishes as fast as the slowest of {@code bench.clients} (20) clients
 * reads. Prints a line a round. System properties as for {@link Benchmark}, and {@code bench.tls} (TLSv1.3).
 */
public final class TlsBenchmark {
    private static final int CLIENTS = Integer.getInteger("bench.clients", 20);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("bench.warm", 5);
    private static final int LEAST_MESSAGE = 64; // what is shorter is no message

    private static final AtomicLongArray RECEIVED = new AtomicLongArray(CLIENTS);

    private TlsBenchmark() {}

    /** Runs it; takes half a minute. */
    public static void main(String[] args) throws Exception {
        Path file = Files.createTempFile("bench", "acks");
        Acks acks = new Acks(file);
        Process server = ServerProcess.start("robotstream-tls", file);
        try (BufferedReader answers = server.inputReader(StandardCharsets.UTF_8);
                OutputStream words = server.getOutputStream()) {
            int port = Integer.parseInt(answers.readLine());
            for (int i = 0; i < CLIENTS; i++) {
                connect(port, i, acks);
            }
            ask(words, answers, "window");
            Thread.sleep(1000L * WARM_SECONDS);
            for (int round = 0; round < ROUNDS; round++) {
                long cpu = Long.parseLong(ask(words, answers, "cpu"));
                long before = received();
                Thread.sleep(1000L * SECONDS);
                long count = received() - before;
                double micros = (Long.parseLong(ask(words, answers, "cpu")) - cpu) / 1000.0 / count;
                System.out.printf("%,d deliveries/s, %.2f us of CPU each%n", count / SECONDS, micros);
            }
        } finally {
            server.destroyForcibly();
            Files.delete(file);
        }
        System.exit(0);
    }

    static String ask(OutputStream words, BufferedReader answers, String word) throws IOException {
        words.write((word + "\n").getBytes(StandardCharsets.UTF_8));
        words.flush();
        return answers.readLine();
    }

    private static long received() {
        long all = 0;
        for (int i = 0; i < CLIENTS; i++) {
            all += RECEIVED.get(i);
        }
        return all;
    }

    /** TLS that trusts any certificate, of the version that {@code bench.tls} names. */
    static SocketFactory sockets() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(System.getProperty("bench.tls", "TLSv1.3"));
        context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
        return context.getSocketFactory();
    }

    /** A client that is in. */
    static Socket connect(SocketFactory sockets, int port) throws IOException {
        Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(Frames.upgrade(port));
        InputStream in = socket.getInputStream();
        for (int matched = 0; matched < 4; ) {
            int b = in.read();
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return socket;
    }

    private static void connect(int port, int number, Acks acks) throws IOException, GeneralSecurityException {
        Socket socket = connect(sockets(), port);
        InputStream in = socket.getInputStream();
        socket.getOutputStream().write(Frames.subscribe("t0"));
        Thread reader = new Thread(() -> readAll(in, number, acks), "reader-" + number);
        reader.setDaemon(true);
        reader.start();
    }

    /** Counts the frames: a head of 2 or 4 bytes, and what it announces is skipped. */
    private static void readAll(InputStream in, int number, Acks acks) {
        byte[] bytes = new byte[32 * 1024];
        int kept = 0;
        try {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes, kept, bytes.length - kept)) {
                int end = kept + n;
                int at = 0;
                for (int next = next(bytes, at, end); next <= end; next = next(bytes, at, end)) {
                    if (next - at > LEAST_MESSAGE) {
                        RECEIVED.incrementAndGet(number);
                    }
                    at = next;
                }
                kept = end - at;
                System.arraycopy(bytes, at, bytes, 0, kept);
                tell(acks);
            }
        } catch (IOException gone) {
            // the server has been ended
        }
    }

    private static int next(byte[] bytes, int at, int end) {
        if (end - at < 4) {
            return Integer.MAX_VALUE;
        }
        int length = bytes[at + 1] & 0x7f;
        return length < 126 ? at + 2 + length : at + 4 + (((bytes[at + 2] & 0xff) << 8) | (bytes[at + 3] & 0xff));
    }

    private static synchronized void tell(Acks acks) {
        long slowest = Long.MAX_VALUE;
        for (int i = 0; i < CLIENTS; i++) {
            slowest = Math.min(slowest, RECEIVED.get(i));
        }
        acks.tell(slowest);
    }

    /** The certificate was made for this run. */
    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
