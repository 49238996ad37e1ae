package io.github.robotstream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/**
 * What a session costs that is open and does nothing, plain and through TLS: the server in a JVM of its own, {@code bench.clients} (900)
 * sessions after 100 that were there before. Prints heap after a collection, direct memory and resident memory of each. {@code bench.tls}
 * (TLSv1.3) says which TLS.
 */
public final class IdleSessions {
    private static final int CLIENTS = Integer.getInteger("bench.clients", 900);
    private static final int BEFORE = 100; // which load the classes and fill the spare buffers
    private static final byte[] PONG = {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0};
    private static final List<String> MEMORIES = List.of("heap", "direct", "rss");

    private IdleSessions() {}

    /** Runs it; takes half a minute. */
    public static void main(String[] args) throws Exception {
        measure("robotstream", SocketFactory.getDefault());
        measure("robotstream-tls", TlsBenchmark.sockets());
        System.exit(0);
    }

    private static void measure(String peer, SocketFactory sockets) throws IOException {
        Path file = Files.createTempFile("bench", "acks");
        Process server = ServerProcess.start(peer, file);
        try (BufferedReader answers = server.inputReader(StandardCharsets.UTF_8);
                OutputStream words = server.getOutputStream()) {
            int port = Integer.parseInt(answers.readLine());
            List<Socket> open = new ArrayList<>();
            connect(open, BEFORE, sockets, port);
            long[] before = memories(words, answers);
            connect(open, CLIENTS, sockets, port);
            long[] after = memories(words, answers);
            giveSignOfLife(open);
            for (int i = 0; i < before.length; i++) {
                System.out.printf(
                        "%s, %d sessions, %s: %,d bytes each%n",
                        peer, open.size(), MEMORIES.get(i), (after[i] - before[i]) / CLIENTS);
            }
        } finally {
            server.destroyForcibly();
            Files.delete(file);
        }
    }

    private static void connect(List<Socket> open, int count, SocketFactory sockets, int port) throws IOException {
        for (int i = 0; i < count; i++) {
            open.add(TlsBenchmark.connect(sockets, port));
            if (i % 50 == 49) {
                giveSignOfLife(open);
            }
        }
    }

    /** Else the broker would close those that came first. Fails if one is closed. */
    private static void giveSignOfLife(List<Socket> open) throws IOException {
        for (Socket socket : open) {
            socket.getOutputStream().write(PONG);
        }
    }

    private static long[] memories(OutputStream words, BufferedReader answers) throws IOException {
        long[] bytes = new long[MEMORIES.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Long.parseLong(TlsBenchmark.ask(words, answers, MEMORIES.get(i)));
        }
        return bytes;
    }
}
