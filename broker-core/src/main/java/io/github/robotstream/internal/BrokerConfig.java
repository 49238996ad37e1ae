package io.github.robotstream.internal;

import io.github.robotstream.DeliverySettings;
import io.github.robotstream.FrameStyle;
import io.github.robotstream.Limits;
import io.github.robotstream.OverflowPolicy;
import io.github.robotstream.Permissions;
import io.github.robotstream.RefusalStyle;
import io.github.robotstream.SilenceLimits;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.access.Authenticator;
import io.github.robotstream.internal.access.CertificateAccess;
import io.github.robotstream.internal.access.OriginRules;
import io.github.robotstream.internal.time.BrokerClock;
import io.github.robotstream.internal.transport.AddressLimits;
import io.github.robotstream.internal.transport.AddressRate;
import io.github.robotstream.internal.transport.LivenessLimits;
import io.github.robotstream.internal.transport.Page;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.transport.TransportSettings;
import io.github.robotstream.internal.transport.tls.TlsSource;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.spi.VerifierContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a broker. Each value was checked when it was set; here is what does not go together.
 *
 * @param host the address to listen on, if {@code network}
 * @param tls where key and certificate come from, or null for no TLS
 * @param certificates what clients may do that come with a certificate, or null if they are not asked for one
 * @param verifier who decides who gets in; this or {@code anonymous} is set if {@code network}
 * @param anonymous what everybody may do
 * @param store where messages are kept, or null
 * @param callbackExecutor who runs listeners, or null for the broker's own threads
 * @param onFailure told when the broker has ended because it could not go on
 * @param pages what is served to plain GETs: content type and body, by path
 * @param door who may come to the door
 * @param topics the topics declared, and for each whether clients may publish any type on it
 * @param threaded whether the broker thread runs; a test may take its steps itself
 */
public record BrokerConfig(
        Optional<String> givenName,
        String host,
        int port,
        String path,
        boolean network,
        FrameStyle frameStyle,
        RefusalStyle refusalStyle,
        Map<String, Map.Entry<String, byte[]>> pages,
        Door door,
        OverflowPolicy overflow,
        Duration closeTimeout,
        @Nullable TlsSource tls,
        @Nullable Permissions certificates,
        @Nullable TokenVerifier verifier,
        @Nullable Permissions anonymous,
        @Nullable TopicStore store,
        LogSink logSink,
        @Nullable Executor callbackExecutor,
        Consumer<Throwable> onFailure,
        BrokerClock clock,
        Limits limits,
        DeliverySettings delivery,
        Map<Topic<?>, Boolean> topics,
        TransportFactory transports,
        boolean threaded) {
    public BrokerConfig {
        if (network && verifier == null && anonymous == null && certificates == null) {
            throw new IllegalStateException("nobody is said to get in: set tokenVerifier(...), for instance"
                    + " JwtTokenVerifier.hmac(secret).build(), or deliberately anonymousAccess(...)");
        }
        if (verifier != null && anonymous != null) {
            throw new IllegalStateException("both tokenVerifier(...) and anonymousAccess(...) are set: a client without"
                    + " token would get in beside those with one; set one of them");
        }
        if (certificates != null && anonymous != null) {
            throw new IllegalStateException("both clientCertificates(...) and anonymousAccess(...) are set: a client"
                    + " without certificate would get in beside those with one; set one of them");
        }
        if (pages.containsKey(path)) {
            throw new IllegalStateException(
                    "a page is set at " + path + ", where WebSockets connect: set another path");
        }
        topics = Map.copyOf(topics);
    }

    /** What it is called in logs. */
    String name() {
        return givenName.orElse("robot");
    }

    /** Who comes without a token is nobody in particular, and has no limit. */
    int sessionsPerSubject() {
        return anonymous == null ? limits.sessionsPerSubject() : Integer.MAX_VALUE;
    }

    /** The verifier of the tokens of this broker. */
    TokenVerifier whoGetsIn(Consumer<LogEntry.Builder> log) {
        if (verifier != null) {
            return Objects.requireNonNull(
                    verifier.forBroker(new VerifierContext(givenName, log)), "a token verifier's forBroker");
        }
        return anonymous == null ? CertificateAccess.ONLY : Authenticator.anonymous(anonymous);
    }

    OriginRules originRules() {
        return new OriginRules(anonymous != null, host.toLowerCase(Locale.ROOT), door.hosts(), door.origins());
    }

    AddressRate failedAttempts() {
        int perSecond = limits.failedAttemptsPerAddress();
        return new AddressRate(perSecond, perSecond, door.trustedProxies(), clock::nanoTime);
    }

    private Map<String, Page> pagesByPath() {
        Map<String, Page> made = new HashMap<>();
        pages.forEach((at, page) -> made.put(at, new Page(page.getKey(), page.getValue())));
        return made;
    }

    private static LivenessLimits silence(SilenceLimits limits) {
        return new LivenessLimits(limits.pingAfter(), limits.answerWithin(), limits.writeWithin());
    }

    TransportSettings transportSettings(Optional<Supplier<SSLEngine>> engines) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("host \"" + host + "\" is not known: name an address of this machine");
        }
        TransportSettings usual = TransportSettings.defaults(address, path);
        return new TransportSettings(
                address,
                path,
                usual.subprotocol(),
                limits.messageBytes(),
                limits.memory().halfReceivedBytes(),
                limits.memory().unsentBytes(),
                limits.sessions() + usual.maxArrivals(),
                usual.maxArrivals(),
                delivery.socketBufferBytes(),
                usual.handshakeTimeout(),
                usual.closeTimeout(),
                silence(limits.silence()),
                Refusal.Style.valueOf(refusalStyle.name()),
                new AddressLimits(limits.connectionsPerAddress(), limits.newConnectionsPerAddress()),
                pagesByPath(),
                door.trustedProxies(),
                engines);
    }
}
