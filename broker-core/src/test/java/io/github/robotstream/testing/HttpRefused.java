package io.github.robotstream.testing;

import java.io.IOException;

/** The server has answered a client's opening handshake with something else than 101. */
public final class HttpRefused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpRefused(String head) {
        super(head.lines().findFirst().orElseThrow());
        this.status = Integer.parseInt(head.split(" ", 3)[1]);
    }

    public int status() {
        return status;
    }
}
