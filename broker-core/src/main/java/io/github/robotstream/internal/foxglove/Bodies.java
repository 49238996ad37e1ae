package io.github.robotstream.internal.foxglove;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes of messages what stands behind the head of a subscription, and keeps the last ones, since a message goes to its subscribers one after the
 * other. Large values and pictures are shared with all other clients. Broker thread.
 */
final class Bodies {
    /** Four flushes of a session. */
    private static final int MAX_BYTES = 256 * 1024;
    /** What a body costs beside its bytes, so that tiny ones are bounded as well. */
    private static final int BYTES_EACH = 128;

    private static final int MAX_TYPE_BYTES = 200;
    private static final byte[] NOTHING = {};
    private static final byte[] VALUE = "{\"value\":".getBytes(US_ASCII);
    private static final byte[] TEXT_VALUE = "{\"value\":\"".getBytes(US_ASCII);
    private static final byte[] END = "}".getBytes(US_ASCII);
    private static final byte[] TEXT_END = "\"}".getBytes(US_ASCII);

    /** In the order in which they were made; messages are told apart as objects. */
    private final Map<Envelope, Made> kept = new LinkedHashMap<>();

    private int bytes;

    private record Made(Form form, OutboundMessage body) {}

    /**
     * The body of a message in a form; the same object for a while.
     *
     * @param wallMicros when the message was published, since 1970
     */
    OutboundMessage of(Envelope message, Form form, long wallMicros) {
        Made known = kept.get(message);
        if (known != null && known.form == form) {
            return known.body;
        }
        OutboundMessage body = make(message, form, wallMicros);
        if (known == null) {
            keep(message, new Made(form, body));
        }
        return body;
    }

    private void keep(Envelope message, Made made) {
        kept.put(message, made);
        bytes += BYTES_EACH + made.body.length();
        Iterator<Made> oldest = kept.values().iterator();
        while (bytes > MAX_BYTES && kept.size() > 1) {
            bytes -= BYTES_EACH + oldest.next().body.length();
            oldest.remove();
        }
    }

    private static OutboundMessage make(Envelope message, Form form, long wallMicros) {
        OutboundMessage value = message.value();
        return switch (form) {
            case JSON -> json(message, value);
            case LOG -> binary(LogRecord.of(value, wallMicros));
            case IMAGE ->
                CompressedImage.of(
                        value, wallMicros, message.typeUpTo(MAX_TYPE_BYTES).orElse(""));
        };
    }

    private static OutboundMessage json(Envelope message, OutboundMessage value) {
        if (message.isBinary()) {
            return value.inBase64(true, TEXT_VALUE, TEXT_END);
        }
        return isObject(value) ? value : value.withHead(VALUE).withTail(0, END);
    }

    /** By its first byte behind blanks. */
    private static boolean isObject(OutboundMessage value) {
        byte[] json = value.body();
        int at = 0;
        while (at < value.bodyLength() - 1 && json[at] <= ' ') {
            at++;
        }
        return json[at] == '{';
    }

    private static OutboundMessage binary(byte[] body) {
        return OutboundMessage.binary(NOTHING, body, body.length);
    }
}
