package io.github.robotstream.internal.jfr;

import io.github.robotstream.spi.LogEntry;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** Fills the events. A field of each kind says whether it is recorded, so that what is not recorded allocates nothing. */
final class Recorded {
    private static final SessionOpenedEvent OPENED = new SessionOpenedEvent();
    private static final SessionClosedEvent CLOSED = new SessionClosedEvent();
    private static final MessagesDroppedEvent DROPPED = new MessagesDroppedEvent();
    private static final ListenerCallEvent LISTENER = new ListenerCallEvent();
    private static final VerifierCallEvent VERIFIER = new VerifierCallEvent();
    private static final HandshakeEvent HANDSHAKE = new HandshakeEvent();

    private Recorded() {}

    static void logged(LogEntry entry) {
        switch (entry.event()) {
            case "client_connected" -> opened(entry);
            case "client_disconnected" -> closed(entry);
            case "messages_dropped" -> dropped(entry);
            default -> {}
        }
    }

    private static void opened(LogEntry entry) {
        if (OPENED.isEnabled()) {
            SessionOpenedEvent event = new SessionOpenedEvent();
            event.session = entry.client().orElse("");
            event.subject = entry.subject().orElse("");
            event.address = text(entry, "address");
            event.commit();
        }
    }

    private static void closed(LogEntry entry) {
        if (CLOSED.isEnabled()) {
            SessionClosedEvent event = new SessionClosedEvent();
            event.session = entry.client().orElse("");
            event.subject = entry.subject().orElse("");
            event.address = text(entry, "address");
            event.code = (int) number(entry, "code");
            event.reason = text(entry, "reason");
            event.commit();
        }
    }

    private static void dropped(LogEntry entry) {
        if (DROPPED.isEnabled()) {
            MessagesDroppedEvent event = new MessagesDroppedEvent();
            event.session = entry.client().orElse("");
            event.subject = entry.subject().orElse("");
            event.topic = entry.topic().orElse("");
            event.cause = text(entry, "cause");
            event.dropped = number(entry, "dropped");
            event.commit();
        }
    }

    private static String text(LogEntry entry, String attribute) {
        return entry.attributes().getOrDefault(attribute, "").toString();
    }

    private static long number(LogEntry entry, String attribute) {
        return entry.attributes().get(attribute) instanceof Number number ? number.longValue() : 0;
    }

    static Span listenerCall(String topic) {
        if (!LISTENER.isEnabled()) {
            return Span.NONE;
        }
        ListenerCallEvent event = new ListenerCallEvent();
        event.topic = topic;
        return event.started();
    }

    static Span verifierCall(InetSocketAddress client) {
        if (!VERIFIER.isEnabled()) {
            return Span.NONE;
        }
        VerifierCallEvent event = new VerifierCallEvent();
        event.address = text(client);
        return event.started();
    }

    static Span handshake(Supplier<InetSocketAddress> client) {
        if (!HANDSHAKE.isEnabled()) {
            return Span.NONE;
        }
        HandshakeEvent event = new HandshakeEvent();
        event.client = client;
        return event.started();
    }

    /** Host and port, without a look-up of the host's name. */
    static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
