package io.github.robotstream.endurance;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.testing.Parent;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A {@link HostileCrowd} as a program of its own. Tells when each kind has done enough, waits for a line, and ends when all have vanished. */
final class HostileCrowdProgram {
    private HostileCrowdProgram() {}

    /** Takes a port, a style of frames, the broker's certificate or nothing, how many clients, and their kinds. */
    public static void main(String[] args) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        FrameStyle style = FrameStyle.valueOf(args[1]);
        SocketFactory sockets = args[2].isEmpty() ? SocketFactory.getDefault() : trusting(Path.of(args[2]));
        int clients = Integer.parseInt(args[3]);
        Hostility[] kinds = List.of(args).subList(4, args.length).stream()
                .map(Hostility::valueOf)
                .toArray(Hostility[]::new);
        // Many subjects: of a single one the log would tell in summary alone, and the test counts what it tells.
        AtomicInteger subjects = new AtomicInteger();
        try (HostileCrowd crowd =
                new HostileCrowd(() -> request(address, style, "hostile-" + subjects.getAndIncrement() % clients)
                        .through(sockets))) {
            crowd.come(clients, kinds);
            while (!crowd.haveDone(clients / kinds.length)) {
                LockSupport.parkNanos(10_000_000);
            }
            Parent.tell("enough", 1);
            Parent.awaitGoOn();
        }
    }

    private static SocketFactory trusting(Path pem) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            trusted.setCertificateEntry(
                    "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** How one gets in with a good token. */
    static SocketTestClient.Request request(InetSocketAddress address, FrameStyle style, String subject) {
        String frame = style == FrameStyle.FLAT ? "frame=flat&" : "";
        String token = new Tokens(HostileCrowdBroker.SECRET).endingIn(Duration.ofHours(1), subject);
        return SocketTestClient.to(address).target("/wss?" + frame + "token=" + token);
    }
}
