package io.github.robotstream.internal.transport.frame;

import io.github.robotstream.internal.transport.CloseCode;
import io.github.robotstream.internal.worker.ByteBudget;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts one message together. Its memory grows with what has arrived, to at most twice that or {@value #FIRST_STEP} bytes, whatever
 * length was declared; while the message is incomplete that memory is counted in the {@link ByteBudget}.
 */
public final class MessageAssembly {
    /** The reason of a close when all clients together hold too much. */
    public static final String TOO_MUCH = "overloaded: too many messages half received";

    private static final int FIRST_STEP = 1024;
    private static final byte[] EMPTY = new byte[0];

    private final ByteBudget budget;
    private final Utf8Check utf8 = new Utf8Check();
    private byte[] bytes = EMPTY;
    private boolean binary;
    private int length;
    private int reserved;

    MessageAssembly(ByteBudget budget) {
        this.budget = budget;
    }

    /** Begins a message, of bytes or of text, which has to be UTF-8. */
    void begin(boolean ofBytes) {
        binary = ofBytes;
    }

    boolean isBinary() {
        return binary;
    }

    int length() {
        return length;
    }

    /**
     * Takes the next {@code count} bytes of the message.
     *
     * @param key the mask of their frame, and {@code offset} how much of that frame came before
     * @param limit what the message can grow to at most, as far as is known
     * @param last whether the message ends with these bytes
     */
    void take(ByteBuffer in, int count, int key, int offset, int limit, boolean last) throws ProtocolViolation {
        int end = length + count;
        if (end > bytes.length) {
            grow(last ? end : (int) Math.min(limit, Math.max(FIRST_STEP, 2L * end)), last);
        }
        in.get(bytes, length, count);
        Masking.apply(bytes, length, end, key, offset);
        if (!binary && (!utf8.accept(bytes, length, end) || (last && !utf8.isComplete()))) {
            throw new ProtocolViolation(CloseCode.INVALID_UTF8, "text is not UTF-8");
        }
        length = end;
    }

    /** Hands the whole message out, and is ready for the next one. */
    byte[] finish() {
        byte[] message = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        clear();
        return message;
    }

    /** Drops what it has and gives its memory back to the budget. */
    void clear() {
        budget.release(reserved);
        reserved = 0;
        bytes = EMPTY;
        length = 0;
        utf8.reset();
    }

    private void grow(int capacity, boolean last) throws ProtocolViolation {
        if (!last) {
            // a message that is complete is handed out at once and holds nothing
            if (!budget.tryReserve(capacity - reserved)) {
                throw new ProtocolViolation(CloseCode.OVERLOADED, TOO_MUCH);
            }
            reserved = capacity;
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }
}
