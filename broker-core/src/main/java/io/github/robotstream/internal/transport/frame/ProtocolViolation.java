package io.github.robotstream.internal.transport.frame;

/** The client broke a rule that ends its connection. Has the close code and no stack trace. */
final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    /** @param reason names the rule; goes to the client, and never holds what the client sent */
    ProtocolViolation(int closeCode, String reason) {
        super(reason, null, false, false);
        this.closeCode = closeCode;
    }

    int closeCode() {
        return closeCode;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
