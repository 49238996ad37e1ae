package io.github.robotstream.internal.protocol;

/**
 * Turns the text of a frame into the request that it holds. Fields that the broker does not know are passed over; a
 * field that it knows has the right type or the request is rejected.
 *
 * <p>For one thread at a time. What it returns shares nothing with the frame, whose buffer may be used again; nor does it
 * hold on to the frame, which may have a token in it.
 */
public final class RequestDecoder {
    private final RequestFields fields = new RequestFields();

    /**
     * Reads the request of {@code length} bytes at {@code offset}.
     *
     * @throws RequestRejectedException if it is none; its error says what is wrong and answers the request as far as
     *     that could be read
     */
    public Request decode(byte[] frame, int offset, int length) throws RequestRejectedException {
        try {
            fields.read(frame, offset, length);
            return fields.action().read(fields);
        } finally {
            fields.forget();
        }
    }
}
