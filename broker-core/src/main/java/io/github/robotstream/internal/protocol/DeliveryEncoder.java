package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Writes the frames that deliver the messages of one topic. What is the same in all of them is made once, so a frame is
 * a few copies of arrays. Immutable and safe for several threads.
 */
public final class DeliveryEncoder {
    private static final byte[] FLAT_DATA = ",\"data\":".getBytes(UTF_8);

    private final byte[] envelopeHead;
    private final byte[] flatHead;

    /** For the messages of that topic. */
    public DeliveryEncoder(String topic) {
        envelopeHead = new JsonWriter()
                .beginObject()
                .key("action")
                .string("publish")
                .key("topic")
                .string(topic)
                .key("data")
                .toBytes();
        flatHead = new JsonWriter()
                .beginObject()
                .key("name")
                .string(topic)
                .key("type")
                .toBytes();
    }

    /** The frame of one message, as a UTF-8 text of its own. */
    public byte[] encode(FrameStyle style, RawPayload payload) {
        return switch (style) {
            case ENVELOPE -> envelope(payload.json());
            case FLAT -> flat(payload);
        };
    }

    private byte[] envelope(byte[] data) {
        byte[] frame = Arrays.copyOf(envelopeHead, envelopeHead.length + data.length + 1);
        System.arraycopy(data, 0, frame, envelopeHead.length, data.length);
        frame[frame.length - 1] = '}';
        return frame;
    }

    private byte[] flat(RawPayload payload) {
        int typeLength = payload.typeEnd() - payload.typeStart();
        int valueLength = payload.valueEnd() - payload.valueStart();
        int dataAt = flatHead.length + typeLength;
        int valueAt = dataAt + FLAT_DATA.length;
        byte[] frame = Arrays.copyOf(flatHead, valueAt + valueLength + 1);
        System.arraycopy(payload.json(), payload.typeStart(), frame, flatHead.length, typeLength);
        System.arraycopy(FLAT_DATA, 0, frame, dataAt, FLAT_DATA.length);
        System.arraycopy(payload.json(), payload.valueStart(), frame, valueAt, valueLength);
        frame[frame.length - 1] = '}';
        return frame;
    }
}
