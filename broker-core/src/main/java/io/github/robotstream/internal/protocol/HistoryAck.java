package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reply to a history request, put together piece by piece; not safe for several threads. */
public final class HistoryAck {
    /** So much of a message is written in one go, unless its base64 is at hand; that of a large one is made as it is written. */
    public static final int PIECE_BYTES = 16 * 1024;
    /** What stands around messages takes no more, beside their own bytes. */
    private static final int AROUND_BYTES = 1024;

    private final int mostBytes;
    /** Not copied once more at the end: that would take as long as several pieces. */
    private byte[] frame;

    private int length;
    private boolean isEmpty = true;
    private @Nullable OutboundMessage begun; // of which not all is written
    private int written;

    /**
     * A reply without messages so far.
     *
     * @param epoch of their numbers; empty if the topic has had no message
     * @param mostBytes how large the frame may become
     */
    public HistoryAck(RequestId id, String topic, Optional<String> epoch, int mostBytes) {
        this.mostBytes = mostBytes;
        JsonWriter begin = FrameEncoder.ack(id).key("topic").string(topic);
        epoch.ifPresent(word -> begin.key("epoch").string(word));
        this.frame = begin.key("messages").raw("[").toBytes();
        this.length = frame.length;
    }

    /**
     * Adds a message, or the next piece of it; one that makes the frame too large stands there without what was published.
     *
     * @return whether all of it is there
     */
    public boolean add(Envelope message, DeliveryNote.Numbers numbers) {
        OutboundMessage text = begun == null ? begin(message) : begun;
        if (text == null) {
            put("\"too_large\":true,");
        } else {
            int piece = Math.min(PIECE_BYTES, text.length() - 1 - written);
            text.copyTo(ByteBuffer.wrap(frame, length, piece), written);
            length += piece;
            written += piece;
            begun = written == text.length() - 1 ? null : text;
            if (begun != null) {
                return false;
            }
            // text alone does not tell bytes from a string
            put(message.isBinary() ? ",\"encoding\":\"base64\"," : ",");
        }
        JsonWriter tail = new JsonWriter().raw("\"seq\":").number(numbers.sequence());
        tail.key("ts").number(numbers.wallMicros());
        tail.key("mono").number(numbers.monoMicros());
        tail.key("from").string(numbers.from());
        put(tail.endObject().toString());
        return true;
    }

    /** The text of which the data object is written; null if that is too large. */
    private @Nullable OutboundMessage begin(Envelope message) {
        put(isEmpty ? "{" : ",{");
        isEmpty = false;
        int size = message.frameBytes(false) + AROUND_BYTES;
        if (length + size > mostBytes) {
            return null;
        }
        makeRoom(size);
        put("\"data\":");
        written = message.dataStart();
        return message.documented();
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        makeRoom(bytes.length);
        System.arraycopy(bytes, 0, frame, length, bytes.length);
        length += bytes.length;
    }

    private void makeRoom(int bytes) {
        if (length + bytes > frame.length) {
            frame = Arrays.copyOf(frame, Math.max(length + bytes, length + length / 4));
        }
    }

    /**
     * The frame.
     *
     * @param isComplete whether the topic has no newer message
     */
    public OutboundMessage end(boolean isComplete) {
        put("],\"complete\":" + isComplete + "}");
        return OutboundMessage.text(frame, length);
    }
}
