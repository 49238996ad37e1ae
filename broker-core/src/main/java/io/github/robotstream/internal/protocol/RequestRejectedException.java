package io.github.robotstream.internal.protocol;

/** A frame is no request that the broker takes or does. Clients send such at any rate, so it has no stack trace. */
public final class RequestRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient RequestError error;

    /** A rejection that says so. */
    public RequestRejectedException(RequestError error) {
        super(error.code().word() + ": " + error.message(), null, false, false);
        this.error = error;
    }

    /** {@return one that answers a request} */
    public static RequestRejectedException refused(Request request, ErrorCode code, String message) {
        return new RequestRejectedException(RequestError.answering(request, code, message));
    }

    public RequestError error() {
        return error;
    }
}
