package io.github.robotstream.internal.transport.frame;

import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.worker.ByteBudget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns the bytes of one client into messages (RFC 6455 section 5), strictly and within bounds that are checked before anything is
 * allocated. Bytes may come in any pieces. No extensions.
 *
 * <p>A violation ends the decoding with {@link FrameHandler#onViolation}: 1002 for the framing, 1007 for text that
 * is not UTF-8 (noticed at its first wrong byte), 1009 for a message that is too long or in more than {@value #MAX_FRAGMENTS} tiny fragments,
 * 1013 when all clients together hold too much half received.
 *
 * <p>One per connection; not thread-safe.
 */
public final class FrameDecoder {
    /** In one message, beside one for every {@link #BYTES_PER_FRAGMENT} bytes: so few that empty fragments cost little. */
    static final int MAX_FRAGMENTS = 1024;

    private static final int BYTES_PER_FRAGMENT = 64;

    private final int maxMessageBytes;
    private final FrameHandler handler;
    private final MessageAssembly message;
    private final FrameHead head = new FrameHead();

    private boolean inPayload;
    private int payloadLength;
    private int payloadSeen;
    private int fragments; // of the message that is open; 0 between messages
    private byte[] control = {};
    private boolean ended;

    public FrameDecoder(int maxMessageBytes, ByteBudget budget, FrameHandler handler) {
        this.maxMessageBytes = maxMessageBytes;
        this.handler = handler;
        this.message = new MessageAssembly(budget);
    }

    /**
     * Reads until the handler was called once, or the bytes are used up. So the caller can stop between two messages; what is left in the
     * buffer comes with the next call. After a close frame, a violation or {@link #end()} all bytes are dropped.
     *
     * @return whether the handler was called
     */
    public boolean decode(ByteBuffer in) {
        try {
            while (!ended) {
                if (!inPayload && !beginFrame(in)) {
                    return false;
                }
                if (!takePayload(in)) {
                    return false;
                }
                inPayload = false;
                head.next();
                if (head.isControl() || head.fin()) {
                    handOut();
                    return true;
                }
            }
            in.position(in.limit());
            return false;
        } catch (ProtocolViolation violation) {
            end();
            handler.onViolation(violation.closeCode(), violation.reason());
            return true;
        }
    }

    /** Gives the memory of a message half received back to the budget. Nothing is decoded afterwards. Idempotent. */
    public void end() {
        ended = true;
        message.clear();
    }

    private boolean beginFrame(ByteBuffer in) throws ProtocolViolation {
        if (!head.read(in, fragments > 0)) {
            return false;
        }
        if (head.isControl()) {
            control = new byte[(int) head.length()];
        } else {
            if (head.length() > maxMessageBytes - message.length()) {
                throw new ProtocolViolation(
                        CloseCode.MESSAGE_TOO_BIG, "message larger than " + maxMessageBytes + " bytes");
            }
            if (fragments == 0) {
                message.begin(head.opcode() == FrameHead.BINARY);
            }
            if (++fragments > MAX_FRAGMENTS + message.length() / BYTES_PER_FRAGMENT) {
                throw new ProtocolViolation(CloseCode.MESSAGE_TOO_BIG, "message in too many small fragments");
            }
        }
        payloadLength = (int) head.length();
        payloadSeen = 0;
        inPayload = true;
        return true;
    }

    /** Takes what there is of the frame's payload; true when it is complete. */
    private boolean takePayload(ByteBuffer in) throws ProtocolViolation {
        int count = Math.min(in.remaining(), payloadLength - payloadSeen);
        boolean complete = payloadSeen + count == payloadLength;
        if (head.isControl()) {
            in.get(control, payloadSeen, count);
            Masking.apply(control, payloadSeen, payloadSeen + count, head.maskKey(), payloadSeen);
        } else {
            int limit = head.fin() ? message.length() + payloadLength - payloadSeen : maxMessageBytes;
            message.take(in, count, head.maskKey(), payloadSeen, limit, complete && head.fin());
        }
        payloadSeen += count;
        return complete;
    }

    private void handOut() throws ProtocolViolation {
        switch (head.opcode()) {
            case FrameHead.PING -> handler.onPing(control);
            case FrameHead.PONG -> handler.onPong(control);
            case FrameHead.CLOSE -> handOutClose();
            default -> {
                fragments = 0;
                if (message.isBinary()) {
                    handler.onBinary(message.finish());
                } else {
                    handler.onText(message.finish());
                }
            }
        }
    }

    /** RFC 6455 section 5.5.1. */
    private void handOutClose() throws ProtocolViolation {
        if (control.length == 0) {
            end();
            handler.onClose(CloseCode.NO_STATUS, "");
            return;
        }
        if (control.length == 1) {
            throw new ProtocolViolation(CloseCode.PROTOCOL_ERROR, "close frame with half a code");
        }
        int code = ((control[0] & 0xff) << 8) | (control[1] & 0xff);
        if (!CloseCode.isSendable(code)) {
            throw new ProtocolViolation(CloseCode.PROTOCOL_ERROR, "close code " + code + " may not be sent");
        }
        Utf8Check utf8 = new Utf8Check();
        if (!utf8.accept(control, 2, control.length) || !utf8.isComplete()) {
            throw new ProtocolViolation(CloseCode.INVALID_UTF8, "close reason is not UTF-8");
        }
        end();
        handler.onClose(code, new String(Arrays.copyOfRange(control, 2, control.length), StandardCharsets.UTF_8));
    }
}
