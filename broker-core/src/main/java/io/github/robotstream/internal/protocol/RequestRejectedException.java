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

    public RequestError error() {
        return error;
    }
}
