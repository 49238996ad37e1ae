package io.github.robotstream.examples;

import io.github.robotstream.client.RobotStreamClient;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which broker a client command talks to, and who it says it is. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class ClientOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "URL",
            converter = WebSocketUrl.class,
            description = "The broker's address, for instance ws://127.0.0.1:8765/wss.")
    private URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The token. Other users of this machine can see it in the list of processes.")
    private @Nullable String token;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            converter = TokenFile.class,
            description = "A file that holds the token.")
    private @Nullable String tokenFromFile;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            converter = CertificateFile.FromFile.class,
            description = "For wss: trusts this certificate (PEM) and no other, for instance the one that the command"
                    + " certificate wrote. Unless given, those that the JDK trusts.")
    private @Nullable CertificateFile certificate;

    /** Opens the connection. */
    WireClient connect() throws IOException, InterruptedException {
        if (certificate != null && !url.getScheme().equals("wss")) {
            throw wrong("--certificate is for wss:// addresses, through ws:// there is none");
        }
        if (token != null && tokenFromFile != null) {
            throw wrong("--token and --token-file contradict each other: give one of them");
        }
        String credential = token != null ? token : tokenFromFile;
        return WireClient.connect(credential == null ? url : withToken(credential), Optional.ofNullable(certificate));
    }

    /** A complaint about how the command was used. */
    ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private URI withToken(String credential) {
        String separator = url.getRawQuery() == null ? "?" : "&";
        return URI.create(url + separator + "token=" + URLEncoder.encode(credential, StandardCharsets.UTF_8));
    }

    /** Takes the addresses that the client packages take, and refuses others without repeating what may hold a token. */
    static final class WebSocketUrl implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                String address = RobotStreamClient.at(text).address().toString();
                // What it prints is in the broker's own style, unless the address says one.
                return URI.create(text.contains("frame=") ? address : address.replaceFirst("[?&]frame=envelope$", ""));
            } catch (IllegalArgumentException noAddress) {
                throw new TypeConversionException(noAddress.getMessage());
            }
        }
    }

    /** Reads the token that an option names. */
    static final class TokenFile implements ITypeConverter<String> {
        @Override
        public String convert(String file) {
            return new String(SmallFile.read(Path.of(file)), StandardCharsets.UTF_8);
        }
    }
}
