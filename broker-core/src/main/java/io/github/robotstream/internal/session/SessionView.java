package io.github.robotstream.internal.session;

import io.github.robotstream.AgeSummary;
import io.github.robotstream.ClientPrincipal;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Set;

/** A session's numbers at one moment, for {@code sessions()}. */
public record SessionView(
        String id,
        ClientPrincipal principal,
        InetSocketAddress remoteAddress,
        Instant connectedAt,
        Set<String> subscriptions,
        int queuedMessages,
        long queuedBytes,
        long delivered,
        long dropped,
        AgeSummary sentAges,
        AgeSummary readAges) {}
