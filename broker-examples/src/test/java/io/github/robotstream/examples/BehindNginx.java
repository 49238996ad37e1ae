package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Document;
import io.github.robotstream.examples.testing.Installed;
import io.github.robotstream.examples.testing.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/** A real nginx in front of a broker, set up by the very text that {@code docs/security.md} shows; only places differ. */
final class BehindNginx {
    private final Path folder;
    private final int port;
    private final SSLContext trusting;

    private BehindNginx(Path folder, int port, SSLContext trusting) {
        this.folder = folder;
        this.port = port;
        this.trusting = trusting;
    }

    /**
     * Starts it, with a certificate of its own, and waits until it listens.
     *
     * @param changes what is replaced in the documented text beside places
     */
    static BehindNginx start(Programs programs, Path folder, URI broker, Map<String, String> changes) throws Exception {
        String nginx = Installed.orSkip("nginx");
        Certified robot = Certified.make(programs, folder, "nginx", "localhost", "127.0.0.1");
        int port = freePort();
        String documented = placed(Document.security("nginx"), changes);
        String server = placed(
                documented,
                Map.of(
                        "listen 443 ssl;", "listen 127.0.0.1:" + port + " ssl;",
                        "/etc/nginx/robot/certificate.pem", robot.certificate().toString(),
                        "/etc/nginx/robot/key.pem", robot.key().toString(),
                        "/var/log/nginx/robot.log", folder.resolve("robot.log").toString(),
                        "127.0.0.1:8765", "127.0.0.1:" + broker.getPort()));
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), around(folder, server));
        programs.start(
                "nginx",
                List.of(
                        nginx,
                        "-p",
                        folder.toString(),
                        "-e",
                        folder.resolve("error.log").toString(),
                        "-c",
                        configuration.toString(),
                        "-g",
                        "daemon off;"),
                Map.of());
        BehindNginx started = new BehindNginx(
                folder,
                port,
                new CertificateFile.FromFile()
                        .convert(robot.certificate().toString())
                        .trusted());
        Awaitility.await().ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return started;
    }

    /** What Debian's own file has around it, at its most talkative that anybody would run. */
    private static String around(Path folder, String server) {
        return "worker_processes 1;\npid " + folder + "/nginx.pid;\nevents {}\nhttp {\naccess_log " + folder
                + "/access.log;\nerror_log " + folder + "/error.log info;\n"
                + Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                        .map(what -> what + "_temp_path " + folder + "/" + what + ";\n")
                        .reduce("", String::concat)
                + server + "}\n";
    }

    private static String placed(String text, Map<String, String> places) {
        String placed = text;
        for (Map.Entry<String, String> place : places.entrySet()) {
            assertThat(placed).contains(place.getKey());
            placed = placed.replace(place.getKey(), place.getValue());
        }
        return placed;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    URI url(String token) {
        return URI.create("wss://localhost:" + port + "/wss?token=" + token);
    }

    SSLContext trusting() {
        return trusting;
    }

    /** Sends a head as it is, through TLS or without, and waits for the end of the answer. */
    String answerTo(String head, boolean tls) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (Socket socket = tls ? trusting.getSocketFactory().createSocket(here, port) : new Socket(here, port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException cutOff) {
            return ""; // a head that is too long is not read to its end
        }
    }

    /**
     * A client at the handshake.
     *
     * @param status what it was answered
     * @param socket open until it is closed
     */
    record Attempt(int status, Socket socket) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Asks for a WebSocket, from an address of this machine's, with further lines of a head. */
    Attempt requestUpgrade(String from, String token, String... lines) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        Socket plain = new Socket(here, port, InetAddress.getByName(from), 0);
        Socket socket = trusting.getSocketFactory().createSocket(plain, "localhost", port, true);
        socket.setSoTimeout(30_000);
        String head = "GET /wss?token=" + token + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + Stream.of(lines).map(line -> line + "\r\n").collect(Collectors.joining()) + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        String first = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
        return new Attempt(Integer.parseInt(first.substring("HTTP/1.1 ".length())), socket);
    }

    /** The log of who came. */
    List<String> accesses() throws IOException {
        return Files.readAllLines(folder.resolve("robot.log"));
    }

    /** All that it has written into files, certificate and key aside. */
    List<String> allLogs() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".log"))
                    .flatMap(BehindNginx::lines)
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
