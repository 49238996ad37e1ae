package io.github.robotstream.examples;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.file.FileTopicStore;
import io.github.robotstream.file.JsonLinesLogSink;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.jwt.JwtTokenVerifierBuilder;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a broker is set up from the command line. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class ServerOptions {
    /** How messages are written. */
    private enum Frame {
        ENVELOPE,
        FLAT
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address to listen on: 127.0.0.1 unless given, 0.0.0.0 for all interfaces.")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "8765 unless given, 0 for any that is free.")
    private int port = 8765;

    @Option(names = "--path", paramLabel = "PATH", description = "What clients connect to: /wss unless given.")
    private String path = "/wss";

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            converter = Secret.FromFile.class,
            description = "Lets in who has a JWT (HS256) signed with this secret: the file's bytes less one line end.")
    private @Nullable Secret secret;

    @Option(
            names = "--jwks-file",
            paramLabel = "FILE",
            description = {
                "Lets in who has a JWT signed with a key of this JWK set, which may change while the broker runs; beside"
                        + " --secret-file or without. Needs --audience or --any-audience. A token of such a key may do what"
                        + " its claim \"topics\" says."
            })
    private @Nullable Path keySet;

    @Option(
            names = "--audience",
            paramLabel = "NAME",
            description = "Lets in only tokens that are meant for this name (claim \"aud\").")
    private @Nullable String audience;

    @Option(
            names = "--any-audience",
            description = "Lets in tokens that are meant for any other application of the same issuer, too.")
    private boolean anyAudience;

    @Option(names = "--anonymous", description = "Lets everybody in who reaches the port, without a token.")
    private boolean anonymous;

    @Mixin
    private final TlsOptions tls = new TlsOptions();

    @Option(
            names = "--trusted-proxy",
            paramLabel = "CIDR",
            split = ",",
            description =
                    "A proxy (an address, or a block of them like 10.1.0.0/16) whose X-Forwarded-For or Forwarded is"
                            + " believed: limits and logs are about its clients then. Several are separated by commas.")
    private List<String> proxies = new ArrayList<>();

    @Option(
            names = "--frame",
            paramLabel = "STYLE",
            description = "How messages are written: envelope (the documented form) unless given, or flat.")
    private Frame frame = Frame.ENVELOPE;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            description =
                    "Where messages are kept beyond each topic's last value, for clients that were away or look back: none"
                            + " unless given, memory, or a directory for files, which outlive the process (./memory for"
                            + " one of that name).")
    private String store = "none";

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description =
                    "Writes the log to this file instead of standard error, each entry as a line of JSON; full ones are"
                            + " renamed, and the last five kept.")
    private @Nullable Path logFile;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            description = "How many clients may be connected: 1,000 unless given. One more is told when to come back.")
    private @Nullable Integer sessions;

    @Option(
            names = "--sessions-per-subject",
            paramLabel = "N",
            description = "How many clients with one subject may be connected; one more takes the oldest one's place."
                    + " Any number unless given.")
    private @Nullable Integer sessionsPerSubject;

    /** The secret that was named, if one was. */
    Optional<Secret> secret() {
        checkWhoGetsIn();
        return Optional.ofNullable(secret);
    }

    private void checkWhoGetsIn() {
        if (secret != null && anonymous) {
            throw wrong("--secret-file and --anonymous contradict each other: give one of them");
        }
        if (keySet != null && anonymous) {
            throw wrong("--jwks-file and --anonymous contradict each other: give one of them");
        }
        if (audience != null && anyAudience) {
            throw wrong("--audience and --any-audience contradict each other: give one of them");
        }
        if (keySet != null && audience == null && !anyAudience) {
            throw wrong("which tokens of that key set are for this robot? Give --audience NAME, or --any-audience if"
                    + " those for every other application may drive it, too");
        }
        if (anonymous && (audience != null || anyAudience)) {
            throw wrong("--audience and --any-audience are about tokens, and --anonymous asks for none");
        }
    }

    /** Whether everybody is let in, or those who have a token of somebody else's. */
    boolean needsNoSecret() {
        return anonymous || keySet != null;
    }

    /** What clients get in with, where a token was made for them, which is in this file, or not. */
    Hints.Access access(Optional<Path> tokenFile) {
        return anonymous
                ? new Hints.Nothing()
                : tokenFile.<Hints.Access>map(Hints.Token::new).orElse(new Hints.IssuersToken(audience()));
    }

    /** The audience that tokens must have, if one was named. */
    Optional<String> audience() {
        return Optional.ofNullable(audience);
    }

    /** The command's standard output. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** A complaint about how the command was used. */
    ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /** A broker that everybody may use who has a token signed with the secret or a key of the set; without both, everybody. */
    BrokerBuilder broker(Optional<Secret> tokenKey) {
        try {
            BrokerBuilder builder = RobotStreamBroker.builder()
                    .host(host)
                    .port(port)
                    .path(path)
                    .store(
                            switch (store.toLowerCase(Locale.ROOT)) {
                                case "none" -> TopicStore.none();
                                case "memory" -> TopicStore.inMemory();
                                default ->
                                    FileTopicStore.builder(Path.of(store)).build();
                            });
            if (frame == Frame.FLAT) {
                builder.flatFrames();
            }
            if (logFile != null) {
                builder.logSink(JsonLinesLogSink.to(logFile));
            }
            tls.settings().ifPresent(builder::tls);
            builder.limits(limits -> {
                if (sessions != null) {
                    limits.sessions(sessions);
                }
                if (sessionsPerSubject != null) {
                    limits.sessionsPerSubject(sessionsPerSubject);
                }
            });
            builder.http(http -> http.trustedProxies(proxies.toArray(String[]::new)));
            return tokenKey.isPresent() || keySet != null
                    ? builder.tokenVerifier(verifier(tokenKey))
                    : builder.anonymousAccess(Permissions.all());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw wrong(ErrorLines.text(e));
        }
    }

    private JwtTokenVerifier verifier(Optional<Secret> tokenKey) {
        JwtTokenVerifierBuilder tokens;
        if (tokenKey.isPresent()) {
            tokens = JwtTokenVerifier.hmac(tokenKey.get().bytes());
            if (keySet != null) {
                tokens.keySetFile(keySet);
            }
        } else {
            tokens = JwtTokenVerifier.builder().keySetFile(Objects.requireNonNull(keySet));
        }
        if (keySet != null) {
            tokens.defaultPermissions(Permissions.none()); // a token of another application's says nothing of topics
        }
        if (audience != null) {
            tokens.audience(audience);
        } else if (anyAudience) {
            tokens.anyAudience();
        }
        return tokens.build();
    }

    /**
     * Starts it, and says where it listens and by which addresses clients reach it.
     *
     * @throws BindException if the port cannot be had
     */
    RobotStreamBroker start(BrokerBuilder builder) throws BindException {
        RobotStreamBroker broker;
        try {
            broker = builder.start();
        } catch (BindException e) {
            BindException withRemedy = new BindException(
                    e.getMessage() + ": --port names another, --port 0 any that is free, --host another address");
            withRemedy.initCause(e);
            throw withRemedy;
        } catch (IOException e) {
            throw wrong(ErrorLines.text(e)); // what is opened beside the port are files that options name
        }
        out().println("listening " + url(host, broker));
        if (!reach().hosts().contains(host)) {
            urls(broker).forEach(url -> out().println("connect to " + url));
        }
        if (reach().hosts().isEmpty()) {
            command.commandLine().getErr().println(reach().complaint());
        }
        out().flush();
        return broker;
    }

    /** By which addresses clients reach it, those from this machine first. None if its certificate is for no such host. */
    List<String> urls(RobotStreamBroker broker) {
        return reach().hosts().stream().map(way -> url(way, broker)).toList();
    }

    /** Says where the page of the broker is; a token is in the fragment, which browsers keep to themselves. */
    void printPage(RobotStreamBroker broker, Optional<String> token) {
        urls(broker).stream()
                .limit(1)
                .map(url -> URI.create(url.replaceFirst("^ws", "http")).resolve("/"))
                .forEach(page -> out().println(
                                "open " + page + token.map(t -> "#token=" + t).orElse("")));
    }

    /** What is served, if TLS is. */
    Optional<CertificateFile> certificate() {
        return tls.certificate();
    }

    private Reach reach() {
        return new Reach(host, tls.certificate());
    }

    private String url(String way, RobotStreamBroker broker) {
        String address = way.contains(":") ? "[" + way + "]" : way;
        return (tls.certificate().isPresent() ? "wss://" : "ws://") + address + ":"
                + broker.address().getPort() + path;
    }
}
