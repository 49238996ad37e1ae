package io.github.robotstream.examples;

import java.io.IOException;

/** The other side ended the connection. */
final class ConnectionClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * An end with its close code.
     *
     * @param code RFC 6455 section 7.4; 1006 where the connection broke without one
     * @param reason what the other side said, perhaps nothing
     */
    ConnectionClosedException(int code, String reason) {
        super("closed " + code + (reason.isEmpty() ? "" : " " + reason));
        this.code = code;
    }

    int code() {
        return code;
    }
}
