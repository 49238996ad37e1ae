package io.github.robotstream.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A robot as a program of its own that tells all it knows: every logger at its finest, every text of its objects. Takes the folder of its
 * keys; with a certificate in it, it serves TLS. Prints its port, waits for a line and until it was told who is connected, ends.
 */
final class WatchedRobot {
    static final byte[] SECRET = "hmac/secret+of=the~robot,32bytes".getBytes(UTF_8);
    private static final Logger ROOT = Logger.getLogger("");

    private WatchedRobot() {}

    public static void main(String[] args) throws Exception {
        logEverything();
        Path folder = Path.of(args[0]);
        JwtTokenVerifier verifier = JwtTokenVerifier.hmac(SECRET)
                .keySetFile(folder.resolve("keys.json"))
                .anyAudience()
                .defaultPermissions(Permissions.all().subscribe("server_logs"))
                .build();
        BrokerBuilder builder = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(new Blabbing(verifier))
                .store(TopicStore.inMemory());
        if (Files.exists(folder.resolve("certificate.pem"))) {
            TlsSettings tls = TlsSettings.pem(folder.resolve("certificate.pem"), folder.resolve("key.pem"));
            System.out.println(tls);
            builder.tls(tls);
        }
        try (RobotStreamBroker broker = builder.start()) {
            CountDownLatch clientsAreTold = new CountDownLatch(1);
            for (String filter : List.of("#", "$clients", "$stats")) {
                broker.subscribe(TopicFilter.of(filter), message -> {
                    System.out.println("heard " + message);
                    if (message.topic().equals("$clients")
                            && message.payload().json().contains("\"reader\"")) {
                        clientsAreTold.countDown();
                    }
                });
            }
            System.out.println(verifier + " " + broker);
            System.out.println("port=" + broker.address().getPort());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            in.readLine();
            if (!clientsAreTold.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("$clients has not told of the reader");
            }
            System.out.println(broker.sessions() + " " + broker.stats());
        }
        System.out.println("ended=1");
    }

    private static void logEverything() {
        ConsoleHandler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        for (java.util.logging.Handler usual : ROOT.getHandlers()) {
            ROOT.removeHandler(usual);
        }
        ROOT.addHandler(console);
        ROOT.setLevel(Level.ALL);
        ROOT.finest("java.util.logging is at its finest");
    }

    /** Judges as another does, and for some subjects does what no verifier should: it quotes the token in what it throws. */
    private record Blabbing(TokenVerifier judge) implements TokenVerifier {
        @Override
        public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException, IOException {
            ClientPrincipal principal = judge.verify(request);
            System.out.println("asked about " + request + ", it is " + principal);
            String token = request.token().orElseThrow();
            return switch (principal.name()) {
                case "quoted-in-a-refusal" ->
                    throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_INVALID, "not " + token);
                case "quoted-in-an-outage" -> throw new IOException("the provider does not take " + token);
                case "quoted-in-a-fault" -> throw new IllegalStateException("what is " + token, new IOException(token));
                default -> principal;
            };
        }

        @Override
        public TokenVerifier forBroker(Optional<String> name, Consumer<LogEntry.Builder> log) {
            return new Blabbing(judge.forBroker(name, log));
        }

        @Override
        public String toString() {
            return judge.toString();
        }
    }
}
