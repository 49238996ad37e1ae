package io.github.robotstream.internal.protocol;

import io.github.robotstream.Payload;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message's documented frame, made once by whoever publishes and shared by all who are sent it, with offsets into it. */
public final class Envelope {
    private static final byte[] DATA_MEMBER = ",\"data\":".getBytes(StandardCharsets.US_ASCII);

    /** The frame and the data object. */
    private static final int LEVELS_AROUND_VALUE = 2;

    private final TopicHead head;
    private final OutboundMessage message;
    private final PayloadOffsets offsets;
    private final int shift;
    /** For {@link FlatFrames}. */
    @Nullable
    OutboundMessage keptFlat;

    private Envelope(TopicHead head, byte[] text, PayloadOffsets offsets) {
        this.head = head;
        this.message = OutboundMessage.text(text);
        this.offsets = offsets;
        this.shift = head.envelope().length;
    }

    public static Envelope of(TopicHead head, RawPayload payload) {
        byte[] data = payload.json();
        byte[] text = new byte[head.envelope().length + data.length + 1];
        put(data, text, put(head.envelope(), text, 0));
        text[text.length - 1] = '}';
        return new Envelope(head, text, payload.offsets());
    }

    /** Frames a value of robot code, which is valid JSON. */
    public static Envelope ofValue(TopicHead head, PayloadHead payload, String json) {
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        byte[] opening = payload.opening();
        byte[] text = new byte[head.envelope().length + opening.length + value.length + 2];
        int end = put(value, text, put(opening, text, put(head.envelope(), text, 0)));
        text[end] = '}';
        text[end + 1] = '}';
        return new Envelope(head, text, payload.offsets(value.length));
    }

    /** Frames a value of robot code, and throws if it is no JSON or nests too deep for a frame. */
    public static Envelope ofValue(TopicHead head, PayloadHead payload, String json, JsonScan scan)
            throws JsonException {
        Envelope envelope = ofValue(head, payload, json);
        PayloadOffsets offsets = envelope.offsets;
        int start = envelope.shift + offsets.valueStart();
        scan.read(envelope.text(), start, offsets.valueLength(), JsonScan.MAX_DEPTH - LEVELS_AROUND_VALUE);
        return envelope;
    }

    public String valueJson() {
        return offsets.value(text(), shift);
    }

    /** The type, unless it is spelled with more bytes than that between its quotes. */
    public Optional<String> typeUpTo(int bytes) {
        return offsets.typeLength() - 2 <= bytes ? Optional.of(offsets.type(text(), shift)) : Optional.empty();
    }

    /** Writes the data object as it stands in the frame. */
    void writeData(ByteArrayOutputStream out) {
        out.write(text(), shift, text().length - shift - 1);
    }

    /** The data object as robot code sees it. */
    public Payload payload() {
        return Payload.of(offsets.name(text(), shift), offsets.type(text(), shift), valueJson());
    }

    /** How many bytes it keeps; a frame of it in either style has at most so many. */
    public int size() {
        return message.length();
    }

    /** The documented message, the same object at each call. */
    public OutboundMessage message() {
        return message;
    }

    private byte[] text() {
        return message.body();
    }

    /** A new copy of it as a FLAT frame. */
    OutboundMessage flat() {
        byte[] text = text();
        int typeLength = offsets.typeLength();
        int valueLength = offsets.valueLength();
        byte[] flat = new byte[head.flat().length + typeLength + DATA_MEMBER.length + valueLength + 1];
        int at = put(head.flat(), flat, 0);
        System.arraycopy(text, shift + offsets.typeStart(), flat, at, typeLength);
        at = put(DATA_MEMBER, flat, at + typeLength);
        System.arraycopy(text, shift + offsets.valueStart(), flat, at, valueLength);
        flat[flat.length - 1] = '}';
        return OutboundMessage.text(flat);
    }

    private static int put(byte[] piece, byte[] target, int at) {
        System.arraycopy(piece, 0, target, at, piece.length);
        return at + piece.length;
    }
}
