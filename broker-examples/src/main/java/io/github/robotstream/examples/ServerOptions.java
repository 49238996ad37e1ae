package io.github.robotstream.examples;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TlsSettings;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.jwt.JwtTokenVerifierBuilder;
import io.github.robotstream.spi.TopicStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a broker is set up from the command line. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class ServerOptions {
    /** Where messages are kept beyond the broker's own memory. */
    enum Store {
        NONE,
        MEMORY
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

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "Serves wss with this certificate (PEM, those of its issuers behind it); needs --tls-key.")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "The certificate's key (PEM, PKCS#8). Both files may change while the broker runs.")
    private @Nullable Path key;

    @Option(
            names = "--frame",
            paramLabel = "STYLE",
            description = "How messages are written: envelope (the documented form) unless given, or flat.")
    private FrameStyle frame = FrameStyle.ENVELOPE;

    @Option(
            names = "--store",
            paramLabel = "KIND",
            description = "Where messages are kept beyond each topic's last value: none unless given, or memory.")
    private Store store = Store.NONE;

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
        if ((certificate == null) != (key == null)) {
            throw wrong("--tls-certificate and --tls-key belong together: give both of them, or none");
        }
        try {
            BrokerBuilder builder = RobotStreamBroker.builder()
                    .host(host)
                    .port(port)
                    .path(path)
                    .frameStyle(frame)
                    .store(
                            switch (store) {
                                case NONE -> TopicStore.none();
                                case MEMORY -> TopicStore.inMemory();
                            });
            if (certificate != null && key != null) {
                builder.tls(TlsSettings.pem(certificate, key));
            }
            return tokenKey.isPresent() || keySet != null
                    ? builder.tokenVerifier(verifier(tokenKey))
                    : builder.anonymousAccess(Permissions.all());
        } catch (IllegalArgumentException e) {
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
            tokens = JwtTokenVerifier.keySetFile(Objects.requireNonNull(keySet));
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

    /** Where clients connect, in the words of the command line. */
    String url(RobotStreamBroker broker) {
        String address = host.contains(":") ? "[" + host + "]" : host;
        return (certificate == null ? "ws://" : "wss://") + address + ":"
                + broker.address().getPort() + path;
    }
}
