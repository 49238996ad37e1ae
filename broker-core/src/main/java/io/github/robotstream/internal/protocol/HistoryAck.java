package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** The reply to a history request, put together message by message; not safe for several threads. */
public final class HistoryAck {
    /** What stands around messages takes no more, beside their own bytes. */
    private static final int AROUND_BYTES = 1024;

    private final int mostBytes;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(AROUND_BYTES);
    private boolean isEmpty = true;

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
        out.writeBytes(begin.key("messages").raw("[").toBytes());
    }

    /** Adds a message; one that makes the frame too large stands there without what was published. */
    public void add(Envelope message, DeliveryNote.Numbers numbers) {
        out.writeBytes((isEmpty ? "{" : ",{").getBytes(UTF_8));
        isEmpty = false;
        if (out.size() + message.frameBytes(false) + AROUND_BYTES <= mostBytes) {
            out.writeBytes("\"data\":".getBytes(UTF_8));
            message.writeData(out);
            out.write(',');
            if (message.isBinary()) { // text alone does not tell bytes from a string
                out.writeBytes("\"encoding\":\"base64\",".getBytes(UTF_8));
            }
        } else {
            out.writeBytes("\"too_large\":true,".getBytes(UTF_8));
        }
        JsonWriter tail = new JsonWriter().raw("\"seq\":").number(numbers.sequence());
        tail.key("ts").number(numbers.wallMicros());
        tail.key("mono").number(numbers.monoMicros());
        tail.key("from").string(numbers.from());
        out.writeBytes(tail.endObject().toBytes());
    }

    /**
     * The frame.
     *
     * @param isComplete whether the topic has no newer message
     */
    public byte[] end(boolean isComplete) {
        out.writeBytes(("],\"complete\":" + isComplete + "}").getBytes(UTF_8));
        return out.toByteArray();
    }
}
