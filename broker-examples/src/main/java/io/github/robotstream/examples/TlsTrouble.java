package io.github.robotstream.examples;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a client of the shell got no connection through TLS, with what to do about it. */
final class TlsTrouble {
    private TlsTrouble() {}

    /**
     * The reason.
     *
     * @param trusted what {@code --certificate} named
     * @return empty if something else went wrong than TLS
     */
    static Optional<String> reason(@Nullable Throwable failure, Optional<CertificateFile> trusted) {
        Optional<String> reason = Optional.empty();
        // What caused the others knows best, so the last one that is known counts.
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Throwable present = cause;
            Optional<String> outer = reason;
            reason = known(present, trusted).or(() -> outer);
        }
        return reason;
    }

    private static Optional<String> known(Throwable cause, Optional<CertificateFile> trusted) {
        String said = ErrorLines.text(cause);
        if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
            return Optional.of("the broker's certificate is not valid by the clock of this machine (" + said
                    + "): set the clock, or have the broker serve a newer one");
        }
        if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
            return Optional.of(trusted.map(file -> "the broker's certificate is not the one in " + file.path()
                            + ": give as --certificate what it was started with as --tls-certificate")
                    .orElse("the broker's certificate is not known here: give the file that it was started with as"
                            + " --tls-certificate as --certificate FILE"));
        }
        if (cause instanceof CertificateException && said.startsWith("No ")) {
            return Optional.of("the broker's certificate is not for this host (" + said
                    + "): connect by a name that it is for, or have the broker serve one for this host");
        }
        if (cause instanceof SSLException) {
            return Optional.of(
                    said.contains("plaintext") ? "it speaks no TLS: is it a ws:// address?" : "TLS failed: " + said);
        }
        return Optional.empty();
    }
}
