package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.robotstream.Payload;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message's documented frame, made once by whoever publishes and shared by all who are sent it, with offsets into it. The value of a
 * binary message is kept as bytes; its text is made of them when it is sent, see {@link MadeFrames}.
 */
public final class Envelope {
    private static final byte[] DATA_MEMBER = ",\"data\":".getBytes(US_ASCII);
    private static final byte[] BASE64_OPENING = ",\"data\":\"".getBytes(US_ASCII);
    private static final byte[] BASE64_END = "\"}}".getBytes(US_ASCII);
    private static final byte[] ENDS = "}}".getBytes(US_ASCII);
    private static final byte[] END = "}".getBytes(US_ASCII);

    /** The frame and the data object. */
    private static final int LEVELS_AROUND_VALUE = 2;

    /** From this size on a value is not copied once more to stand in one piece with what is around it. */
    private static final int LARGE_VALUE_BYTES = 16 * 1024;

    private final TopicHead head;
    private final OutboundMessage message;
    private final PayloadOffsets offsets;
    private final boolean bodyIsData; // the whole object, as a client has sent it
    private final int shift;
    /** The documented text of a binary message, and the FLAT frame; for {@link MadeFrames}. */
    @Nullable
    OutboundMessage keptText;

    @Nullable
    OutboundMessage keptFlat;

    private Envelope(TopicHead head, OutboundMessage message, PayloadOffsets offsets) {
        this(head, message, offsets, false);
    }

    private Envelope(TopicHead head, OutboundMessage message, PayloadOffsets offsets, boolean bodyIsData) {
        this.head = head;
        this.message = message;
        this.offsets = offsets;
        this.bodyIsData = bodyIsData;
        this.shift = bodyIsData ? 0 : head.envelope().length + (message.isBinary() ? BinaryHead.LENGTH_BYTES : 0);
    }

    /** Frames what a client published. */
    public static Envelope of(TopicHead head, RawPayload payload) {
        byte[] data = payload.json();
        byte[] bytes = payload.bytes();
        if (bytes != null) {
            return ofBytes(head, data, payload.offsets(), bytes, bytes.length);
        }
        if (data.length >= LARGE_VALUE_BYTES) {
            return new Envelope(head, OutboundMessage.text(head.envelope(), data, END), payload.offsets(), true);
        }
        byte[] text = new byte[head.envelope().length + data.length + 1];
        put(data, text, put(head.envelope(), text, 0));
        text[text.length - 1] = '}';
        return new Envelope(head, OutboundMessage.text(text), payload.offsets());
    }

    /** Frames a value of robot code, which is valid JSON. */
    public static Envelope ofValue(TopicHead head, PayloadHead payload, String json) {
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        byte[] opening = payload.opening();
        int before = head.envelope().length + opening.length;
        boolean large = value.length >= LARGE_VALUE_BYTES;
        byte[] text = new byte[large ? before : before + value.length + ENDS.length];
        int end = put(opening, text, put(head.envelope(), text, 0));
        if (!large) {
            put(ENDS, text, put(value, text, end));
        }
        OutboundMessage message = large ? OutboundMessage.text(text, value, ENDS) : OutboundMessage.text(text);
        return new Envelope(head, message, payload.offsets(value.length));
    }

    /** Frames a value of robot code, and throws if it is no JSON or nests too deep for a frame. */
    public static Envelope ofValue(TopicHead head, PayloadHead payload, String json, JsonScan scan)
            throws JsonException {
        Envelope envelope = ofValue(head, payload, json);
        scan.read(
                envelope.message.body(),
                envelope.valueStart(),
                envelope.offsets.valueLength(),
                JsonScan.MAX_DEPTH - LEVELS_AROUND_VALUE);
        return envelope;
    }

    /** Frames a payload of robot code or a store, and throws if it is no JSON or nests too deep for a frame; bytes are copied. */
    public static Envelope ofPayload(TopicHead head, PayloadHead opening, Payload payload, JsonScan scan)
            throws JsonException {
        Optional<ByteBuffer> bytes = payload.bytes();
        return bytes.isPresent() ? ofCopy(head, opening, bytes.get()) : ofValue(head, opening, payload.json(), scan);
    }

    /** Frames a copy of robot code's bytes, and leaves their position where it is. */
    public static Envelope ofCopy(TopicHead head, PayloadHead payload, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return ofBytes(head, payload, copy, copy.length);
    }

    /** Frames the first so many bytes of robot code's, which nobody writes to any more. */
    public static Envelope ofBytes(TopicHead head, PayloadHead payload, byte[] bytes, int length) {
        return ofBytes(head, payload.object(), payload.offsets(0), bytes, length);
    }

    private static Envelope ofBytes(TopicHead head, byte[] data, PayloadOffsets offsets, byte[] bytes, int length) {
        byte[] binaryHead = BinaryHead.of(head.envelope(), data);
        return new Envelope(head, OutboundMessage.binary(binaryHead, bytes, length), offsets);
    }

    /** Whether its value is bytes, and no JSON. */
    public boolean isBinary() {
        return message.isBinary();
    }

    /** The bytes of a binary message, to be read only; a new view at each call. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(message.body(), 0, message.bodyLength()).slice().asReadOnlyBuffer();
    }

    /** The value as JSON; bytes are a string in base64. */
    public String valueJson() {
        return isBinary()
                ? payload().json()
                : new String(message.body(), valueStart(), offsets.valueLength(), StandardCharsets.UTF_8);
    }

    /** A binary message of the value alone, JSON or bytes; its body is shared unless it holds more than the value, which is copied then. */
    public OutboundMessage value() {
        boolean alone = isValueAlone();
        byte[] body = alone
                ? message.body()
                : Arrays.copyOfRange(message.body(), valueStart(), valueStart() + offsets.valueLength());
        return OutboundMessage.binary(new byte[0], body, alone ? message.bodyLength() : body.length);
    }

    /** The type, unless it is spelled with more bytes than that between its quotes. */
    public Optional<String> typeUpTo(int bytes) {
        return offsets.typeLength() - 2 <= bytes ? Optional.of(offsets.type(names(), shift)) : Optional.empty();
    }

    /** The data object as robot code sees it. */
    public Payload payload() {
        String name = offsets.name(names(), shift);
        String type = offsets.type(names(), shift);
        return isBinary()
                ? Payload.ofOwnedBytes(name, type, ByteBuffer.wrap(message.body(), 0, message.bodyLength()))
                : Payload.of(name, type, valueJson());
    }

    /** How many bytes it keeps. */
    public int size() {
        return message.length();
    }

    /** How long the longest of its frames is, without what is told beside it, for those who take binary messages or for others. */
    public int frameBytes(boolean binary) {
        if (binary || !isBinary()) {
            return message.length();
        }
        int base64 = (message.bodyLength() + 2) / 3 * 4;
        return message.head().length + BASE64_OPENING.length + base64 + BASE64_END.length;
    }

    /** The documented message of text, or the binary one; the same object at each call. */
    public OutboundMessage message() {
        return message;
    }

    /** The documented text, of which the data object is all from {@link #dataStart} on but the last byte. */
    OutboundMessage documented() {
        return isBinary() ? text() : message;
    }

    int dataStart() {
        return head.envelope().length;
    }

    /** The binary message with what is told beside it. */
    OutboundMessage binary(DeliveryNote note) {
        return message.withHead(BinaryHead.withTail(message.head(), note.toTail()));
    }

    /** The documented text of a binary message, made anew. */
    OutboundMessage text() {
        byte[] object = BinaryHead.json(message.head());
        int open = object.length - ENDS.length; // without the ends of the data object and of the frame
        byte[] opening = Arrays.copyOf(object, open + BASE64_OPENING.length);
        put(BASE64_OPENING, opening, open);
        return message.inBase64(false, opening, BASE64_END);
    }

    /** A new copy of it as a FLAT frame. */
    OutboundMessage flat() {
        byte[] names = names();
        int typeLength = offsets.typeLength();
        byte[] member = isBinary() ? BASE64_OPENING : DATA_MEMBER;
        boolean inPieces = isValueAlone();
        int before = head.flat().length + typeLength + member.length;
        int valueLength = offsets.valueLength();
        byte[] flat = new byte[inPieces ? before : before + valueLength + 1];
        int at = put(head.flat(), flat, 0);
        System.arraycopy(names, shift + offsets.typeStart(), flat, at, typeLength);
        at = put(member, flat, at + typeLength);
        if (isBinary()) {
            return message.inBase64(false, flat, BASE64_END).withTail(1, new byte[0]);
        }
        if (inPieces) {
            return OutboundMessage.text(flat, message.body(), ENDS).withTail(1, new byte[0]);
        }
        System.arraycopy(message.body(), valueStart(), flat, at, valueLength);
        flat[flat.length - 1] = '}';
        return OutboundMessage.text(flat);
    }

    /** Where name and type stand. */
    private byte[] names() {
        return isValueAlone() ? message.head() : message.body();
    }

    /** Whether the body is the value and nothing else. */
    private boolean isValueAlone() {
        return message.head().length > 0 && !bodyIsData;
    }

    private int valueStart() {
        return isValueAlone() ? 0 : shift + offsets.valueStart();
    }

    private static int put(byte[] piece, byte[] target, int at) {
        System.arraycopy(piece, 0, target, at, piece.length);
        return at + piece.length;
    }
}
