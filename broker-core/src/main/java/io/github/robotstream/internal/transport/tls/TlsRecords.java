package io.github.robotstream.internal.transport.tls;

import io.github.robotstream.internal.worker.ByteBudget;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records in what a client sends (RFC 8446 section 5.1, RFC 5246 section 6.2.1), as the engine wants them whole. Whole ones are
 * not copied. The memory of an incomplete one grows with what has really arrived, to at most twice that, and is held in the
 * {@link ByteBudget}. One thread at a time.
 */
final class TlsRecords {
    /** The largest record there is, with its head: TLS 1.2 allows 2,048 bytes beyond the 16 KiB of content. */
    static final int MAX_BYTES = 5 + 16 * 1024 + 2048;

    private static final int HEAD_BYTES = 5;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int HEARTBEAT = 24;
    private static final int FIRST_STEP = 512;

    private final ByteBudget budget;
    private boolean begun;
    private @Nullable ByteBuffer begin; // of a record, written up to its position

    TlsRecords(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * The next whole record: {@code in} itself when it begins with one, or another buffer that holds it and nothing else; null when it is
     * not here yet, and then {@code in} is empty.
     *
     * @throws SSLException if it is no TLS, or there is no memory for it
     */
    @Nullable
    ByteBuffer next(ByteBuffer in) throws SSLException {
        if (begin == null) {
            checkType(in);
            if (in.remaining() >= HEAD_BYTES && in.remaining() >= length(in, in.position())) {
                begun = true;
                return in;
            }
        }
        while (in.hasRemaining()) {
            int wanted = begin == null || begin.position() < HEAD_BYTES ? HEAD_BYTES : length(begin, 0);
            ByteBuffer record = withRoom();
            int step = Math.min(Math.min(wanted - record.position(), record.remaining()), in.remaining());
            record.put(record.position(), in, in.position(), step).position(record.position() + step);
            in.position(in.position() + step);
            if (record.position() >= HEAD_BYTES && record.position() == length(record, 0)) {
                begun = true;
                clear();
                return record.flip();
            }
        }
        return null;
    }

    /** Forgets what it has and gives its memory back to the budget. */
    void clear() {
        if (begin != null) {
            budget.release(begin.capacity());
            begin = null;
        }
    }

    /** What there is of a record, with room for more of it. */
    private ByteBuffer withRoom() throws SSLException {
        ByteBuffer present = begin;
        if (present != null && present.hasRemaining()) {
            return present;
        }
        int capacity = present == null ? FIRST_STEP : 2 * present.capacity();
        if (!budget.tryReserve(capacity)) {
            throw new NoMemoryException();
        }
        ByteBuffer larger = ByteBuffer.allocate(capacity);
        if (present != null) {
            larger.put(present.flip());
            budget.release(present.capacity());
        }
        begin = larger;
        return larger;
    }

    private void checkType(ByteBuffer in) throws SSLException {
        if (in.hasRemaining()) {
            int type = in.get(in.position()) & 0xff;
            if (begun ? type < CHANGE_CIPHER_SPEC || type > HEARTBEAT : type != HANDSHAKE) {
                throw new NotTlsException(!begun && type >= 'A' && type <= 'Z');
            }
        }
    }

    /** With its head. */
    private static int length(ByteBuffer record, int at) throws SSLException {
        int length = HEAD_BYTES + ((record.get(at + 3) & 0xff) << Byte.SIZE | (record.get(at + 4) & 0xff));
        if (record.get(at + 1) != 3 || length > MAX_BYTES) {
            throw new NotTlsException(false);
        }
        return length;
    }

    /** All clients together have too many records half received. */
    static final class NoMemoryException extends SSLException {
        private static final long serialVersionUID = 1;

        NoMemoryException() {
            super("no memory for records that are half received");
        }
    }

    static final class NotTlsException extends SSLException {
        private static final long serialVersionUID = 1;

        private final boolean http;

        NotTlsException(boolean http) {
            super("the client does not speak TLS");
            this.http = http;
        }

        /** {@return whether it began as a request of HTTP does, with a method in capital letters (RFC 9112 section 3)} */
        boolean isHttp() {
            return http;
        }
    }
}
