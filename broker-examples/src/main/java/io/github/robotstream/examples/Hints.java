package io.github.robotstream.examples;

import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to type next, in another shell of this machine, where each line works as it stands. A token comes from a file: what is typed stays
 * in the shell's history.
 *
 * @param urls by which clients reach the robot, those from this machine first; none if its certificate is for no such host
 * @param certificate what is served, if TLS is
 */
record Hints(List<String> urls, Optional<CertificateFile> certificate, Access access) {
    private static final String DRIVE = "'{\"linear\":0.5,\"angular\":0.2}' --type Twist";

    /** What a client gets in with. */
    sealed interface Access permits Nothing, Token, IssuersToken {
        /** What to do before the commands. */
        String begin();

        /** The file that the token is in, where one is needed. */
        Optional<Path> tokenFile();
    }

    /** Everybody gets in. */
    record Nothing() implements Access {
        @Override
        public String begin() {
            return "Try in another shell:";
        }

        @Override
        public Optional<Path> tokenFile() {
            return Optional.empty();
        }
    }

    /** A token that was made for this run. */
    record Token(Path file) implements Access {
        @Override
        public String begin() {
            return "Try in another shell:";
        }

        @Override
        public Optional<Path> tokenFile() {
            return Optional.of(file);
        }
    }

    /** One that an identity provider has to make. */
    record IssuersToken(Optional<String> audience) implements Access {
        @Override
        public String begin() {
            return "Try in another shell, where the file token holds a token of your issuer's"
                    + audience.map(name -> " for " + name).orElse("")
                    + " whose topics let it subscribe to pose and publish cmd_vel:";
        }

        @Override
        public Optional<Path> tokenFile() {
            return Optional.of(Path.of("token"));
        }
    }

    void print(PrintWriter out) {
        if (urls.isEmpty()) {
            return;
        }
        String url = urls.get(0);
        out.println();
        out.println(access.begin());
        String options = (certificate.isPresent() ? " --certificate " + certificateFile() : "")
                + tokenFile().map(file -> " --token-file " + file).orElse("");
        out.println("  " + jar() + " listen " + quoted(url) + " --topic pose" + options);
        out.println("  " + jar() + " send " + quoted(url) + " cmd_vel " + DRIVE + " --for 2s" + options);
        out.println("or, with python3 and its package websockets:");
        out.println("  " + python(url));
        out.println("  {\"action\":\"subscribe\",\"topic\":\"pose\"}");
    }

    private String python(String url) {
        // To others than itself, a certificate is vouched for by one that the machine trusts.
        boolean named = certificate.filter(CertificateFile::isSelfSigned).isPresent();
        return (named ? "SSL_CERT_FILE=" + certificateFile() + " " : "") + "python3 -m websockets "
                + tokenFile()
                        .map(file -> quoted(url + "?token=") + "\"$(cat " + file + ")\"")
                        .orElse(quoted(url));
    }

    private Optional<String> tokenFile() {
        return access.tokenFile().map(file -> quoted(file.toString()));
    }

    private String certificateFile() {
        return quoted(certificate.orElseThrow().path().toAbsolutePath().toString());
    }

    /** How this program is started, from whatever folder. */
    private static String jar() {
        try {
            Path here = Path.of(Hints.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return "java -jar " + quoted(here.toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class loader tells no place", e);
        }
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
