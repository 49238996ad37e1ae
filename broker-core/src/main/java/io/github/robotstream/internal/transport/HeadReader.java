package io.github.robotstream.internal.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Collects the head of a request from bytes that come in any pieces, to the empty line and not a byte further. */
final class HeadReader {
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private int matched; // how much of END the last bytes are

    /** Takes bytes up to the end of the head; true when that is here, or the head is too large already. */
    boolean read(ByteBuffer in) {
        while (in.hasRemaining() && !isComplete() && !isTooLarge()) {
            byte b = in.get();
            head.write(b);
            matched = b == END[matched] ? matched + 1 : b == END[0] ? 1 : 0;
        }
        return isComplete() || isTooLarge();
    }

    boolean isTooLarge() {
        return head.size() >= RequestHead.MAX_BYTES && !isComplete();
    }

    byte[] bytes() {
        return head.toByteArray();
    }

    private boolean isComplete() {
        return matched == END.length;
    }
}
